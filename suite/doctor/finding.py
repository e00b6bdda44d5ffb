"""What the doctor finds of one thing."""

from typing import Literal, NamedTuple

State = Literal["well", "note", "ill"]


class Finding(NamedTuple):
    """`fix` is a command, or what to do, for what is ill."""

    name: str
    state: State
    says: str
    fix: str = ""
