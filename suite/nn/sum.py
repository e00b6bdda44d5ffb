"""Mixers side by side, on the same features, whose answers are added (section 11.3)."""

from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.places import ALL, Places


class Sum(Mixer):
    """The sum of what several mixers say; (B, ..., D) to (B, ..., D)."""

    def __init__(self, *mixers: Mixer) -> None:
        super().__init__()
        self.mixers = nn.ModuleList(mixers)

    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        first, *others = (mixer(x, places) for mixer in self.mixers)
        return sum(others, start=first)
