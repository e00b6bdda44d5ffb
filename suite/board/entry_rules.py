"""What is checked of all rows of an entry together: nothing left out, nothing chosen, nothing twice."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from itertools import product
from math import isclose
from typing import Any

from suite.analysis.text import count, listed
from suite.board.facts import Facts
from suite.board.finding import Finding
from suite.board.line import Aggregate, Entry, Row
from suite.board.row_rules import tuned

EXACT = 1e-12  # relative difference of a mean that only the order of a sum explains

Accepts = Callable[[str], tuple[str, ...] | None]


def of_entry(
    entry: Entry,
    rows: Sequence[Row],
    aggregates: Iterable[Aggregate],
    facts: Facts,
    accepts: Accepts,
    architectures: Set[str],
) -> Iterator[Finding]:
    """All that is wrong with it.

    `accepts` says which of the board's tasks an architecture takes, if it is known; `architectures` are those that are
    on the board.
    """
    yield from _duplicates(entry, rows)
    yield from _missing(entry, rows, accepts)
    yield from _hidden(entry, rows, architectures)
    for task, there in by_task(rows).items():
        yield from _seeds(entry, task, there, facts)
        yield from _tuning(entry, task, there, facts)
        yield from _mixed(entry, task, there)
    yield from _forged(entry, rows, aggregates)


def by_task(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The rows that count or tune, each once."""
    found = defaultdict[str, dict[tuple[str, str], Row]](dict)
    for row in rows:
        if row.role != "variant":
            found[row.record.trial.task].setdefault((row.role, row.id), row)
    return {task: list(there.values()) for task, there in found.items()}


def scored(rows: Iterable[Row]) -> list[Row]:
    """The rows that count, each once."""
    return [row for there in by_task(rows).values() for row in there if row.role == "score"]


def variants(rows: Iterable[Row]) -> int:
    """In how many forms it is on the board: different results of one trial by different code."""
    results = defaultdict[str, dict[str, str]](dict)
    for row in rows:
        results[row.id].setdefault(row.record.provenance.source, row.record.result.digest)
    return max((len(set(by_source.values())) for by_source in results.values()), default=0)


def _duplicates(entry: Entry, rows: Iterable[Row]) -> Iterator[Finding]:
    first = dict[str, Row]()
    for row in rows:
        before = first.setdefault(row.id, row) if row.role != "variant" else row
        if before.record.result.digest != row.record.result.digest:
            then, now = (f"test {one.record.result.test}" for one in (before, row))
            place = f"{row.record.trial.task}, seed {row.record.trial.seed}"
            yield Finding(entry.entry, "duplicate", f"row {row.id} ({place}) is there with {then} and with {now}")


def _missing(entry: Entry, rows: Iterable[Row], accepts: Accepts) -> Iterator[Finding]:
    known = accepts(entry.architecture)
    there = {row.record.trial.task for row in rows if row.role == "score"}
    lacks = [task for task in dict.fromkeys((*entry.accepts, *(known or ()))) if task not in there]
    if lacks:
        yield Finding(entry.entry, "missing task", f"there is no score on {listed(lacks)}, which it accepts")
    if known is not None and (refused := sorted(there - set(known))):
        yield Finding(entry.entry, "missing task", f"{entry.architecture} does not accept {listed(refused)}")


def _hidden(entry: Entry, rows: Sequence[Row], architectures: Set[str]) -> Iterator[Finding]:
    shown = max(1, variants(rows))
    if entry.variants > shown:
        tried = count(entry.variants, "variant")
        yield Finding(entry.entry, "hidden variants", f"{tried} of it were scored, and {shown} of them sent in")
    if lacks := [name for name in entry.others if name not in architectures]:
        told = f"{count(len(lacks), 'other architecture')} ({listed(lacks)}) {'was' if len(lacks) == 1 else 'were'}"
        yield Finding(entry.entry, "hidden variants", f"{told} scored beside it and not sent in")


def _seeds(entry: Entry, task: str, rows: Iterable[Row], facts: Facts) -> Iterator[Finding]:
    there = sorted(row.record.trial.seed for row in rows if row.role == "score")
    wanted = list(range(facts.seeds))
    if there and sorted(set(there)) != wanted:
        yield Finding(
            entry.entry, "wrong seeds", f"{task} is scored on seeds {_in_words(there)}, and not on {_in_words(wanted)}"
        )


def _tuning(entry: Entry, task: str, rows: Sequence[Row], facts: Facts) -> Iterator[Finding]:
    names = tuned(entry, facts)
    asked = list(dict.fromkeys(product(*(facts.tune[name] for name in names)))) if facts.tune else []
    tries = [row for row in rows if row.role == "tuning"]
    tried = [_point(row, names) for row in tries]
    if sorted(tried) != sorted(asked) or any(row.record.trial.seed != facts.tuning_seed for row in tries):
        said = f"{task} was tuned at {_points(names, tried)}; everybody's is {_points(names, asked)}"
        yield Finding(entry.entry, "other tuning", f"{said}, on block {facts.tuning_seed}")
        return
    chosen = {_point(row, names) for row in rows if row.role == "score"}
    best = _best(tries, names, asked)
    if names and chosen and chosen != {best}:
        said = f"{task} is scored at {_points(names, chosen)}, and validation chose {_points(names, [best])}"
        yield Finding(entry.entry, "other tuning", said)


def _best(tries: Sequence[Row], names: Sequence[str], asked: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    """The point with the best validation score; the first of equals, and where none finished."""
    scores = {_point(row, names): row.record.result.valid for row in tries}
    finished = [point for point in asked if scores[point] is not None]
    return max(finished, key=lambda point: scores[point] or 0.0) if finished else (*asked, ())[0]


def _mixed(entry: Entry, task: str, rows: Iterable[Row]) -> Iterator[Finding]:
    sources = {row.record.provenance.source for row in rows}
    if len(sources) > 1:
        said = f"the rows on {task} were answered by {len(sources)} versions of the code ({listed(sorted(sources))})"
        yield Finding(entry.entry, "mixed code", said)


def _forged(entry: Entry, rows: Iterable[Row], aggregates: Iterable[Aggregate]) -> Iterator[Finding]:
    tests = defaultdict[str, list[float]](list)
    for row in scored(rows):
        if row.record.result.test is not None:
            tests[row.record.trial.task].append(row.record.result.test)
    for said in aggregates:
        found = tests[said.task]
        mean = sum(found) / len(found) if found else float("nan")
        if said.n_seeds != len(found) or not isclose(said.mean, mean, rel_tol=EXACT, abs_tol=EXACT):
            told = f"{said.task} is said to be {said.mean:.6g} over {count(said.n_seeds, 'seed')}"
            reason = f"{told}, and its rows come to {mean:.6g} over {len(found)}"
            yield Finding(entry.entry, "forged aggregate", reason)


def _point(row: Row, names: Sequence[str]) -> tuple[Any, ...]:
    levels = row.record.trial.levels
    return tuple(levels[name] for name in names)


def _points(names: Sequence[str], points: Iterable[tuple[Any, ...]]) -> str:
    said = [" ".join(f"{name} {level}" for name, level in zip(names, point, strict=True)) for point in sorted(points)]
    return ", ".join(filter(None, said)) or "nothing"


def _in_words(seeds: Iterable[int]) -> str:
    return ", ".join(map(str, seeds)) or "none"
