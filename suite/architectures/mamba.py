"""Mamba (section 13.4.3, E.13.29-30; Gu and Dao 2023): a state-space model that chooses what to keep, and a gate.

The input decides how far each place moves the state, what is written and what is read. The recurrence stays linear in
the state, so it is scanned in parallel like any other.

Axes: B batch, L length, D features, E inner features, N states of each inner feature, R rank of the step's map.
"""

from collections.abc import Sequence
from math import ceil, log

import torch
from torch import Tensor, nn
from torch.nn import functional

from suite.nn.block import Mixer
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.scan import BLOCK, scan
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
IGNORES = ("heads", "kernel", "dilation", "activation", "positions")
# All as published.
EXPANSION = 2
STATES = 16
KERNEL = 4
RANK = 16  # features for each rank of the step's map
STEPS = (1e-3, 1e-1)  # log-uniform at the start


class Step(nn.Linear):
    """softplus(W x + b): how much time passes at a place, feature by feature; (B, L, R) to (B, L, E)."""

    def reset_parameters(self) -> None:
        nn.init.uniform_(self.weight, -(self.in_features**-0.5), self.in_features**-0.5)
        nn.init.uniform_(self.bias, log(STEPS[0]), log(STEPS[1]))
        with torch.no_grad():
            self.bias.copy_(self.bias.exp().expm1().log())  # the inverse of softplus

    def forward(self, x_BLR: Tensor) -> Tensor:
        return functional.softplus(super().forward(x_BLR))


class Selective(nn.Module):
    """s_i = exp(t_i A) s_{i-1} + t_i b_i x_i, y_i = c_i s_i + d x_i, t_i, b_i, c_i from x_i; (B, L, E) to the same."""

    def __init__(self, width: int) -> None:
        super().__init__()
        rank = ceil(width / (EXPANSION * RANK))
        self.parts = (rank, STATES, STATES)
        self.choose = nn.Linear(width, sum(self.parts), bias=False)
        self.step = Step(rank, width)
        self.decay = nn.Parameter(torch.empty(STATES, width))
        self.skip = nn.Parameter(torch.empty(width))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        with torch.no_grad():
            self.decay.copy_(torch.arange(1, STATES + 1).log()[:, None])
        nn.init.ones_(self.skip)

    def chosen(self, x_BLE: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What the state is multiplied by and what is added to it, (B, L, N, E), and how it is read, (B, L, N)."""
        step_BLR, write_BLN, read_BLN = self.choose(x_BLE).split(self.parts, -1)
        step_BLE = self.step(step_BLR)
        factor_BLNE = torch.exp(step_BLE[:, :, None] * -self.decay.exp())
        return factor_BLNE, write_BLN[..., None] * (step_BLE * x_BLE)[:, :, None], read_BLN

    def forward(self, x_BLE: Tensor) -> Tensor:
        at_once = max(1, BLOCK // (STATES * x_BLE.shape[1:].numel()))
        return torch.cat([self._some(part) for part in x_BLE.split(at_once)])

    def _some(self, x_BLE: Tensor) -> Tensor:
        factor_BLNE, added_BLNE, read_BLN = self.chosen(x_BLE)
        states_BLNE = scan(factor_BLNE, added_BLNE)
        return (read_BLN[:, :, None] @ states_BLNE).squeeze(2) + self.skip * x_BLE


class Mamba(Mixer):
    """A short causal convolution, the selective recurrence, and a gate beside both; (B, L, D) to (B, L, D)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        inner = EXPANSION * width
        self.widen = nn.Linear(width, 2 * inner, bias=False)
        self.conv = nn.Conv1d(inner, inner, KERNEL, groups=inner)
        self.selective = Selective(inner)
        self.narrow = nn.Linear(inner, width, bias=False)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        x_BLE, gate_BLE = self.widen(x_BLD).chunk(2, -1)
        near_BLE = self.conv(functional.pad(x_BLE.mT, (KERNEL - 1, 0))).mT
        y_BLE = self.selective(functional.silu(near_BLE))
        return self.narrow(y_BLE * functional.silu(gate_BLE))


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Mamba(size.width)]

    return Network(task, size, tricks, view=sequence, layer=layer)
