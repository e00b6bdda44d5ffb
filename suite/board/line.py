"""The lines of leaderboard.jsonl. Each is one JSON object, and says which kind of line it is.

A record's manifest is a hash of all that it says: what was asked, what came out, what it took, and what gave it.
"""

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from suite.board.facts import Facts
from suite.record import Record
from suite.reproduction.kept import Kept
from suite.trial import Plain, canonical

Role = Literal["score", "tuning", "variant"]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


class Stamp(Plain):
    """For which version of the board a line was published, when (ISO 8601, UTC), and by whom."""

    board: str
    at: str
    by: str


def stamped(facts: Facts, by: str) -> Stamp:
    """Now."""
    return Stamp(board=facts.version, at=datetime.now(UTC).isoformat(timespec="seconds"), by=by)


class Line(Plain):
    """What every line has."""

    stamp: Stamp


class Opening(Line):
    """A version of the board begins: the facts that its version is a hash of."""

    line: Literal["opening"] = "opening"
    facts: Facts


class Entry(Line):
    """Somebody enters: under which name, with which architecture, and what that accepts and ignores.

    `variants` counts the forms of it, by its code, that the publisher's store has scored by the board's protocol, this
    one among them; `others` are the architectures there that were scored by it and were on no board yet.
    """

    line: Literal["entry"] = "entry"
    entry: Name
    architecture: str
    accepts: tuple[str, ...]
    ignores: tuple[str, ...] = ()
    variants: int = 1
    others: tuple[str, ...] = ()


class Row(Line):
    """One record of an entry: a `score` that counts, a try of its `tuning`, or one of another `variant` of it."""

    line: Literal["row"] = "row"
    entry: Name
    role: Role
    id: str  # of the trial
    manifest: str
    record: Record


class Aggregate(Line):
    """What the publisher says the rows come to: the mean test score on a task. It is computed again by every reader."""

    line: Literal["aggregate"] = "aggregate"
    entry: Name
    task: str
    mean: float
    n_seeds: int


class Classical(Line):
    """The score of a classical baseline, on the splits that networks are scored on."""

    line: Literal["classical"] = "classical"
    task: str
    baseline: str
    seed: int
    valid: float
    test: float


class Judged(Line):
    """A verdict on a published row: what came of training it again."""

    line: Literal["verdict"] = "verdict"
    verdict: Kept


AnyLine = Opening | Entry | Row | Aggregate | Classical | Judged
_READER: TypeAdapter[AnyLine] = TypeAdapter(Annotated[AnyLine, Field(discriminator="line")])


def manifest(record: Record) -> str:
    return hashlib.sha256(canonical(record.model_dump()).encode()).hexdigest()[:16]


def read(text: bytes) -> AnyLine:
    """The line. Raises ValueError for what is none."""
    return _READER.validate_json(text)


def written(line: AnyLine) -> bytes:
    return line.model_dump_json().encode() + b"\n"
