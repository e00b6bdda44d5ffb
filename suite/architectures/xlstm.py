"""The matrix memory of the xLSTM (cited in section 13.2; Beck et al. 2024): keys and values written through gates.

Every head carries a matrix, to which each place adds the outer product of its value and key, and of which it keeps a
share. All places are computed at once, as in attention, with weights that decay by the product of the forget gates.
The published block has norm inside; here it belongs to the block that all architectures have.

Axes: B batch, H heads, L places (S those looked at), K features per head, D = H * K features.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from suite.nn.block import Mixer
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
IGNORES = ("kernel", "dilation", "activation", "positions")
KEEP = (3.0, 6.0)  # biases of the forget gates at the start, one head after the other, as published


class Gates(nn.Linear):
    """Input and forget gate of every head, before exponential and sigmoid; at the start almost all is kept."""

    def reset_parameters(self) -> None:
        heads = self.out_features // 2
        nn.init.normal_(self.weight, std=0.02)
        with torch.no_grad():
            self.bias.copy_(torch.cat([torch.zeros(heads), torch.linspace(*KEEP, heads)]))


class MatrixMemory(Mixer):
    """C_i = f C_{i-1} + e^w v k^T, n_i = f n_{i-1} + e^w k, y_i = o C_i q / max(|n_i q|, 1); (B, L, D) to (B, L, D)."""

    def __init__(self, width: int, *, heads: int) -> None:
        super().__init__()
        if width % heads:
            raise ValueError(f"width {width} is not a multiple of {heads} heads")
        self.heads = heads
        self.query_key_value = nn.Linear(width, 3 * width)
        self.gates = Gates(width, 2 * heads)
        self.open = nn.Linear(width, width)
        self.out = nn.Linear(width, width)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        q, k, v = self.query_key_value(x_BLD).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        write_BHL, keep_BHL = self.gates(x_BLD).mT.chunk(2, 1)
        weights_BHLS, largest_BHL1 = _decay(write_BHL, functional.logsigmoid(keep_BHL))
        weights_BHLS = weights_BHLS * (q @ k.mT) * q.shape[-1] ** -0.5
        total_BHL1 = weights_BHLS.sum(-1, keepdim=True).abs()
        y_BHLK = weights_BHLS @ v / torch.maximum(total_BHL1, (-largest_BHL1).exp())
        return self.out(self.open(x_BLD).sigmoid() * y_BHLK.transpose(1, 2).flatten(-2))


def _decay(write_BHL: Tensor, log_keep_BHL: Tensor) -> tuple[Tensor, Tensor]:
    """What is left at each place of what each earlier one wrote, over the most that is left; and the log of that most.

    The most is 1 at least: shifted so, no exponential is larger than 1, and none is lost that counts.
    """
    kept_BHL = log_keep_BHL.cumsum(-1)
    log_BHLS = kept_BHL[..., :, None] - kept_BHL[..., None, :] + write_BHL[..., None, :]
    future = torch.ones(log_BHLS.shape[-2:], dtype=torch.bool).triu(1)
    log_BHLS = log_BHLS.masked_fill(future, -torch.inf)
    largest_BHL1 = log_BHLS.amax(-1, keepdim=True).clamp(min=0)
    return (log_BHLS - largest_BHL1).exp(), largest_BHL1


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [MatrixMemory(size.width, heads=size.heads)]

    return Network(task, size, tricks, view=sequence, layer=layer)
