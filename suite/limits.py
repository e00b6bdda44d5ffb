"""Limits: when a sweep stops by itself before all is answered."""

import time
from dataclasses import dataclass, field
from math import ceil, inf
from typing import Self

from suite.record import Record

RESULTS = ("finished", "diverged")  # a network that diverges says something of its arm, all else of what runs it


@dataclass
class Limits:
    """Seconds since `began`, and how many trials may be lost, or which share of those to be run.

    Told of every new record. A command that sweeps in stages has one for all of them.
    """

    seconds: float = inf
    most_lost: int | None = None
    share_lost: float | None = None
    began: float = field(default_factory=time.monotonic)
    lost: int = 0

    @classmethod
    def given(cls, hours: float | None, fail_fast: str | None) -> Self:
        """As people say it: hours, and a number of trials, 3, or a share of them, 5%. Raises ValueError."""
        seconds = inf if hours is None else hours * 3600
        if fail_fast is None:
            return cls(seconds)
        number = fail_fast.removesuffix("%")
        if fail_fast.isdecimal() and int(fail_fast) > 0:
            return cls(seconds, most_lost=int(fail_fast))
        if number != fail_fast and number.replace(".", "", 1).isdecimal() and 0 < float(number) <= 100:
            return cls(seconds, share_lost=float(number) / 100)
        raise ValueError(f"{fail_fast!r} is neither a number of trials, as 3, nor a share of those to be run, as 5%")

    def note(self, record: Record) -> None:
        self.lost += record.outcome not in RESULTS

    def reached(self, asked: int) -> str:
        """Why to stop, of so many trials to be run; "" while there is no reason."""
        if time.monotonic() - self.began >= self.seconds:
            return f"its {self.seconds / 3600:g} h are over"
        most = self.most_lost if self.share_lost is None else ceil(self.share_lost * asked)
        if most is not None and self.lost >= max(1, most):
            return f"{self.lost} {'trial was' if self.lost == 1 else 'trials were'} lost"
        return ""
