"""The store: a folder with a folder per study, which holds its plan, its ledger and the status of its sweep.

runs/first/plan.json             the study as it was last planned, and the ids of its trials
runs/first/ledger-000001.jsonl   records
runs/first/status.json           heartbeat of the last or running sweep
runs/first/spans.jsonl           when trials ran, for people
runs/mlflow.db                   the mirror
"""

import platform
import re
import time
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from suite import ledger
from suite.claim import Claim
from suite.disk import replace_file
from suite.process import born
from suite.record import Record
from suite.trial import Level, Plain

SHORTEST_PREFIX = 4
SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
SILENT = 60.0  # seconds without a heartbeat after which a sweep on another machine counts as lost


class StoreError(ValueError):
    """Something asked of a store that it does not hold, or holds damaged; one sentence for people."""

    exit_code = 6


class BadName(StoreError):
    """What cannot be the name of a study."""

    exit_code = 2


class Plan(Plain):
    """A study as it was planned: what it asks, its arms, and the ids of its trials in order.

    The first level of each factor is the reference.
    """

    name: str
    question: str
    design: str
    tasks: tuple[str, ...]
    architectures: tuple[str, ...]
    factors: dict[str, tuple[Level, ...]]
    baseline: dict[str, Level]
    seeds: int
    trials: tuple[str, ...]
    claims: tuple[Claim, ...] = ()
    forbidden: tuple[dict[str, Level], ...] = ()
    inert: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # the settings that an architecture ignores
    tune: dict[str, tuple[Level, ...]] = Field(default_factory=dict)  # what every arm was searched over
    looks: tuple[int, ...] = ()  # after how many seeds it is asked what is decided, if seeds are adaptive
    margin: float = 0.0  # differences smaller than this do not matter to anybody
    given: str = ""  # what to give to `wonderland sweep` to get this study


class Running(Plain):
    """A trial that a worker has started and not yet answered."""

    id: str
    task: str
    architecture: str
    seconds: float


class Failure(Plain):
    id: str
    outcome: str
    message: str


class Status(Plain):
    """How a sweep stands. Times are seconds since 1970 and for people only; nothing is decided by them."""

    state: Literal["running", "done", "stopped", "lost"]
    why: str = ""  # it stopped by itself
    pid: int
    born: float  # when that process started, so that another one with its number is not taken for it
    host: str
    started: float
    beat: float
    slots: int
    total: int
    cached: int
    done: int
    outcomes: dict[str, int] = Field(default_factory=dict)
    running: tuple[Running, ...] = ()
    failures: tuple[Failure, ...] = ()
    left: tuple[float, float] | None = None  # seconds to go, low and high


@dataclass(frozen=True)
class Store:
    """The store at `root`. Reading changes nothing and is safe while a sweep writes."""

    root: Path

    def folder(self, study: str) -> Path:
        if not SAFE_NAME.fullmatch(study):
            raise BadName(f"{study!r} cannot name a study; use up to 64 letters, digits, dots, dashes and underscores")
        return self.root / study

    def studies(self) -> tuple[str, ...]:
        """Names of the studies that have a plan, the last active first."""
        plans = [path for path in self.root.glob("*/plan.json") if SAFE_NAME.fullmatch(path.parent.name)]
        return tuple(path.parent.name for path in sorted(plans, key=_activity, reverse=True))

    def plan(self, study: str) -> Plan:
        path = self.folder(study) / "plan.json"
        if not path.is_file():
            there = ", ".join(self.studies()) or "none"
            raise StoreError(f"no study {study!r} in {self.root}; there is {there}")
        try:
            return Plan.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise StoreError(f"{path} is damaged ({error.errors()[0]['msg']}); sweep the study again") from None

    def write_plan(self, plan: Plan) -> None:
        replace_file(self.folder(plan.name) / "plan.json", plan.model_dump_json(indent=1).encode())

    def reading(self, study: str) -> ledger.Reading:
        """Everything in the study's ledger, with what is damaged."""
        return ledger.read(self.folder(study))

    def records(self, study: str) -> tuple[Record, ...]:
        """The record that counts for every planned trial that has one, in the order of the plan."""
        held = ledger.current(self.reading(study).records)
        return tuple(held[id] for id in self.plan(study).trials if id in held)

    def status(self, study: str) -> Status | None:
        """How the study's last sweep stands, or None if there was none."""
        path = self.folder(study) / "status.json"
        try:
            status = Status.model_validate_json(path.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None
        return status.model_copy(update={"state": "lost"}) if _is_lost(status) else status

    def write_status(self, study: str, status: Status) -> None:
        replace_file(self.folder(study) / "status.json", status.model_dump_json(indent=1).encode())

    def find(self, prefix: str) -> tuple[str, Record]:
        """The study and the record of the one trial whose id starts with `prefix`."""
        if len(prefix) < SHORTEST_PREFIX:
            raise StoreError(f"{prefix!r} is too short; give at least {SHORTEST_PREFIX} characters of an id")
        held = {record.id: (study, record) for study in reversed(self.studies()) for record in self.records(study)}
        found = [id for id in held if id.startswith(prefix)]
        if len(found) == 1:
            return held[found[0]]
        if found:
            raise StoreError(f"{prefix!r} is ambiguous; it could be {', '.join(sorted(found)[:10])}")
        near = get_close_matches(prefix, held, n=3, cutoff=0.0)
        hint = f"; the nearest are {', '.join(near)}" if near else ""
        raise StoreError(f"no record {prefix!r} in {self.root}{hint}")

    def changed(self, study: str) -> tuple[Any, ...]:
        """A token that is another one whenever plan, ledger or status are; cheap to get."""
        folder = self.folder(study)
        paths = [folder / "plan.json", folder / "status.json", *ledger.segments(folder)]
        return tuple((path.name, *_stamp(path)) for path in paths)


def _is_lost(status: Status) -> bool:
    if status.state != "running":
        return False
    if status.host != platform.node():
        return time.time() - status.beat > SILENT
    return born(status.pid) != status.born


def _activity(plan: Path) -> float:
    return max((path.lstat().st_mtime for path in (plan, *ledger.segments(plan.parent))), default=0.0)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        stat = path.lstat()
    except FileNotFoundError:
        return (0, 0)
    return (stat.st_size, stat.st_mtime_ns)
