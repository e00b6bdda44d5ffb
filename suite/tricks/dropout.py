"""What is left out of a branch at random while training, and made up for by scaling up the rest (section 9.3.1).

The rate is the share that is dropped (slip S5 of the book: there, p keeps). Every level but `cutout`, which acts on
inputs in the training loop, acts on what a mixer says before that joins the stream. Masks come from torch's own state.

Axes: B batch, N nodes, D features, always last.
"""

from typing import TYPE_CHECKING

from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional

if TYPE_CHECKING:
    from suite.nn.places import Places


class Dropout(nn.Module):
    """Off at evaluation. `branch` is what the mixer says, with some of it left out where that is its weights."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def extra_repr(self) -> str:
        return f"rate={self.rate}"

    def branch(self, mixer: nn.Module, x: Tensor, places: "Places") -> Tensor:
        return self(mixer(x, places), places)

    def forward(self, branch: Tensor, places: "Places") -> Tensor:
        return branch


class Element(Dropout):
    """Each number for itself (D.9.1)."""

    def forward(self, branch: Tensor, places: "Places") -> Tensor:
        return functional.dropout(branch, self.rate, self.training)


class Spatial(Dropout):
    """Whole channels of an example, the same at all its places (Tompson et al. 2015)."""

    def forward(self, branch: Tensor, places: "Places") -> Tensor:
        return _shared(branch, places, branch.shape[-1], self.rate) if self.training else branch


class Depth(Dropout):
    """The whole branch of an example (Huang et al. 2016), at the same rate in every layer."""

    def forward(self, branch: Tensor, places: "Places") -> Tensor:
        return _shared(branch, places, 1, self.rate) if self.training else branch


class Connect(Dropout):
    """Single weights of the mixer's matrices, the same for the whole batch (DropConnect, Wan et al. 2013)."""

    def branch(self, mixer: nn.Module, x: Tensor, places: "Places") -> Tensor:
        if not self.training:
            return mixer(x, places)
        matrices = {name: weight for name, weight in mixer.named_parameters() if weight.dim() > 1}
        thinned = {name: functional.dropout(weight, self.rate) for name, weight in matrices.items()}
        return functional_call(mixer, thinned, (x, places))


def _shared(branch: Tensor, places: "Places", features: int, rate: float) -> Tensor:
    """Dropout with one mask of so many features for all places of an example; nodes are places of their graph."""
    if places.graphs is not None:
        ones = branch.new_ones(len(places.graphs), features)
        return branch * functional.dropout(ones, rate)[places.graphs.graph]
    ones = branch.new_ones(len(branch), *[1] * (branch.dim() - 2), features)
    return branch * functional.dropout(ones, rate)


def dropout(level: str, rate: float) -> Dropout:
    """The dropout of that name inside a block; nothing at rate 0 and for `cutout`."""
    if rate == 0:
        return Dropout(rate)
    match level:
        case "element":
            return Element(rate)
        case "spatial":
            return Spatial(rate)
        case "depth":
            return Depth(rate)
        case "connect":
            return Connect(rate)
        case "cutout":
            return Dropout(rate)
    raise ValueError(f"no dropout {level!r}")
