"""The state of a row: what is known beyond its publisher's word, from the verdicts in the file and nothing else."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, get_args

from suite.board.line import Judged, Row

State = Literal["verified re-run", "reproduced bit-exact", "reproduced within margin", "self-reported", "quarantined"]
STATES: tuple[State, ...] = get_args(State)  # from the strongest to the weakest
KINDS: dict[str, State] = {"bit-exact": "reproduced bit-exact", "equivalent": "reproduced within margin"}
ARITHMETIC = {"numerics", "libraries"}  # what may be another one where a result is still expected to agree


def of_row(row: Row, verdicts: Iterable[Judged]) -> State:
    """Somebody else's verdict counts for more than the publisher's own; one that it differs puts it in quarantine."""
    own = [said for said in verdicts if said.verdict.judges(row.record)]
    if any(contradicts(said) for said in own):
        return "quarantined"
    agree = [said for said in own if said.verdict.verdict in KINDS]
    if any(said.stamp.by != row.stamp.by for said in agree):
        return "verified re-run"
    return weakest_first([KINDS[said.verdict.verdict] for said in agree])[-1] if agree else "self-reported"


def of_rows(rows: Iterable[Row], verdicts: Iterable[Judged]) -> tuple[State, int]:
    """The state that all of the rows are at least in, and how many have been trained again with success."""
    by_id = defaultdict[str, list[Judged]](list)
    for said in verdicts:
        by_id[said.verdict.id].append(said)
    states = [of_row(row, by_id[row.id]) for row in rows]
    again = sum(state not in ("self-reported", "quarantined") for state in states)
    return (weakest_first(states)[0] if states else "self-reported"), again


def contradicts(said: Judged) -> bool:
    """Whether the same code and data gave something else."""
    return said.verdict.verdict == "different" and set(said.verdict.moved) <= ARITHMETIC


def weakest_first(states: Iterable[State]) -> list[State]:
    return sorted(states, key=STATES.index, reverse=True)
