"""Checkpoints: a long trial's state on disk, so that a killed trial goes on where it stood, with the same bits.

A file is the SHA-256 of the rest, then what `torch.save` writes. It is loaded with `weights_only`, so that a
file can hold numbers and nothing that runs.
"""

import contextlib
import hashlib
import io
import os
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

import torch

EVERY = 60.0  # seconds of training between two checkpoints; a trial that is shorter writes none
SUFFIX = ".checkpoint"
DIGEST = 64


class Keeper:
    """Keeps the state of one trial at `path`; keeps nothing if that is None."""

    def __init__(self, path: Path | None, *, every: float = EVERY) -> None:
        self._path, self._every = path, every
        self._saved = time.monotonic()

    def restore(self) -> dict[str, Any] | None:
        """The state that was saved last, or None if there is none or it is damaged."""
        if self._path is None:
            return None
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return None
        digest, state = data[:DIGEST], data[DIGEST:]
        if digest != _digest(state):
            return None
        loaded: dict[str, Any] = torch.load(io.BytesIO(state), weights_only=True)
        return loaded

    @property
    def is_due(self) -> bool:
        return self._path is not None and time.monotonic() - self._saved >= self._every

    def save(self, state: dict[str, Any]) -> None:
        """Replace what was saved before; a reader sees the old state or the new one, whole.

        A disk that takes no more is no reason to end a trial, which can go on without.
        """
        self._saved = time.monotonic()
        with contextlib.suppress(OSError):
            self._write(state)

    def _write(self, state: dict[str, Any]) -> None:
        assert self._path is not None
        buffer = io.BytesIO()
        torch.save(state, buffer)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        with new.open("wb") as file:
            file.write(_digest(buffer.getvalue()))
            file.write(buffer.getvalue())
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)

    def discard(self) -> None:
        """The trial is answered."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)


def path(folder: Path, trial: str, answered_by: str) -> Path:
    """Where a trial's state is kept; state of other code, data or numerics has another name."""
    return folder / f"{trial}-{answered_by}{SUFFIX}"


def clear(folder: Path, keep: Collection[str]) -> None:
    """Remove what is left of trials that are not in `keep`."""
    for file in folder.glob(f"*{SUFFIX}*"):
        if file.name.lstrip(".").partition("-")[0] not in keep:
            file.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder.rmdir()


def _digest(state: bytes) -> bytes:
    return hashlib.sha256(state).hexdigest().encode()
