"""What a mixer may know of places besides what they hold: which are there, in which order, and joined by what.

Axes: B batch, ... places, L places in a row, N nodes, D features, always last.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from suite.graphs import Graphs

Read = Literal["mean", "sum", "max", "first", "last"]


@dataclass(frozen=True)
class Places:
    """`present`, (B, L) bool, is False past the end of an example; None: all places are there.

    In a `causal` batch a place may look at itself and back, and the first `prefix` places at each other. `graphs` are
    there if places are nodes: features are then (N, D), of all graphs together.
    """

    present: Tensor | None = None
    causal: bool = False
    prefix: int = 0
    graphs: Graphs | None = None

    def hide(self, x: Tensor) -> Tensor:
        """The features with zeros at places that are not there; (B, L, D) to (B, L, D)."""
        return x if self.present is None else x.masked_fill(~self.present[..., None], 0.0)

    def may_look(self, length: int) -> Tensor | None:
        """Which place (rows) may look at which (columns); bool, broadcasts to (B, 1, L, L). None: all at all."""
        allowed = None
        if self.causal:
            allowed = torch.ones(length, length, dtype=torch.bool).tril()
            allowed[: self.prefix, : self.prefix] = True
        if self.present is not None:
            # A place that is not there looks at itself, so that no row of a softmax is empty.
            there = self.present[:, None, None, :] | torch.eye(length, dtype=torch.bool)
            allowed = there if allowed is None else there & allowed
        return allowed

    def read(self, x: Tensor, how: Read) -> Tensor:
        """One vector an example from those of its places; (B, ..., D) to (B, D), or (N, D) to (B, D)."""
        if self.graphs is not None:
            return _read(self.graphs.padded(x), self.graphs.present, how)
        return _read(x.flatten(1, -2), self.present, how)


ALL = Places()  # all there, in no order, joined by nothing


def _read(x: Tensor, present: Tensor | None, how: Read) -> Tensor:
    match how:
        case "first":
            return x[:, 0]
        case "last":
            last = torch.full((len(x),), x.shape[1] - 1) if present is None else present.sum(1) - 1
            return x[torch.arange(len(x)), last.clamp(min=0)]
    if present is None:
        return x.amax(1) if how == "max" else x.sum(1) if how == "sum" else x.mean(1)
    if how == "max":
        return x.masked_fill(~present[..., None], -torch.inf).amax(1).nan_to_num(neginf=0.0)
    total = x.masked_fill(~present[..., None], 0.0).sum(1)
    return total if how == "sum" else total / present.sum(1, keepdim=True).clamp(min=1)
