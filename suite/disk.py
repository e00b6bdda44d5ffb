"""The disk: writing that a crash, a power cut or a full disk cannot leave half done, and what room there is."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

LOW_WATER = 50 * 2**20  # bytes that must be free to begin a sweep; a thousand records take about two million
FEWEST_FILES = 100  # that it must be possible to make


def require_room(folder: Path) -> None:
    """Raise OSError where the disk is so full that a sweep would not get far."""
    disk = os.statvfs(folder)
    if disk.f_bavail * disk.f_frsize < LOW_WATER:
        raise OSError(errno.ENOSPC, f"a sweep needs {LOW_WATER >> 20} MiB of free disk to begin", str(folder))
    if disk.f_files and disk.f_favail < FEWEST_FILES:  # some file systems count none
        message = f"a sweep needs room for {FEWEST_FILES} more files, and there is room for {disk.f_favail}"
        raise OSError(errno.ENOSPC, message, str(folder))


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, and force their names to disk."""
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    if not new:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for path in new:
        force_folder(path.parent)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that readers see the old one or the new one, whole, whatever happens. For one writer at a time.

    Its name until then is always the same, so that killed writers do not leave more and more files.
    """
    make_folder(path.parent)
    new = path.with_name(f".{path.name}.new")
    file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with named(new):
            write(file, content)
            os.fsync(file)
    finally:
        os.close(file)
    new.replace(path)
    force_folder(path.parent)


def log(path: Path) -> BinaryIO:
    """A file to add to. It must not be a link, which could lead out of the store."""
    return open(path, "ab", opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW, 0o600))


def append(path: Path, lines: bytes, *, mode: int) -> None:
    """Add whole lines to a file that others may add to at once, and force them to disk.

    A line that somebody was killed over is left as it is; what is added begins on a new one.
    """
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, mode)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        with named(path):
            write(file, _ending(file) + lines)
            os.fsync(file)
    finally:
        os.close(file)


def _ending(file: int) -> bytes:
    """What ends the line that a killed writer has left open."""
    size = os.fstat(file).st_size
    return b"" if size == 0 or os.pread(file, 1, size - 1) == b"\n" else b"\n"


def write(file: int, data: bytes) -> None:
    """Write all of it; the system may take less than it was given, as on a disk that is nearly full."""
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def force(path: Path) -> None:
    """Force a file's content to disk, whoever wrote it."""
    _force(path, 0)


def force_folder(folder: Path) -> None:
    """Force a folder's list of files to disk: a new or renamed file is not safe before that."""
    _force(folder, os.O_DIRECTORY)


def _force(path: Path, flags: int) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | flags)
    try:
        with named(path):
            os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Let the system's errors inside say which file they are about, which they do not for an open file."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise
