"""What a container runs that is a client of MLflow: puts its account where MLflow looks, then becomes the command."""

import os
import sys
from pathlib import Path

from suite.service import secrets
from suite.service.tracking_server import SWEEPER


def main(command: list[str]) -> None:
    secrets.private(Path.home() / ".mlflow" / "credentials", credentials(secrets.read("mlflow_sweeper_password")))
    os.execvp(command[0], command)


def credentials(password: str) -> str:
    """The account in the form in which MLflow's client looks for it."""
    return f"[mlflow]\nmlflow_tracking_username = {SWEEPER}\nmlflow_tracking_password = {password}\n"


if __name__ == "__main__":
    main(sys.argv[1:])
