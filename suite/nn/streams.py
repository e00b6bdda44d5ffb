"""Two rows of places, one of which asks the other: what an encoder and a decoder do (section 11.1.3).

Axes: B batch, L places, D features.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from suite.nn.attention import SelfAttention
from suite.nn.block import Stage, Sublayer
from suite.nn.cross_attention import Beside, CrossAttention, memory_norm
from suite.nn.feed_forward import feed_forward
from suite.nn.places import Places
from suite.trial import Size, Tricks


class Streams(Stage):
    """An encoder over the first places, then a decoder over the last ones, which asks what the encoder made of them.

    The decoder's first layer needs the encoder's last, so all layers of both are one stage. `encoded` says how many
    places are encoded, `start` where those of the decoder begin; None and 0: all, twice. What comes out are the places
    before `start`, encoded, and the decoder's; or its alone, if the others are not `kept`.
    """

    def __init__(
        self, size: Size, tricks: Tricks, *, encoded: int | None, start: int, causal: bool, kept: bool = True
    ) -> None:
        super().__init__()
        self.encoded, self.start, self.causal, self.kept = encoded, start, causal, kept
        self.encoder = nn.ModuleList(_layer(size, tricks, ask=False) for _ in range(size.depth))
        self.norm = memory_norm(tricks, size.width)
        self.decoder = nn.ModuleList(_layer(size, tricks, ask=True) for _ in range(size.depth))

    def forward(self, x_BLD: Tensor, places: Places) -> tuple[Tensor, Places]:
        theirs = Places(_cut(places.present, slice(self.encoded)))
        memory = self.norm(_through(self.encoder, x_BLD[:, : self.encoded], theirs), theirs)
        present = _cut(places.present, slice(self.start, None))
        ours = Beside(present, causal=self.causal, memory=memory, remembered=theirs.present)
        y_BLD = _through(self.decoder, x_BLD[:, self.start :], ours)
        if not self.kept:
            return y_BLD, Places(present)
        return torch.cat([memory[:, : self.start], y_BLD], 1), places


def _layer(size: Size, tricks: Tricks, *, ask: bool) -> nn.ModuleList:
    mixers: list[nn.Module] = [SelfAttention(size.width, heads=size.heads, positions=tricks.positions)]
    if ask:
        mixers.append(CrossAttention(size.width, heads=size.heads))
    mixers.append(feed_forward(size.width, activation=tricks.activation))
    return nn.ModuleList(Sublayer(mixer, size.width, tricks) for mixer in mixers)


def _through(layers: nn.ModuleList, x_BLD: Tensor, places: Places) -> Tensor:
    for layer in layers:
        assert isinstance(layer, nn.ModuleList)
        for sublayer in layer:
            x_BLD = sublayer(x_BLD, places)
    return x_BLD


def _cut(present: Tensor | None, which: slice) -> Tensor | None:
    return None if present is None else present[:, which]


def once(stage: Stage, index: int) -> Sequence[nn.Module]:
    """A network's layers, where the first one is all of them."""
    return [stage] if index == 0 else []
