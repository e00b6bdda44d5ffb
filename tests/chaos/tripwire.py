"""A tripwire: counts the system calls that a sweep makes in its store, and does harm at one of them.

kill    SIGKILL before the call
half    SIGKILL in the middle of it: after half of a write, else after the call
power   as `half`, and what was not forced to disk by then is not there any more: the tails of files,
        new files, and new names
EIO, ENOSPC, EDQUOT, EROFS, EMFILE   the call fails; a write after it has taken half
"""

import contextlib
import errno
import os
import random
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BY_PATH = ("open", "replace", "mkdir", "unlink")
BY_FILE = ("write", "pwrite", "fsync", "ftruncate")


@dataclass
class Power:
    """What a power cut would take along: how far each file was forced to disk, and how to undo each new name."""

    forced: dict[str, int] = field(default_factory=dict)
    names: dict[str, list[Callable[[], None]]] = field(default_factory=dict)  # by folder

    def cut(self, chance: random.Random) -> None:
        for path, size in self.forced.items():
            if Path(path).is_file():
                os.truncate(path, chance.randint(size, max(size, Path(path).stat().st_size)))
        for undo in (undo for undos in self.names.values() for undo in reversed(undos)):
            undo()


class Tripwire:
    """Wraps the functions of `os` in this process, for paths below `root`."""

    def __init__(self, root: Path, at: int, how: str, seed: int = 0) -> None:
        self.root, self.at, self.how, self.calls = str(root), at, how, 0
        self.files: dict[int, str] = {}
        self.power, self.chance = Power(), random.Random(seed)
        self.real: dict[str, Callable[..., Any]] = {name: getattr(os, name) for name in (*BY_PATH, *BY_FILE, "close")}
        for name in BY_PATH:
            setattr(os, name, self._by_path(name))
        for name in BY_FILE:
            setattr(os, name, self._by_file(name))
        os.close = self._close  # type: ignore[assignment]

    def _by_path(self, name: str) -> Callable[..., Any]:
        def call(path: Any, *rest: Any, **named: Any) -> Any:
            if not str(path).startswith(self.root):
                return self.real[name](path, *rest, **named)
            undo = self._undo(name, str(path), rest)
            done = self._reach(name, path, *rest, **named)
            if name == "open":
                self.files[done] = str(path)
                self.power.forced.setdefault(str(path), 0 if undo else _size(str(path)))
            if name == "replace":
                self.power.forced[str(rest[0])] = self.power.forced.pop(str(path), 0)
            if undo:
                self.power.names.setdefault(str(Path(path).parent), []).append(undo)
            return done

        return call

    def _by_file(self, name: str) -> Callable[..., Any]:
        def call(file: Any, *rest: Any) -> Any:
            if file not in self.files:
                return self.real[name](file, *rest)
            done = self._reach(name, file, *rest)
            if name == "fsync":
                self.power.forced[self.files[file]] = _size(self.files[file])
                self.power.names.pop(self.files[file], None)
            return done

        return call

    def _reach(self, name: str, *given: Any, **named: Any) -> Any:
        self.calls += 1
        if self.calls != self.at:
            return self.real[name](*given, **named)
        if self.how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        half = [given[0], memoryview(given[1])[: len(given[1]) // 2], *given[2:]] if "write" in name else None
        if self.how in ("half", "power"):
            with contextlib.suppress(OSError):
                self.real[name](*(half or given), **named)
            if self.how == "power":
                self.power.cut(self.chance)
            os.kill(os.getpid(), signal.SIGKILL)
        if half and len(given[1]) > 1:
            self.at += 1  # the rest of it fails
            return self.real[name](*half)
        number = getattr(errno, self.how)
        raise OSError(number, os.strerror(number), *([str(given[0])] if name in BY_PATH else []))

    def _close(self, file: int) -> None:
        self.files.pop(file, None)
        self.real["close"](file)

    def _undo(self, name: str, path: str, rest: tuple[Any, ...]) -> Callable[[], None] | None:
        """How to take back the new name that a call is about to make."""
        if name == "mkdir" and not Path(path).exists():
            return lambda: shutil.rmtree(path, ignore_errors=True)
        if name == "open" and rest[0] & os.O_CREAT and not Path(path).exists():
            return lambda: Path(path).unlink(missing_ok=True)
        if name == "replace":
            target = Path(rest[0])
            before = target.read_bytes() if target.exists() else None
            return lambda: target.unlink(missing_ok=True) if before is None else _restore(target, before)
        return None


def _restore(path: Path, content: bytes) -> None:
    if path.parent.exists():
        path.write_bytes(content)


def _size(path: str) -> int:
    return Path(path).stat().st_size if Path(path).is_file() else 0
