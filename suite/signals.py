"""Ctrl-C and `kill`: the first asks a sweep to stop in order, the second to stop at once."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType


class Interrupted(Exception):
    """Told to stop at once: by a second signal, or by one while no trial runs."""

    def __init__(self, number: int) -> None:
        super().__init__("stopped at once; what was finished is kept, and the same command resumes")
        self.exit_code = 128 + number


@dataclass
class Signals:
    """Those that came in. While `patient`, the first one is only noted; another one raises Interrupted, once."""

    received: list[int] = field(default_factory=list)
    patient: bool = False
    deaf: bool = False
    ended: bool = False

    def note(self, number: int, _: FrameType | None) -> None:
        self.received.append(number)
        if self.deaf or (self.patient and len(self.received) == 1):
            return
        self.deaf = self.ended = True  # what cleans up must not be interrupted
        raise Interrupted(number)


@contextmanager
def heard() -> Iterator[Signals]:
    """SIGINT and SIGTERM are noted inside, instead of what they do otherwise.

    Once they have ended it, more of them change nothing, also while the process says so and exits.
    """
    signals = Signals()
    before = {number: signal.signal(number, signals.note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if signals.ended else handler)
