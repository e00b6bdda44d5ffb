"""The server's command line: how Streamlit is started so that it is private, quiet and looks like ours."""

import socket
import sys
from pathlib import Path

from dashboard import theme

APP = Path(__file__).with_name("asgi.py")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def command(port: int, host: str = "127.0.0.1", runs: Path | str = "runs", *, browser: bool = False) -> list[str]:
    """The command that serves the store at `runs`, from whatever folder it is started in.

    Reached by its loopback name only, unless `host` opens it to others, so that no web page can reach it
    under a name of its own.
    """
    settings = {
        "server.address": host,
        "server.port": str(port),
        "server.headless": _word(not browser),
        "server.showEmailPrompt": "false",
        "server.enableXsrfProtection": "true",
        "server.enableCORS": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": "false",
        "client.toolbarMode": "viewer",
        **theme.options(),
    }
    names = LOOPBACK if host in LOOPBACK else ()
    return [
        *(sys.executable, "-m", "streamlit", "run", str(APP)),
        *(f"--{name}={value}" for name, value in settings.items()),
        *(f"--server.allowedHosts={name}" for name in names),
        *("--", f"--runs={Path(runs).absolute()}"),
    ]


def free_port(host: str = "127.0.0.1", wanted: int = 0) -> int:
    """The wanted port, or for 0 any, that nobody listens on now. Raises OSError if it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tried.bind((host, wanted))
        return int(tried.getsockname()[1])


def _word(truth: bool) -> str:
    return "true" if truth else "false"
