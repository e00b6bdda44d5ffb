"""The dashboard, as a process of its own."""

import os
import socket
import sys
from typing import Annotated

import typer

from suite import document
from suite.cli.arguments import RUNS, Json, Runs


def dashboard(
    runs: Runs = RUNS,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = 8501,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    as_json: Json = False,
) -> None:
    """Serve the dashboard on this machine."""
    if as_json:
        port = port or _free(host)
        document.show({"url": f"http://{host}:{port}"})
        sys.stdout.flush()
        os.dup2(2, 1)  # the document was all that goes to standard output
    where = ["--port", str(port), "--host", host, "--runs", str(runs), "--browser" if browser else "--no-browser"]
    os.execv(sys.executable, [sys.executable, "-m", "dashboard", *where])


def _free(host: str) -> int:
    """A port that nobody listens on now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as tried:
        tried.bind((host, 0))
        return int(tried.getsockname()[1])
