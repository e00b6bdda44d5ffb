"""`python -m dashboard`: serve the dashboard until it is stopped. `wonderland dashboard` calls this."""

import argparse
import subprocess
import sys
from pathlib import Path

from dashboard.server import command, free_port


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m dashboard")
    options.add_argument("--port", type=int, default=8501)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--runs", type=Path, default=Path("runs"))
    options.add_argument("--browser", action=argparse.BooleanOptionalAction, default=True)
    given = options.parse_args()
    port = given.port or free_port(given.host)
    print(f"http://{given.host}:{port}", flush=True)
    with subprocess.Popen(command(port, given.host, given.runs, browser=given.browser), stdout=sys.stderr) as server:
        try:
            return server.wait()
        except KeyboardInterrupt:
            return server.wait()  # it was interrupted too, and ends by itself


if __name__ == "__main__":
    raise SystemExit(main())
