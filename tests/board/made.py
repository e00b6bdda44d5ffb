"""A small board made by hand: three tasks, four entries, two rates tried, three seeds."""

from collections.abc import Iterable

from suite.board.facts import Facts, TaskFacts
from suite.board.line import Aggregate, AnyLine, Entry, Opening, Row, Stamp, manifest
from suite.board.published import Board
from suite.record import Cost, Point, Provenance, Record, Result
from suite.trial import Trial

TUNING = 1_000_000
RATES = (1e-3, 3e-3)
SEEDS = (0, 1, 2)
BASELINE = {"width": 16, "steps": 50}
ACCEPTS = {
    "mlp": ("image/digits", "series/mnist1d", "tabular/friedman"),
    "cnn": ("image/digits", "series/mnist1d"),
    "gru": ("image/digits", "series/mnist1d"),
    "lstm": ("image/digits", "series/mnist1d"),
}
WOBBLE = {"mlp": (0, 3, 1), "cnn": (2, 0, 5), "gru": (0, 1, 0), "lstm": (6, 0, 2)}  # thousandths, by seed
SKILL = {"mlp": 0.5, "cnn": 0.9, "gru": 0.7, "lstm": 0.705}


def task_facts(metric: str = "accuracy", chance: float = 0.1, **more: object) -> TaskFacts:
    data = {str(seed): f"data of {seed}" for seed in (*SEEDS, TUNING)}
    fields = {"version": 1, "target": "class", "outputs": 10, "per": "example", "data": data}
    fields |= {"causal": False, "prefix": 0, **more}
    return TaskFacts.model_validate({"metric": metric, "chance": chance, **fields})


def facts(**tasks: TaskFacts) -> Facts:
    there = {
        "image/digits": task_facts(),
        "series/mnist1d": task_facts(),
        "tabular/friedman": task_facts("r2", 0.0, target="value", outputs=1),
        **tasks,
    }
    return Facts(
        tasks=there,
        baseline=dict(BASELINE),
        tune={"rate": RATES},
        tuning_seed=TUNING,
        seeds=3,
        protocol=1,
        metrics="metrics",
        analysis="analysis",
    )


FACTS = facts()
STAMP = Stamp(board=FACTS.version, at="2026-01-01T00:00:00+00:00", by="somebody")


def record(architecture: str, task: str, seed: int, rate: float, score: float, **levels: object) -> Record:
    trial = Trial(task=task, architecture=architecture, seed=seed).moved({**BASELINE, "rate": rate, **levels})
    known = FACTS.tasks[task]
    return Record(
        trial=trial,
        metric=known.metric,
        chance=known.chance,
        result=Result(
            outcome="finished",
            steps=50,
            valid=score + 0.01,
            test=score,
            curve=(Point(step=50, loss=0.5, valid=score),),
            weights=f"{architecture} {task} {seed} {rate}",
        ),
        cost=Cost(parameters=100, flops=1000, seconds=0.5, peak_memory_mb=10.0),
        provenance=Provenance(
            source=f"source of {architecture}",
            data=known.data[str(seed)],
            numerics={"torch": "2"},
            libraries={"torch": "2"},
        ),
    )


def score(architecture: str, task: str, seed: int, rate: float) -> float:
    """What it would score: the second rate is the better one, seeds differ, and so do entries on each of them."""
    wobble = 0.001 * WOBBLE[architecture][(seed + len(task)) % 3]
    return SKILL[architecture] + 0.01 * (rate == RATES[1]) + 0.02 * (seed % 3) + wobble - 0.1 * (task[0] == "s")


def row(name: str, record: Record, role: str = "score", stamp: Stamp = STAMP) -> Row:
    fields = {"stamp": stamp, "entry": name, "role": role, "id": record.id, "manifest": manifest(record)}
    return Row.model_validate({**fields, "record": record})


def entry(name: str, variants: int = 1) -> Entry:
    return Entry(stamp=STAMP, entry=name, architecture=name, accepts=ACCEPTS[name], variants=variants)


def rows(name: str, tasks: Iterable[str] | None = None) -> list[Row]:
    """The rows of an honest entry."""
    found = []
    for task in ACCEPTS[name] if tasks is None else tasks:
        tries = [record(name, task, TUNING, rate, score(name, task, TUNING, rate)) for rate in RATES]
        runs = [record(name, task, seed, RATES[1], score(name, task, seed, RATES[1])) for seed in SEEDS]
        found += [*(row(name, one, "tuning") for one in tries), *(row(name, one) for one in runs)]
    return found


def aggregates(name: str) -> list[Aggregate]:
    found = []
    for task in ACCEPTS[name]:
        tests = [score(name, task, seed, RATES[1]) for seed in SEEDS]
        found.append(Aggregate(stamp=STAMP, entry=name, task=task, mean=sum(tests) / 3, n_seeds=3))
    return found


def honest(name: str) -> list[AnyLine]:
    return [entry(name), *rows(name), *aggregates(name)]


def board(lines: Iterable[AnyLine] | None = None) -> Board:
    """The honest board, or the one of these lines."""
    every = [line for name in ACCEPTS for line in honest(name)] if lines is None else lines
    return Board(Opening(stamp=STAMP, facts=FACTS), tuple(every))
