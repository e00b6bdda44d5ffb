"""`python -m dashboard`: become the server of the dashboard. `wonderland dashboard` calls this."""

import argparse
import os
import sys
from pathlib import Path

from dashboard.server import command, free_port

PORT_TAKEN = 4  # the exit code of `wonderland` for a port, a disk or a permission


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m dashboard")
    options.add_argument("--port", type=int, default=8501)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--runs", type=Path, default=Path("runs"))
    options.add_argument("--browser", action=argparse.BooleanOptionalAction, default=True)
    given = options.parse_args()
    try:
        port = free_port(given.host, given.port)
    except OSError as error:
        print(f"wonderland: {given.host}:{given.port}: {error.strerror}; --port 0 takes a free port", file=sys.stderr)
        raise SystemExit(PORT_TAKEN) from None
    print(f"http://{given.host}:{port}", flush=True)
    os.dup2(2, 1)  # standard output was for the address; what the server has to say is talk
    server = command(port, given.host, given.runs, browser=given.browser)
    os.execv(server[0], server)


if __name__ == "__main__":
    main()
