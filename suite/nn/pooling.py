"""Pooling: the maximum (D.7.6) or the mean of neighbouring places; any number of axes, channels last.

Places that are not there count for nothing: not in the maximum, and not among those that the mean is taken of.
"""

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional

from suite.nn.block import Mixer, Stage
from suite.nn.places import ALL, Places

Pool = Callable[..., Tensor]

MAXIMA: dict[int, Pool] = {1: functional.max_pool1d, 2: functional.max_pool2d, 3: functional.max_pool3d}
MEANS: dict[int, Pool] = {1: functional.avg_pool1d, 2: functional.avg_pool2d, 3: functional.avg_pool3d}


class MaxPool(Stage):
    """Every `side` places along each axis become one, which has the largest of each feature; (B, ..., D), fewer places.

    What is left over at the end of an axis is a window too.
    """

    def __init__(self, side: int = 2) -> None:
        super().__init__()
        self.side = side

    def forward(self, x: Tensor, places: Places = ALL) -> tuple[Tensor, Places]:
        if places.present is None:
            return self._pooled(x), places
        present = self._pooled(places.present[..., None].to(x.dtype))[..., 0] > 0
        highest = self._pooled(x.masked_fill(~places.present[..., None], -torch.inf))
        places = replace(places, present=present)
        return places.hide(highest), places

    def _pooled(self, x: Tensor) -> Tensor:
        return MAXIMA[x.dim() - 2](x.movedim(-1, 1), self.side, ceil_mode=True).movedim(1, -1)


class MeanPool(Mixer):
    """Each place becomes the mean of its neighbourhood, `kernel` places wide; (B, ..., D) to (B, ..., D).

    In a causal task the neighbourhood ends at the place itself.
    """

    def __init__(self, kernel: int) -> None:
        super().__init__()
        self.kernel = kernel

    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        ones = places.hide(torch.ones_like(x[..., :1]))
        share = self._mean(ones, places.causal)  # of the window that is inside the example
        return self._mean(places.hide(x), places.causal) / share.clamp(min=1 / self.kernel ** (x.dim() - 2))

    def _mean(self, x: Tensor, causal: bool) -> Tensor:
        reach, axes = self.kernel - 1, x.dim() - 2
        before = reach if causal else reach // 2
        x = functional.pad(x.movedim(-1, 1), (before, reach - before) * axes)
        return MEANS[axes](x, self.kernel, 1).movedim(1, -1)
