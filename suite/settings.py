"""How a sweep runs."""

from dataclasses import dataclass, field

from suite.limits import Limits
from suite.protocol import EMBEDDED, Place

DEADLINE = 3600.0  # seconds


@dataclass(frozen=True)
class Settings:
    """How to run. Where a trial ends with a score, none of it changes that score.

    `given` is how a person names the study. `deadline` is in seconds per trial, and one that timed out is run again
    by itself when it is longer than before. `retry` runs again what crashed, timed out or ran out of memory. Up to
    `fused` trials that allow it are trained together, and `engine` is the module that speaks suite/protocol.py.
    `place` says where trials run; 0 slots are as many as there is room for. `limits` say when it stops by itself.
    """

    slots: int
    given: str = ""
    deadline: float = DEADLINE
    retry: bool = False
    mirror: bool = True
    fused: int = 1
    engine: str = "suite.engine"
    place: Place = EMBEDDED
    limits: Limits = field(default_factory=Limits)
