"""Stem, depth times a layer, norm, read-out, head: the network that every architecture becomes.

Axes: B batch, ... any number of places, D features, always last.
"""

from collections.abc import Callable, Sequence

from torch import Tensor, nn

from suite.nn.block import Sublayer
from suite.nn.stem import Stem, View
from suite.trial import Size, Tricks
from suite.tricks.norm import norm
from tasks.task import Task

Layer = Callable[[int], Sequence[nn.Module]]


class Network(nn.Module):
    """What an architecture brings is its `layer`: the mixers of layer 0, 1, ..., each (B, ..., D) to (B, ..., D)."""

    def __init__(
        self, task: Task, size: Size, tricks: Tricks, *, view: View, layer: Layer, positions: bool = False
    ) -> None:
        super().__init__()
        self.stem = Stem(task, size.width, patch=size.patch, view=view, positions=positions)
        self.layers = nn.ModuleList(
            nn.Sequential(*(Sublayer(mixer, size.width, tricks) for mixer in layer(index)))
            for index in range(size.depth)
        )
        self.norm = norm(tricks.norm, size.width)
        self.head = nn.Linear(size.width, task.outputs)

    def forward(self, x: Tensor) -> Tensor:
        """(B, *task.shape) to (B, outputs)."""
        x = self.stem(x)
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x).flatten(1, -2).mean(1))
