"""Linear recurrent unit (section 13.3.5; Orvieto et al. 2023): a diagonal complex recurrence that cannot explode.

The recurrence is linear, so all states come from one parallel scan; the nonlinearity and a gated linear unit follow.

Axes: B batch, L length, D features, N complex states.
"""

from collections.abc import Sequence
from math import pi

import torch
from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.scan import scan
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
IGNORES = ("heads", "kernel", "dilation", "positions")
RING = (0.9, 0.999)  # |eigenvalue| at the start, uniform over the area: memories of ten to a thousand places


class Unit(Mixer):
    """s_i = lambda s_{i-1} + gamma B x_i, y_i = Re(C s_i) + d x_i, as many states as features; (B, L, D) to (B, L, D).

    lambda = exp(-exp(decay) + i exp(angle)), so that |lambda| < 1 whatever is learned. gamma starts at
    sqrt(1 - |lambda|^2), so that no state drowns the others. B and C hold real and imaginary parts side by side.
    """

    def __init__(self, width: int, *, activation: str) -> None:
        super().__init__()
        self.decay, self.angle, self.scale = (nn.Parameter(torch.empty(width)) for _ in range(3))
        self.take = nn.Linear(width, 2 * width, bias=False)
        self.give = nn.Linear(2 * width, width, bias=False)
        self.skip = nn.Parameter(torch.empty(width))
        self.gate = nn.Sequential(activation_of(activation, width), nn.Linear(width, 2 * width), nn.GLU())
        self.reset_parameters()

    def reset_parameters(self) -> None:
        with torch.no_grad():
            square = torch.empty_like(self.decay).uniform_(RING[0] ** 2, RING[1] ** 2)
            self.decay.copy_((-0.5 * square.log()).log())
            self.angle.uniform_(1e-3, 1.0).mul_(2 * pi).log_()
            self.scale.copy_(0.5 * (1 - square).log())
        nn.init.normal_(self.skip)

    @property
    def eigenvalues(self) -> Tensor:
        """lambda, complex, (N,)."""
        return torch.exp(torch.complex(-self.decay.exp(), self.angle.exp()))

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        taken_BLN = torch.view_as_complex(self.take(x_BLD).unflatten(-1, (-1, 2)))
        states_BLN = scan(self.eigenvalues, self.scale.exp() * taken_BLN)
        y_BLD = self.give(torch.view_as_real(states_BLN).flatten(-2)) + self.skip * x_BLD
        return self.gate(y_BLD)


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Unit(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=sequence, layer=layer)
