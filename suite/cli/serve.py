"""The dashboard, as a process of its own."""

import os
import sys
from typing import Annotated

import typer

from suite.cli.arguments import RUNS, Runs


def dashboard(
    runs: Runs = RUNS,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = 8501,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Serve the dashboard on this machine."""
    where = ["--port", str(port), "--host", host, "--runs", str(runs), "--browser" if browser else "--no-browser"]
    os.execv(sys.executable, [sys.executable, "-m", "dashboard", *where])
