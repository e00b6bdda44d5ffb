"""The facts of a board: what it asks of everybody, alike. Its version is a hash of them."""

import hashlib
from typing import Any

from suite.trial import Level, Plain, Trial, canonical

DIGITS = 8


class TaskFacts(Plain):
    """What a score on a task means: metric, chance, what is asked, and the data of each block of draws, by its hash."""

    version: int
    metric: str
    chance: float
    target: str
    outputs: int
    per: str
    causal: bool
    prefix: int
    data: dict[str, str]  # by seed


class Facts(Plain):
    """Everything that makes two rows comparable.

    `baseline` are the settings of every trial, `tune` the points that every entry tries on block `tuning_seed`, and
    `seeds` the blocks that count, from 0. `metrics` is a hash of the code that scores, `analysis` of that which ranks.
    """

    tasks: dict[str, TaskFacts]
    baseline: dict[str, Level]
    tune: dict[str, tuple[Level, ...]]
    tuning_seed: int
    seeds: int
    protocol: int
    metrics: str
    analysis: str

    @property
    def version(self) -> str:
        """Two hashes with a dot between: what is asked, and the code that ranks. Rows belong to the first alone."""
        return f"{self.asked}.{_digest(self.analysis)}"

    @property
    def asked(self) -> str:
        """The first of the two. Rows under another one are never mixed with ours."""
        return _digest(self.model_dump(exclude={"analysis"}))


def asked(version: str) -> str:
    """The part of a version that rows belong to."""
    return version.partition(".")[0]


def unknown(facts: Facts) -> str:
    """Which of its settings no trial can have here, in words; nothing if there is none."""
    anywhere = Trial(task="", architecture="")
    try:
        anywhere.moved(facts.baseline)
        for name, levels in facts.tune.items():
            for level in levels:
                anywhere.moved({name: level})
    except ValueError as error:
        return str(error)
    return ""


def moved(then: Facts, now: Facts) -> tuple[str, ...]:
    """What is another one now, in words: "metric of image/digits"."""
    names = [name for name in Facts.model_fields if name != "tasks" and getattr(then, name) != getattr(now, name)]
    tasks = [f"task {name}" for name in sorted(then.tasks.keys() ^ now.tasks.keys())]
    for name in sorted(then.tasks.keys() & now.tasks.keys()):
        one, other = then.tasks[name], now.tasks[name]
        tasks += [f"{key} of {name}" for key in TaskFacts.model_fields if getattr(one, key) != getattr(other, key)]
    return (*names, *tasks)


def _digest(data: Any) -> str:
    return hashlib.sha256(canonical(data).encode()).hexdigest()[:DIGITS]
