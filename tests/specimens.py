"""A small task of every kind that a task can be, with examples drawn at random: what every architecture is tried on.

No data is loaded. Real tasks are many and may need the network; what an architecture must cope with is all here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
from torch import nn

from suite import catalog
from suite.data import Data, Part, of
from suite.nn.initialization import initialize
from suite.seeds import fixed
from suite.trial import Trial
from tasks.graphs import Graphs, graphs
from tasks.modes import Modes
from tasks.task import DataType, Form, Inputs, Split, Splits, Task

EXAMPLES = 32
CLASSES = 3
LENGTH = 12
PADDING = 2  # places at the end that are empty in every ragged example
WORDS = 11  # of a vocabulary
NODES, FEATURES = 7, 5


@dataclass(frozen=True)
class Specimen:
    """A task, and how its inputs are drawn."""

    task: Task
    draw: Callable[[np.random.Generator, int], Inputs]

    def part(self, count: int = EXAMPLES, seed: int = 0) -> Part:
        """So many examples with random answers."""
        rng = np.random.default_rng(seed)
        inputs = self.draw(rng, count)
        return data_of(Split(inputs, self._targets(rng, inputs))).train

    def _targets(self, rng: np.random.Generator, inputs: Inputs) -> np.ndarray:
        shape: tuple[int, ...] = (len(inputs),)
        asked = np.ones(shape, bool)
        if self.task.per != "example":
            asked = _asked(self.task, inputs)
            shape = asked.shape
        if self.task.target == "value":
            return rng.standard_normal((*shape, self.task.outputs)).astype(np.float32)
        return np.where(asked, rng.integers(0, self.task.outputs, shape), -1)


def data_of(split: Split) -> Data:
    return of(Splits(split, split, split))


def _asked(task: Task, inputs: Inputs) -> np.ndarray:
    """Where there is something to ask about; bool, (examples, places)."""
    if isinstance(inputs, Graphs):
        counts = inputs.pair_counts if task.per == "edge" else inputs.node_counts
        return np.arange(counts.max()) < counts[:, None]
    assert isinstance(inputs, np.ndarray)
    asked = inputs != 0 if task.padded else np.ones(inputs.shape[:2], bool)
    asked[:, : LENGTH // 2 - 1] = False  # a causal network cannot tell examples apart that begin alike
    return asked


def _task(data: DataType, shape: tuple[int, ...], outputs: int = CLASSES, **more: object) -> Task:
    return Task(
        data=data,
        shape=shape,
        target="class",
        outputs=outputs,
        metric="accuracy",
        chance=1 / outputs,
        source="drawn at random",
        licence="none",
        load=lambda rng: (_ for _ in ()).throw(AssertionError("specimens are not loaded")),  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )


def _numbers(*shape: int) -> Callable[[np.random.Generator, int], Inputs]:
    return lambda rng, count: rng.standard_normal((count, *shape)).astype(np.float32)


def _tokens(rng: np.random.Generator, count: int) -> np.ndarray:
    return rng.integers(1, WORDS, (count, LENGTH))


def _ragged_tokens(rng: np.random.Generator, count: int) -> np.ndarray:
    return np.where(_ends(rng, count), _tokens(rng, count), 0)


def _ragged_numbers(rng: np.random.Generator, count: int) -> np.ndarray:
    numbers = rng.standard_normal((count, LENGTH, 2))
    return np.where(_ends(rng, count)[..., None], numbers, np.nan).astype(np.float32)


def _ends(rng: np.random.Generator, count: int) -> np.ndarray:
    return np.arange(LENGTH) < rng.integers(LENGTH // 2, LENGTH - PADDING + 1, (count, 1))


def _mixed_table(rng: np.random.Generator, count: int) -> np.ndarray:
    codes = [rng.integers(0, 4, count), rng.integers(0, 3, count)]
    numbers = rng.standard_normal((count, 3))
    return np.column_stack([numbers[:, 0], codes[0], numbers[:, 1:], codes[1]]).astype(np.float32)


def _graphs(rng: np.random.Generator, count: int) -> Graphs:
    """Connected, undirected, of 4 to 7 nodes, with two features of every edge and three pairs asked about."""
    nodes, edges, features, pairs = [], [], [], []
    for _ in range(count):
        size = int(rng.integers(4, NODES + 1))
        joined = {(int(rng.integers(0, node)), node) for node in range(1, size)}
        joined |= {(a, b) for a, b in product(range(size), repeat=2) if a < b and rng.random() < 0.2}
        one_way = np.array(sorted(joined)).T
        strength = rng.standard_normal((one_way.shape[1], 2))
        nodes.append(rng.standard_normal((size, FEATURES)))
        edges.append(np.concatenate([one_way, one_way[::-1]], 1))
        features.append(np.concatenate([strength, strength]))
        pairs.append(rng.integers(0, size, (2, 3)))
    return graphs(nodes, edges, features, pairs)


def _modes(rng: np.random.Generator, count: int) -> Modes:
    return Modes((rng.standard_normal((count, 6, 6, 2)).astype(np.float32), _ragged_tokens(rng, count)))


OF_GRAPHS = {"edges": 2, "typical": (6, 14)}
SPECIMENS: dict[str, Specimen] = {
    "table": Specimen(_task("tabular", (5,)), _numbers(5)),
    "mixed table": Specimen(_task("tabular", (5,), categories=(0, 4, 0, 0, 3)), _mixed_table),
    "series": Specimen(_task("series", (LENGTH, 2)), _numbers(LENGTH, 2)),
    "ragged series": Specimen(_task("series", (LENGTH, 2), padded=True), _ragged_numbers),
    "audio": Specimen(_task("audio", (24, 1)), _numbers(24, 1)),
    "text": Specimen(_task("text", (LENGTH,), vocabulary=WORDS, padded=True), _ragged_tokens),
    "language": Specimen(_task("text", (LENGTH,), WORDS, vocabulary=WORDS, per="place", causal=True), _tokens),
    "image": Specimen(_task("image", (6, 6, 2)), _numbers(6, 6, 2)),
    "volume": Specimen(_task("volume", (3, 4, 4, 1)), _numbers(3, 4, 4, 1)),
    "sequence": Specimen(_task("sequence", (LENGTH,), vocabulary=WORDS), _tokens),
    "numbers in a row": Specimen(_task("sequence", (LENGTH, 2)), _numbers(LENGTH, 2)),
    "translation": Specimen(
        _task("sequence", (LENGTH,), WORDS, vocabulary=WORDS, per="place", causal=True, prefix=6), _tokens
    ),
    "tags": Specimen(_task("sequence", (LENGTH,), vocabulary=WORDS, per="place", padded=True), _ragged_tokens),
    "graphs": Specimen(_task("graph", (FEATURES,), **OF_GRAPHS), _graphs),
    "nodes": Specimen(_task("graph", (FEATURES,), per="place", **OF_GRAPHS), _graphs),
    "edges": Specimen(_task("graph", (FEATURES,), 2, per="edge", **OF_GRAPHS), _graphs),
    "modes": Specimen(
        _task(
            "multimodal",
            (),
            modes=(Form("image", (6, 6, 2)), Form("text", (LENGTH,), vocabulary=WORDS, padded=True)),
        ),
        _modes,
    ),
}


def pairs() -> list[tuple[str, str]]:
    """Every architecture with every specimen it takes."""
    return [
        (name, architecture)
        for architecture, name in product(catalog.architecture_names(), SPECIMENS)
        if catalog.refuses(SPECIMENS[name].task, architecture) is None
    ]


def network(specimen: str, architecture: str, **levels: object) -> nn.Module:
    """The architecture's network for a specimen, with its initial weights; small unless told otherwise."""
    trial = Trial(task=specimen, architecture=architecture).moved({"width": 16, "depth": 2, **levels})
    with fixed(0):
        net = catalog.architecture(architecture).build(SPECIMENS[specimen].task, trial.size, trial.tricks)
    initialize(net, specimen, 0)
    return net
