"""One convolution for sequences, planes and volumes; the number of axes says which (D.7.4, E.8.1)."""

from torch import Tensor, nn
from torch.nn import functional

from suite.nn.block import Mixer
from suite.nn.places import ALL, Places
from suite.tricks.activation import activation as activation_of
from tasks.task import Task

CONVOLUTIONS: dict[int, type[nn.Conv1d | nn.Conv2d | nn.Conv3d]] = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}


def axes(task: Task) -> int:
    """How many axes the places of an example have: 1 for a sequence, 2 for an image, 3 for a volume."""
    return 1 if task.vocabulary else len(task.shape) - 1


class Filter(Mixer):
    """Mix each place with its neighbours, and no more: a linear map; (B, ..., D) to (B, ..., D).

    Zeros stand around the example; in a causal one, all of them before it, so that a place sees itself and back.
    `causal` makes it so for every task. With `out`, there are so many features after it. With a `stride`, only every
    so-many-th place is asked for, from the first one.
    """

    def __init__(
        self,
        width: int,
        *,
        rank: int,
        kernel: int,
        out: int | None = None,
        dilation: int = 1,
        groups: int = 1,
        stride: int = 1,
        causal: bool = False,
    ) -> None:
        super().__init__()
        self.conv = CONVOLUTIONS[rank](width, out or width, kernel, stride, dilation=dilation, groups=groups)
        self.reach, self.causal = dilation * (kernel - 1), causal

    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        before = self.reach if self.causal or places.causal else self.reach // 2
        x = functional.pad(places.hide(x).movedim(-1, 1), (before, self.reach - before) * (x.dim() - 2))
        return self.conv(x).movedim(1, -1)


class Convolution(Filter):
    """A filter, then the nonlinearity; (B, ..., D) to (B, ..., D)."""

    def __init__(
        self,
        width: int,
        *,
        rank: int,
        kernel: int,
        activation: str,
        dilation: int = 1,
        groups: int = 1,
        stride: int = 1,
        causal: bool = False,
    ) -> None:
        super().__init__(
            width, rank=rank, kernel=kernel, dilation=dilation, groups=groups, stride=stride, causal=causal
        )
        self.activation = activation_of(activation, width)

    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        return self.activation(super().forward(x, places))
