"""The service's secrets, which must be there before compose starts it."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Option("--dir", help="The folder of docker-compose.yml.")]

app = typer.Typer(no_args_is_help=True, help="Prepare the service of docker-compose.yml, and check its secrets.")


@app.command()
def init(
    folder: Folder = Path(),
    rotate: Annotated[bool, typer.Option("--rotate", help="Make new secrets instead of those that are there.")] = False,
) -> None:
    """Write random secrets where they are missing. The same call again changes nothing."""
    from suite.display import commands, console
    from suite.service import secrets

    made = secrets.make(folder, rotate=rotate)
    out = console()
    out.print(
        f"{len(made.written)} secrets written to {folder / secrets.FOLDER}, {len(made.kept)} kept", soft_wrap=True
    )
    recreate = ["--force-recreate"] if rotate else []
    commands([" ".join(["docker", "compose", "up", "--detach", *recreate]), "docker compose run --rm sweep first"])


@app.command()
def check(folder: Folder = Path()) -> None:
    """Say whether all secrets are there and nobody else can read them; exit code 4 if not."""
    from suite.display import console
    from suite.service import secrets

    found = secrets.problems(folder)
    if found:
        raise secrets.BadSecrets("; ".join(found) + "; wonderland service init writes what is missing")
    console().print(f"{len(secrets.NAMES)} secrets are there, and only user {_user(folder)} reads them", soft_wrap=True)


def _user(folder: Path) -> str:
    from suite.service import secrets

    return secrets.environment(folder / secrets.ENVIRONMENT)[secrets.OWNER[0]]
