"""The one block: normalize, mix, drop, join. Norm, dropout and residual act here for every architecture."""

from torch import Tensor, nn

from suite.nn.places import ALL, Places
from suite.trial import Tricks
from suite.tricks.dropout import dropout
from suite.tricks.norm import norm
from suite.tricks.residual import residual


class Mixer(nn.Module):
    """How places exchange information: `forward(x, places)`, (B, ..., D) to (B, ..., D), or (N, D) to (N, D) for nodes.

    Never fed from places that are not there: `places.hide(x)` makes them zeros.
    """


class Alone(Mixer):
    """Modules in a row that every place goes through for itself."""

    def __init__(self, *modules: nn.Module) -> None:
        super().__init__()
        self.each = nn.Sequential(*modules)

    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        return self.each(x)


class Stage(nn.Module):
    """What changes the places themselves, such as pooling: `forward(x, places)` gives both anew; outside of blocks."""


class Sublayer(nn.Module):
    """join(x, drop(mix(norm(x)))), or norm(join(x, drop(mix(x)))): one mixer inside the tricks.

    (B, ..., D) to (B, ..., D). The norm stands before the mixer (pre, Xiong et al. 2020) or after the join (post,
    Vaswani et al. 2017).
    """

    def __init__(self, mixer: nn.Module, width: int, tricks: Tricks) -> None:
        super().__init__()
        self.post = tricks.norm_place == "post"
        self.norm = norm(tricks.norm, width)
        self.mixer = mixer
        self.dropout = dropout(tricks.dropout_kind, tricks.dropout)
        self.join = residual(tricks.residual, width)

    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        if self.post:
            return self.norm(self.join(x, self.dropout.branch(self.mixer, x, places)), places)
        return self.join(x, self.dropout.branch(self.mixer, self.norm(x, places), places))
