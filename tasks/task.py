"""What a task is: data of one type, a target, and the number that says how well a network did."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Literal, get_args

import numpy as np

DataType = Literal["tabular", "series", "image"]
Target = Literal["class", "value"]
Metric = Literal["accuracy", "r2"]

METRIC_OF: Mapping[Target, tuple[Metric, ...]] = {"class": ("accuracy",), "value": ("r2",)}
RANK_OF: Mapping[DataType, int] = {"tabular": 1, "series": 2, "image": 3}


@dataclass(frozen=True)
class Split:
    """Examples and their answers; the first axis of both arrays counts examples.

    `inputs` is float32, (examples, *task.shape). `targets` is int64 class numbers, (examples,), or
    float32 values, (examples, outputs).
    """

    inputs: np.ndarray
    targets: np.ndarray

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True)
class Splits:
    """Learn on `train`, choose on `valid`, report `test`."""

    train: Split
    valid: Split
    test: Split


@dataclass(frozen=True)
class Reference:
    """A published score on this task: whose, with what, and where it is written."""

    model: str
    score: float
    source: str


@dataclass(frozen=True)
class Task:
    """One dataset and one question about it.

    `shape` is one example, channels last. `chance` is the score of the best constant answer. All
    metrics are better when higher. `load` draws what is random in the task (a split, a synthetic
    sample) from the generator it is given, and nothing else, so it is a pure function of the seed.
    `version` rises when the data or the split changes, because old scores then mean something else.
    """

    data: DataType
    shape: tuple[int, ...]
    target: Target
    outputs: int
    metric: Metric
    chance: float
    source: str
    licence: str
    load: Callable[[np.random.Generator], Splits]
    references: tuple[Reference, ...] = ()
    version: int = 1

    def __post_init__(self) -> None:
        _one_of("data type", self.data, get_args(DataType))
        _one_of("target", self.target, get_args(Target))
        _one_of(f"metric for target {self.target!r}", self.metric, METRIC_OF[self.target])
        if len(self.shape) != RANK_OF[self.data] or min(self.shape) < 1:
            axes = RANK_OF[self.data]
            raise ValueError(f"{self.data} examples have {axes} axes, channels last; got shape {self.shape}")
        fewest = 2 if self.target == "class" else 1
        if self.outputs < fewest:
            raise ValueError(f"a task with target {self.target!r} needs at least {fewest} outputs; got {self.outputs}")
        if not -inf < self.chance < 1:
            raise ValueError(f"chance is the score of a constant answer, below the perfect 1; got {self.chance}")
        if self.version < 1:
            raise ValueError(f"versions are counted from 1; got {self.version}")


def _one_of(what: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise ValueError(f"unknown {what} {given!r}; one of {', '.join(known)}")
