"""One convolution for sequences, planes and volumes; the number of axes says which (D.7.4, E.8.1)."""

from torch import Tensor, nn
from torch.nn import functional

from suite.nn.block import Mixer
from suite.nn.places import ALL, Places
from suite.tricks.activation import activation as activation_of

CONVOLUTIONS: dict[int, type[nn.Conv1d | nn.Conv2d | nn.Conv3d]] = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}


class Convolution(Mixer):
    """Mix each place with its neighbours, then apply the nonlinearity; (B, ..., D) to (B, ..., D).

    Zeros stand around the example; in a causal one, all of them before it, so that a place sees itself and back.
    """

    def __init__(
        self, width: int, *, rank: int, kernel: int, activation: str, dilation: int = 1, groups: int = 1
    ) -> None:
        super().__init__()
        self.conv = CONVOLUTIONS[rank](width, width, kernel, dilation=dilation, groups=groups)
        self.reach = dilation * (kernel - 1)
        self.activation = activation_of(activation, width)

    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        before = self.reach if places.causal else self.reach // 2
        x = functional.pad(places.hide(x).movedim(-1, 1), (before, self.reach - before) * (x.dim() - 2))
        return self.activation(self.conv(x).movedim(1, -1))
