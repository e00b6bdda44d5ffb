"""The manifest: a SHA-256 of every file of a bundle, and what is wrong with a folder that does not fit it."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pydantic import Field, ValidationError

from suite.store import StoreError
from suite.trial import Plain

MANIFEST = "manifest.json"
SCHEMA = 1


class File(Plain):
    sha256: str
    bytes: int


class Manifest(Plain):
    """What a bundle holds. `analysis` is a hash of the code that computed its tables, `made` ISO 8601 in UTC."""

    schema_version: int = SCHEMA
    study: str
    made: str
    wonderland: str
    commit: str | None = None
    analysis: str = ""
    files: dict[str, File] = Field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """What is wrong with one file of a bundle."""

    file: str
    what: str


def described(folder: Path, manifest: Manifest) -> Manifest:
    """The manifest with every file that the folder holds now."""
    files = {name: _file(folder / name) for name in there(folder)}
    return manifest.model_copy(update={"files": files})


def write(folder: Path, manifest: Manifest) -> None:
    (folder / MANIFEST).write_text(json.dumps(manifest.model_dump(), indent=1, ensure_ascii=False) + "\n", "utf-8")


def read(folder: Path) -> Manifest:
    """The manifest of a bundle. Raises StoreError where there is none that can be read."""
    path = folder / MANIFEST
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise StoreError(f"{folder} is no bundle: it has no {MANIFEST}") from None
    except ValidationError as error:
        raise StoreError(f"{path} is damaged: {error.errors()[0]['msg']}") from None
    if manifest.schema_version > SCHEMA:
        raise StoreError(f"{path} is of a later Wonderland (format {manifest.schema_version}); update Wonderland")
    outside = [name for name in manifest.files if not _is_inside(name)]
    if outside:
        raise StoreError(f"{path} names {outside[0]!r}, which is not inside the bundle")
    return manifest


def digest(folder: Path) -> str:
    """The digest of the manifest itself, by which two people can tell that they have the same bundle."""
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def faults(folder: Path, manifest: Manifest, only: Iterable[str] | None = None) -> Iterator[Fault]:
    """What differs from the manifest: in all files, or in some."""
    for name, expected in manifest.files.items():
        if only is None or name in only:
            yield from _faults(folder, name, expected)
    if only is None:
        yield from (Fault(name, "is not in the manifest") for name in there(folder) if name not in manifest.files)


def require(folder: Path, names: Iterable[str]) -> None:
    """Raise StoreError unless these files are there and as the manifest says."""
    manifest, wanted = read(folder), tuple(names)
    absent = [Fault(name, "is not in the manifest") for name in wanted if name not in manifest.files]
    found = [*absent, *faults(folder, manifest, wanted)]
    if found:
        raise StoreError(f"{folder / found[0].file} {found[0].what}; see what else: wonderland verify {folder}")


def there(folder: Path) -> list[str]:
    """The names of all files but the manifest, links included, in order."""
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted(name for path in found if (name := path.relative_to(folder).as_posix()) != MANIFEST)


def _faults(folder: Path, name: str, expected: File) -> Iterator[Fault]:
    path = folder / name
    if any(part.is_symlink() for part in (path, *path.parents) if part != folder and folder in part.parents):
        yield Fault(name, "is a link, which may lead anywhere")
    elif not path.is_file():
        yield Fault(name, "is missing")
    else:
        found = _file(path)
        if found.bytes != expected.bytes:
            yield Fault(name, f"has {found.bytes:,} bytes, not {expected.bytes:,}")
        elif found.sha256 != expected.sha256:
            yield Fault(name, f"has SHA-256 {found.sha256[:16]}..., not {expected.sha256[:16]}...")


def _file(path: Path) -> File:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return File(sha256=sha256, bytes=path.stat().st_size)


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\x00" not in name
