"""The engine as its supervisor sees it: a process that is given an order and says lines."""

import contextlib
import os
import queue
import secrets
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from suite import child, disk
from suite.process import end_descendants
from suite.protocol import EMBEDDED, LOCAL, LOOPBACK, NO_ACCELERATOR, THREADS, Order, Place, plain

ENVIRONMENT = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # else an embedded Ray listens on all interfaces
    "GLOO_SOCKET_IFNAME": LOOPBACK,  # and so would the processes of a group
    "RAY_USAGE_STATS_ENABLED": "0",
    **NO_ACCELERATOR,
    **THREADS,
}
MOST_LINES = 64  # taken at once, and so written to disk at once; a trial has two or three
MOST_WAITING = 32  # lines that it may be ahead of us: what is not on disk yet is run again if we are killed
PIPE = 2**14  # bytes in the pipe, for the same reason
LONGEST = 2**20  # characters in a line; a record has a few thousand


class Engine:
    """A running engine: the module of that name. Its Ray starts at once; `order` says what to do with it, once."""

    def __init__(self, module: str, slots: int, log: Path, place: Place) -> None:
        # Made by the engine, which removes it when we are killed; here only named, so that nothing can stay.
        self._folder = str(Path(tempfile.gettempdir()) / f"wl-{secrets.token_hex(4)}")
        where = [] if place == EMBEDDED else [place.model_dump_json()]
        with disk.log(log) as errors:
            self._process = subprocess.Popen(
                child.command(module, str(slots), self._folder, *where),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                pipesize=PIPE,
                encoding="utf-8",
                errors="replace",
                env=_environment(place),
                start_new_session=True,  # Ctrl-C is for the supervisor, who knows what to do with it
            )
        self._words: queue.Queue[Iterable[str]] = queue.Queue()
        self._lines: queue.Queue[str] = queue.Queue(MOST_WAITING)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        threading.Thread(target=self._write, daemon=True).start()

    def order(self, order: Order) -> None:
        self._words.put(order.lines())

    def stop(self) -> None:
        """Ask it to begin no more trials."""
        self._words.put(["stop"])

    def lines(self, wait: float) -> list[str]:
        """What it has said, waiting at most `wait` seconds for the first line."""
        try:
            heard = [self._lines.get(timeout=wait)]
        except queue.Empty:
            return []
        while len(heard) < MOST_LINES and not self._lines.empty():
            heard.append(self._lines.get_nowait())
        return heard

    @property
    def is_lost(self) -> bool:
        """Whether it has ended and all it said has been taken."""
        return not self._reader.is_alive() and self._lines.empty()

    def finish(self, within: float) -> None:
        """Let it clear up what it left on other machines, and end."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=within)

    def end(self, *, spare: int | None = None) -> None:
        """Kill it, and all that Ray started; the process `spare` is not part of it."""
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):  # giving back gigabytes takes the system a while
            self._process.wait(timeout=5.0)
        end_descendants(spare=spare)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write(self) -> None:
        """Say what there is to say; in a thread, because a pipe that nobody reads blocks its writer for good."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it is gone, which `is_lost` tells
            while True:
                for line in self._words.get():
                    print(line, file=self._process.stdin, flush=True)

    def _read(self) -> None:
        for line in self._heard():
            self._lines.put(line)

    def _heard(self) -> Iterator[str]:
        """Whole lines; one that is too long comes in pieces, and one that its end cut short not at all."""
        assert self._process.stdout is not None
        while line := self._process.stdout.readline(LONGEST):
            if line.endswith("\n") or len(line) == LONGEST:
                yield line.rstrip("\n")


def _environment(place: Place) -> dict[str, str]:
    """Ours, and what an embedded Ray of our own needs; of a cluster, the way in (RAY_AUTH_MODE, ...) is in ours."""
    if place.ray != LOCAL:
        return plain(os.environ) | THREADS | {"RAY_USAGE_STATS_ENABLED": "0"}
    own = {name: value for name, value in ENVIRONMENT.items() if not (place.gpus and name in NO_ACCELERATOR)}
    return plain(os.environ) | own | {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
