"""Stem, depth times a layer, norm, read-out, head: the network that every architecture becomes.

Axes: B batch, ... any number of places, D features, always last; N nodes, P pairs, K outputs.
"""

from collections.abc import Callable, Sequence

from torch import Tensor, nn

from suite.graphs import Graphs
from suite.nn.block import Stage, Sublayer
from suite.nn.nearest import Nearest
from suite.nn.places import Places, Read
from suite.nn.stem import Stem, View, vector
from suite.trial import Size, Tricks
from suite.tricks.losses import outputs_of
from suite.tricks.norm import norm
from tasks.modes import Modes
from tasks.task import Task

Layer = Callable[[int], Sequence[nn.Module]]


class Network(nn.Module):
    """What an architecture brings is its `layer`: the mixers of layer 0, 1, ..., and the stages between them.

    `positions` says that the architecture cannot know where a place is unless told. `read` is how an answer per example
    is read from the places; None: as the tricks say.
    """

    def __init__(
        self,
        task: Task,
        size: Size,
        tricks: Tricks,
        *,
        view: View,
        layer: Layer,
        positions: bool = False,
        read: Read | None = None,
    ) -> None:
        super().__init__()
        if tricks.norm == "instance" and view is vector and task.data != "graph":
            raise ValueError("instance normalization of an example that is one place leaves nothing of it")
        told = tricks.positions if positions else "none"
        self.per, self.read = task.per, read or tricks.readout
        self.stem = Stem(task, size.width, patch=size.patch, view=view, positions=told)
        self.layers = nn.ModuleList(
            nn.ModuleList(
                part if isinstance(part, Stage) else Sublayer(part, size.width, tricks) for part in layer(index)
            )
            for index in range(size.depth)
        )
        self.norm = norm(tricks.norm if tricks.norm_place == "pre" else "none", size.width)  # post: there was one
        outputs = outputs_of(task, tricks)
        head: nn.Module = Pairs(size.width, outputs) if task.per == "edge" else nn.Linear(size.width, outputs)
        self.head: nn.Module = Nearest(head, task.outputs) if tricks.loss == "integer" else head

    def forward(self, inputs: Tensor | Graphs | Modes) -> Tensor:
        """Examples to (B, outputs); with an answer per place or pair, (B, places, outputs)."""
        x, places = self.features(inputs)
        if self.per == "example":
            return self.head(places.read(x, self.read))
        if places.graphs is None:
            return self.head(x)
        if self.per == "edge":
            return places.graphs.padded_pairs(self.head(x, places.graphs.pair_index))
        return places.graphs.padded(self.head(x))

    def features(self, inputs: Tensor | Graphs | Modes) -> tuple[Tensor, Places]:
        """What the last layer says of every place, normalized; (B, ..., D) or (N, D)."""
        x, places = self.stem(inputs)
        for layer in self.layers:
            assert isinstance(layer, nn.ModuleList)
            for part in layer:
                if isinstance(part, Stage):
                    x, places = part(x, places)
                else:
                    x = part(x, places)
        return self.norm(x, places), places


class Pairs(nn.Module):
    """How well two nodes go together: a dot product for each output (section 12.2.3); (N, D) and (2, P) to (P, K)."""

    def __init__(self, width: int, outputs: int) -> None:
        super().__init__()
        self.outputs = outputs
        self.ask = nn.Linear(width, outputs * width)

    def forward(self, x_ND: Tensor, pairs_2P: Tensor) -> Tensor:
        ours, theirs = x_ND[pairs_2P[0]], x_ND[pairs_2P[1]]
        return (self.ask(ours).unflatten(-1, (self.outputs, -1)) * theirs[:, None]).sum(-1)
