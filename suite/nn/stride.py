"""A convolution that skips: it asks for one place in so many, in place of pooling (section 7.2)."""

from dataclasses import replace

from torch import Tensor

from suite.nn.block import Stage
from suite.nn.convolution import Convolution
from suite.nn.places import ALL, Places


class Strided(Stage):
    """A convolution at every `stride`-th place along each axis, from the first one; (B, ..., D), fewer places.

    Of a length L there are ceil(L / stride) left. A place is there if the one that it stands for was.
    """

    def __init__(self, width: int, *, rank: int, kernel: int, activation: str, stride: int = 2) -> None:
        super().__init__()
        self.conv = Convolution(width, rank=rank, kernel=kernel, activation=activation, stride=stride)
        self.kept = (slice(None), *[slice(None, None, stride)] * rank)

    def forward(self, x: Tensor, places: Places = ALL) -> tuple[Tensor, Places]:
        fewer = places if places.present is None else replace(places, present=places.present[self.kept])
        return fewer.hide(self.conv(x, places)), fewer
