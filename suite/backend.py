"""The engine as its supervisor sees it: a process that is given an order and says lines."""

import os
import queue
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from suite.process import end_descendants
from suite.protocol import Order

ENVIRONMENT = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # else an embedded Ray listens on all interfaces
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "OMP_NUM_THREADS": "1",  # read when torch is imported; two threads on one core only wait
    "MKL_NUM_THREADS": "1",
}
MOST_LINES = 64  # taken at once, and so written to disk at once


class Engine:
    """A running engine: the module of that name. Its Ray starts at once; `order` says what to do with it, once."""

    def __init__(self, module: str, slots: int, log: Path) -> None:
        self._folder = tempfile.mkdtemp(prefix="wl-")
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, str(slots), self._folder],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=os.environ | ENVIRONMENT | {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)},
                start_new_session=True,  # Ctrl-C is for the supervisor, who knows what to do with it
            )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def order(self, order: Order) -> None:
        # In a thread, because a long order fills the pipe until Ray is up and the engine reads it.
        threading.Thread(target=self._say, args=(order.model_dump_json(),), daemon=True).start()

    def stop(self) -> None:
        """Ask it to begin no more trials."""
        self._say("stop")

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

    def end(self, *, spare: int | None = None) -> None:
        """Kill it, and all that Ray started; the process `spare` is not part of it."""
        self._process.kill()
        self._process.wait(timeout=5.0)
        end_descendants(spare=spare)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        try:
            print(line, file=self._process.stdin, flush=True)
        except BrokenPipeError:
            return  # it is gone, which `is_lost` tells

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))
