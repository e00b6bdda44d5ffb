"""How a language model is made to speak: greedily, at random, by beam search, with kept keys (sections 8.4, 11.2.3).

Axes: B sentences, L tokens so far, V vocabulary, W beams.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Generator, Tensor, nn

from suite.nn.attention import Attention, Continued
from suite.nn.block import Alone, Mixer, Stage
from suite.nn.network import Network
from suite.nn.stem import Mode
from suite.nn.sum import Sum

Predict = Callable[[Tensor], Tensor]  # tokens (B, L) to the logits of the next one, (B, V)
Choose = Callable[[Tensor], Tensor]  # logits (B, V) to tokens (B,)


def predictor(network: nn.Module) -> Predict:
    """The answer of a causal network at the last place, computed from all places anew."""
    return lambda tokens_BL: network(tokens_BL)[:, -1]


def greedy(logits_BV: Tensor) -> Tensor:
    """The likeliest token; (B,)."""
    return logits_BV.argmax(-1)


def sampled(temperature: float, generator: Generator) -> Choose:
    """A token at random, as likely as the model says, for temperature 1; a lower one sharpens (ancestral sampling)."""

    def choose(logits_BV: Tensor) -> Tensor:
        return torch.multinomial((logits_BV / temperature).softmax(-1), 1, generator=generator)[:, 0]

    return choose


@torch.no_grad()
def generate(predict: Predict, start_BL: Tensor, tokens: int, choose: Choose = greedy) -> Tensor:
    """The sentences with so many tokens more, each chosen from what the model says after those before it."""
    for _ in range(tokens):
        chosen_B = choose(predict(start_BL))
        start_BL = torch.cat([start_BL, chosen_B[:, None]], 1)
    return start_BL


@torch.no_grad()
def beam_search(predict: Predict, start_L: Tensor, tokens: int, beams: int) -> tuple[Tensor, Tensor]:
    """The likeliest continuations that `beams` at a time can find: (W, L + tokens), the best first, and log p, (W,).

    In every step each beam is continued by each token, and the best of all these stay.
    """
    beams_WL, scores_W = start_L[None], torch.zeros(1)
    for _ in range(tokens):
        scores_WV = scores_W[:, None] + predict(beams_WL).log_softmax(-1)
        vocabulary = scores_WV.shape[1]
        scores_W, best_W = scores_WV.flatten().topk(min(beams, scores_WV.numel()))
        parents, chosen = best_W // vocabulary, best_W % vocabulary
        beams_WL = torch.cat([beams_WL[parents], chosen[:, None]], 1)
    return beams_WL, scores_W


@dataclass
class Cache:
    """A causal transformer that keeps the keys and values of the places it has seen, and computes those that are new.

    It predicts as `predictor(network)` does, as long as each call continues the sentences of the one before.
    """

    network: Network
    seen: int = 0

    def __post_init__(self) -> None:
        _, places = self.network.stem(torch.ones(1, 1, dtype=torch.long))
        parts = [part for part in self.network.layers.modules() if isinstance(part, Mixer | Stage)]
        if not places.causal or not all(isinstance(part, Attention | Alone | Sum) for part in parts):
            raise ValueError("keys are kept for a causal task, and by a network of attention and what is done alone")
        self.places = Continued(causal=True, prefix=places.prefix)

    @torch.no_grad()
    def __call__(self, tokens_BL: Tensor) -> Tensor:
        """Tokens (B, L), of which some may have been seen, to the logits of the next one, (B, V)."""
        x, self.seen = self._stem(tokens_BL[:, self.seen :]), tokens_BL.shape[1]
        for layer in self.network.layers:
            for sublayer in cast(nn.ModuleList, layer):
                x = sublayer(x, self.places)
        return cast(Tensor, self.network.head(self.network.norm(x, self.places)[:, -1]))

    def _stem(self, new_BL: Tensor) -> Tensor:
        (mode,) = cast(Sequence[Mode], self.network.stem.modes)
        x = mode.project(mode.atoms(new_BL)[0])
        return cast(Tensor, x if mode.positions is None else mode.positions(x, self.seen))

    @property
    def bytes(self) -> int:
        """Grows with every place: 2 * places * layers * features numbers a sentence, and fewer in multi-query."""
        return sum(kept.nbytes for pair in self.places.kept.values() for kept in pair)
