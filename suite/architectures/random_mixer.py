"""MetaFormer with a random mixer (section 11.3; Yu et al. 2024): every place takes a mean that was drawn once.

Attention whose scores say nothing of the example and are never learned. Places know where they are, as with attention.

Axes: B batch, L places, M most places, D features.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.feed_forward import feed_forward
from suite.nn.lengths import length
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("tabular", "series", "audio", "text", "image", "volume", "sequence", "multimodal")
CAUSAL = True
IGNORES = ("heads", "kernel", "dilation")


class RandomMean(Mixer):
    """Softmax of scores that are uniform in [0, 1], over the places that may be looked at; (B, L, D) to (B, L, D)."""

    scores_MM: Tensor

    def __init__(self, places: int) -> None:
        super().__init__()
        self.register_buffer("scores_MM", torch.empty(places, places))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        nn.init.uniform_(self.scores_MM)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        length = x_BLD.shape[1]
        scores, allowed = self.scores_MM[:length, :length], places.may_look(length)
        if allowed is not None:
            scores = torch.where(allowed, scores, -torch.inf).view(-1, length, length)
        return scores.softmax(-1) @ x_BLD


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [RandomMean(length(task, size)), feed_forward(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=sequence, layer=layer, positions=True)
