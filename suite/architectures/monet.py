"""MONet (section 11.3; Cheng et al. 2024): no activation at all; products of linear maps make it nonlinear.

Its layer is a polynomial of the second degree, so that a network of L blocks is one of degree 4 ** L, were it not for
norms. Places mix by a token shift between the two polynomials of a block.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.shift import shifted
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
IGNORES = ("heads", "dilation", "activation", "positions")
EXPANSION = 2
RANK = 4  # features for each rank of the second map


class Multilinear(nn.Module):
    """C (A x * B D x + A x), with D to fewer features, so that B D has a low rank; (..., D) to (..., D)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        wide, low = EXPANSION * width, max(1, width // RANK)
        self.a = nn.Linear(width, wide)
        self.bd = nn.Sequential(nn.Linear(width, low), nn.Linear(low, wide))
        self.c = nn.Linear(wide, width)

    def forward(self, x: Tensor) -> Tensor:
        ax = self.a(x)
        return self.c(ax * self.bd(x) + ax)


class Polynomial(Mixer):
    """A polynomial of each place, the shift, another polynomial; (B, ..., D) to (B, ..., D)."""

    def __init__(self, width: int, *, kernel: int) -> None:
        super().__init__()
        self.kernel = kernel
        self.before, self.after = Multilinear(width), Multilinear(width)

    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        return self.after(shifted(places.hide(self.before(x)), self.kernel, causal=places.causal))


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Polynomial(size.width, kernel=size.kernel)]

    return Network(task, size, tricks, view=grid, layer=layer)
