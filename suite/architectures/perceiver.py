"""Perceiver (section 11.2.1; Jaegle et al. 2021): a few learned latents ask the places once, then only each other.

Its cost grows with places times latents, not with places squared. As in Perceiver IO (Jaegle et al. 2022), the example
is asked in one layer, the first.

Axes: B batch, M latents, D features.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from suite.nn.attention import SelfAttention
from suite.nn.block import Stage, Sublayer
from suite.nn.cross_attention import Beside, CrossAttention, memory_norm
from suite.nn.feed_forward import feed_forward
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.positions import stem_only
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("tabular", "series", "audio", "text", "image", "volume", "sequence", "multimodal")
KEEPS_PLACES = False
REFUSES = {"positions": ("relative", "alibi", "alibi_trained", "rope")}  # there are no scores of pairs of places
IGNORES = ("kernel", "dilation")
LATENTS = 16


class Latents(Stage):
    """What learned latents make of all places; (B, L, D) to (B, M, D)."""

    def __init__(self, size: Size, tricks: Tricks, *, latents: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(latents, size.width))
        self.norm = memory_norm(tricks, size.width)
        self.ask = Sublayer(CrossAttention(size.width, heads=size.heads), size.width, tricks)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        nn.init.normal_(self.weight)  # as an embedding

    def forward(self, x: Tensor, places: Places = ALL) -> tuple[Tensor, Places]:
        latents_BMD = self.weight.expand(len(x), -1, -1)
        return self.ask(latents_BMD, Beside(memory=self.norm(x, places), remembered=places.present)), ALL


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    stem_only(tricks.positions, "perceiver")

    def layer(index: int) -> Sequence[nn.Module]:
        mixers = [SelfAttention(size.width, heads=size.heads), feed_forward(size.width, activation=tricks.activation)]
        return [Latents(size, tricks, latents=LATENTS), *mixers] if index == 0 else mixers

    return Network(task, size, tricks, view=sequence, layer=layer, positions=True)
