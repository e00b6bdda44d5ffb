"""The service's secrets: which there are, made at random and kept in private files for compose to hand out."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from suite.disk import replace_file

BYTES = 32
SHORTEST = 16  # characters; some are given to us, such as the key of somebody else's S3
OURS = 10001  # the user of the image, for whom root makes the files; anybody else runs the containers as themselves
NAMES = (
    "ray_token",
    "postgres_password",
    "mlflow_database_password",
    "mlflow_accounts_password",
    "mlflow_admin_password",
    "mlflow_sweeper_password",
    "mlflow_session_key",
    "s3_key",
    "s3_secret",
)
LASTING = ("postgres_password",)  # Postgres is told when it is made, and never again
FOLDER, ENVIRONMENT = "secrets", ".env"
OWNER = ("WONDERLAND_UID", "WONDERLAND_GID")
HANDED_OUT = Path("/run/secrets")  # where a container finds those it is given


class BadSecrets(Exception):
    """Secrets that are missing, or that others can read."""

    exit_code = 4


@dataclass(frozen=True)
class Made:
    """The secrets that were written, and those that were there."""

    written: tuple[str, ...]
    kept: tuple[str, ...]


def make(folder: Path, *, rotate: bool = False) -> Made:
    """Write the secrets that are missing, or for `rotate` all that can change, and who runs the containers.

    A file that nobody else may read, in a folder that nobody else may enter, which git ignores.
    """
    place, owner = folder / FOLDER, _owner()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.chmod(0o700)
    _give(place, owner)
    replace_file(place / ".gitignore", b"*\n")
    written = tuple(n for n in NAMES if not (place / n).exists() or (rotate and n not in LASTING))
    for name in written:
        replace_file(place / name, secrets.token_hex(BYTES).encode())
        _give(place / name, owner)
    _say_owner(folder / ENVIRONMENT, owner)
    return Made(written, tuple(name for name in NAMES if name not in written))


def problems(folder: Path) -> list[str]:
    """What is wrong with the secrets in that folder, a sentence each."""
    owner = environment(folder / ENVIRONMENT)
    found = [f"{folder / ENVIRONMENT} does not set {name}" for name in OWNER if not owner.get(name, "").isdecimal()]
    for name in NAMES:
        path = folder / FOLDER / name
        try:
            status, length = path.stat(), len(path.read_text().strip())
        except OSError as error:
            found.append(f"{path} cannot be read: {error.strerror}")
            continue
        if status.st_mode & 0o077:
            found.append(f"{path} can be read by others; say: chmod 600 {path}")
        if length < SHORTEST:
            found.append(f"{path} holds {length} characters, fewer than {SHORTEST}")
        if str(status.st_uid) != owner.get(OWNER[0], str(status.st_uid)):
            found.append(f"{path} belongs to user {status.st_uid}, but containers run as {owner[OWNER[0]]}")
    return found


def read(name: str) -> str:
    """A secret that this container was given."""
    return (HANDED_OUT / name).read_text().strip()


def private(path: Path, text: str) -> Path:
    """A file that only we can read, for programs that want a secret in a form of their own."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_file(path, text.encode())
    return path


def environment(path: Path) -> dict[str, str]:
    """What compose's file of settings sets."""
    if not path.is_file():
        return {}
    pairs = [line.partition("=") for line in path.read_text().splitlines() if not line.lstrip().startswith("#")]
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}


def _owner() -> tuple[int, int]:
    return (os.getuid(), os.getgid()) if os.getuid() else (OURS, OURS)


def _give(path: Path, owner: tuple[int, int]) -> None:
    if os.getuid() == 0:
        os.chown(path, *owner)


def _say_owner(path: Path, owner: tuple[int, int]) -> None:
    """Add who runs the containers to the settings, unless they say so already."""
    already = environment(path)
    missing = [f"{name}={id}\n" for name, id in zip(OWNER, owner, strict=True) if name not in already]
    if missing:
        before = path.read_text() if path.is_file() else ""
        replace_file(path, (before + "\n" * (before[-1:] not in ("", "\n")) + "".join(missing)).encode())
