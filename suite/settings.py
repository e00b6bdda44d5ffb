"""How a sweep runs, none of which changes a score."""

from dataclasses import dataclass, field

from suite.limits import Limits
from suite.protocol import EMBEDDED, Place


@dataclass(frozen=True)
class Settings:
    """How to run, none of which changes a score.

    `given` is how a person names the study, `deadline` is in seconds per trial, `retry` runs crashed trials
    again, up to `fused` trials that allow it are trained together, and `engine` is the module that speaks
    suite/protocol.py. `place` says where trials run; 0 slots are as many as there is room for. `limits` say when
    it stops by itself.
    """

    slots: int
    given: str = ""
    deadline: float = 3600.0
    retry: bool = False
    mirror: bool = True
    fused: int = 1
    engine: str = "suite.engine"
    place: Place = EMBEDDED
    limits: Limits = field(default_factory=Limits)
