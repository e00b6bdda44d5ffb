"""Diagonal state-space model, S4D-Lin (section 13.3.4; Gu et al. 2022): a continuous linear system for each feature.

The system is the same at every place, so it is one long convolution. The nonlinearity and a gated linear unit follow.

Axes: B batch, L length, D features, N complex states of each feature.
"""

from collections.abc import Sequence
from math import ceil, log, pi

import torch
from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.long_convolution import long_convolution
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
IGNORES = ("heads", "kernel", "dilation", "positions")
STATES = 32  # of each feature, each standing for a conjugate pair, as published
STEPS = (1e-3, 1e-1)  # how much time passes from place to place, log-uniform at the start, as published


class StateSpace(Mixer):
    """ds/dt = A s + x, y = 2 Re(C s) + d x, with A diagonal, seen at every place; (B, L, D) to (B, L, D).

    A = -exp(decay) + i frequency, so that it is stable whatever is learned; at the start -1/2 + i pi n (S4D-Lin).
    """

    def __init__(self, width: int, *, activation: str) -> None:
        super().__init__()
        self.step = nn.Parameter(torch.empty(width))
        self.decay, self.frequency = (nn.Parameter(torch.empty(width, STATES)) for _ in range(2))
        self.give = nn.Parameter(torch.empty(width, STATES, 2))  # real and imaginary parts of C
        self.skip = nn.Parameter(torch.empty(width))
        self.gate = nn.Sequential(activation_of(activation, width), nn.Linear(width, 2 * width), nn.GLU())
        self.reset_parameters()

    def reset_parameters(self) -> None:
        nn.init.uniform_(self.step, log(STEPS[0]), log(STEPS[1]))
        nn.init.constant_(self.decay, log(0.5))
        with torch.no_grad():
            self.frequency.copy_(pi * torch.arange(STATES))
        nn.init.normal_(self.give, std=0.5**0.5)
        nn.init.normal_(self.skip)

    def discrete(self) -> tuple[Tensor, Tensor]:
        """The same system from place to place, the input held in between: each state's log factor and read-out, (D, N).

        s_i = exp(log factor) s_{i-1} + x_i, y_i = 2 Re(sum of read-out s_i) + d x_i.
        """
        a_DN = torch.complex(-self.decay.exp(), self.frequency)
        log_factor_DN = a_DN * self.step.exp()[:, None]
        return log_factor_DN, torch.view_as_complex(self.give) * torch.expm1(log_factor_DN) / a_DN

    def kernel(self, length: int) -> Tensor:
        """What an impulse leaves after 0, 1, ... places; (L, D). A place is so many strides of S places, and a rest."""
        log_factor_DN, give_DN = self.discrete()
        stride = ceil(length**0.5)
        steps = torch.arange(stride)
        near_DNS = torch.exp(log_factor_DN[..., None] * steps)
        far_DSN = give_DN[:, None] * torch.exp(log_factor_DN[:, None] * (stride * steps)[:, None])
        return 2 * (far_DSN @ near_DNS).real.flatten(1)[:, :length].T

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        return self.gate(long_convolution(x_BLD, self.kernel(x_BLD.shape[1])) + self.skip * x_BLD)


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [StateSpace(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=sequence, layer=layer)
