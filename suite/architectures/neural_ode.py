"""Neural ordinary differential equation (section 9.4.2; Chen et al. 2018): dx/dt = f(x), solved in steps of Euler.

From time 0 to 1, every layer is one step, and all are the same module: a residual network with tied weights. More
layers make smaller steps, and no more weights.
"""

from collections.abc import Iterator, Sequence
from itertools import repeat

from torch import Tensor, nn

from suite.nn.block import Alone
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import vector
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = (
    "tabular",
    "series",
    "audio",
    "text",
    "image",
    "volume",
    "graph",
    "sequence",
    "multimodal",
)
KEEPS_PLACES = False
IGNORES = ("patch", "heads", "kernel", "dilation", "positions")


class Again(nn.ModuleList):
    """One module that is gone through so many times. It has one name, because torch's functions take no other."""

    def __init__(self, module: nn.Module, times: int) -> None:
        super().__init__([module])
        self.times = times

    def __iter__(self) -> Iterator[nn.Module]:
        return repeat(self[0], self.times)


class Step(Alone):
    """h f(x), with f of one hidden layer; (..., D) to (..., D). The residual path makes it x + h f(x)."""

    def __init__(self, width: int, *, steps: int, activation: str) -> None:
        super().__init__(nn.Linear(width, width), activation_of(activation, width), nn.Linear(width, width))
        self.steps = steps

    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        return super().forward(x, places) / self.steps


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Step(size.width, steps=size.depth, activation=tricks.activation)]

    network = Network(task, size, tricks, view=vector, layer=layer)
    network.layers = Again(network.layers[0], size.depth)
    return network
