"""From raw examples to places with features, which is all that blocks know.

Axes: B batch, ... places, L places in a row, N nodes, D features, always last. A view says what a place is: `vector`
makes the whole example one place, `grid` keeps places where they are, `sequence` lines them up in reading order. Nodes
of graphs are places in any view.
"""

from collections.abc import Callable, Sequence
from math import prod

import torch
from torch import Tensor, nn
from torch.nn import functional

from suite.blank import blank_mode
from suite.graphs import Graphs
from suite.nn.atoms import Columns, Nodes, Numbers, Row, Tokens
from suite.nn.places import Places
from suite.nn.positions import absolute
from tasks.modes import Modes
from tasks.task import Form, Task

View = Callable[[Tensor], Tensor]


def vector(x: Tensor) -> Tensor:
    """(B, ..., C) to (B, 1, features): one place, everything in it."""
    return x.flatten(1).unsqueeze(1)


def grid(x: Tensor) -> Tensor:
    """(B, ..., C) as it is: places where they are."""
    return x


def sequence(x: Tensor) -> Tensor:
    """(B, ..., C) to (B, L, C): places in reading order."""
    return x.flatten(1, -2)


def patches(x: Tensor, side: int) -> Tensor:
    """(B, *places, C) to (B, *places / side, side^rank * C): neighbours become one place (D.7.1).

    A length that `side` does not divide is filled up with zeros at its end.
    """
    rank = x.dim() - 2
    if side == 1 or rank == 0:
        return x
    missing = [-length % side for length in x.shape[1:-1]]
    x = functional.pad(x, [0, 0, *(pad for last in reversed(missing) for pad in (0, last))])
    for axis in range(rank):
        x = x.unflatten(2 * axis + 1, (-1, side))
    places, within = range(1, 2 * rank, 2), range(2, 2 * rank + 1, 2)
    return x.permute(0, *places, *within, 2 * rank + 1).flatten(rank + 1)


def _atoms(form: Form, width: int, view: View) -> nn.Module:
    if form.data == "graph":
        return Nodes(form)
    if form.vocabulary:
        return Tokens(form, width)
    if form.data == "tabular":
        return Row(form, width) if view is vector else Columns(form, width)
    return Numbers(form)


class Mode(nn.Module):
    """One mode's way in: its atoms, cut into patches, seen through the view, mapped to `width` features a place."""

    def __init__(self, form: Form, width: int, *, patch: int, view: View, positions: str) -> None:
        super().__init__()
        self.graph, self.patch, self.view = form.data == "graph", patch, view
        self.atoms = _atoms(form, width, view)
        with torch.no_grad():
            *places, features = self._places(blank_mode(form, 1))[0].shape[1:]
        as_wanted = features == width and isinstance(self.atoms, Tokens | Columns)
        self.project = nn.Identity() if as_wanted else nn.Linear(features, width)
        self.positions = None if self.graph else absolute(positions, prod(places), width)

    def _places(self, x: Tensor | Graphs) -> tuple[Tensor, Tensor | None]:
        y, present = self.atoms(x)
        if self.graph:
            return y, None
        if self.view is vector:
            return vector(y), None
        if present is not None and self.patch > 1:
            present = patches(present[..., None].float(), self.patch).amax(-1) > 0
        return self.view(patches(y, self.patch)), present

    def forward(self, x: Tensor | Graphs) -> tuple[Tensor, Tensor | None]:
        """Examples to (B, ..., D), or nodes (N, D), and which places are there, (B, L); None if all are."""
        y, present = self._places(x)
        y = self.project(y)
        return (y if self.positions is None else self.positions(y)), present


class Stem(nn.Module):
    """A way in for each mode of an example; several modes are one row of places, each told which mode it is of."""

    def __init__(self, task: Task, width: int, *, patch: int, view: View, positions: str) -> None:
        super().__init__()
        self.causal, self.prefix = task.causal, task.prefix
        self.apart = task.per == "example" and not task.causal  # an answer at every place needs every place
        patch = patch if self.apart else 1
        self.modes = nn.ModuleList(
            Mode(form, width, patch=patch, view=view, positions=positions) for form in task.forms
        )
        self.kind = nn.Embedding(len(task.forms), width) if len(task.forms) > 1 else None

    def forward(self, x: Tensor | Graphs | Modes) -> tuple[Tensor, Places]:
        """Examples to features, (B, ..., D) or (N, D), and what mixers may know of the places."""
        if isinstance(x, Modes):
            return self._together(x.parts)
        (mode,) = self.modes
        y, present = mode(x)
        return y, Places(present, self.causal, self.prefix, x if isinstance(x, Graphs) else None)

    def _together(self, parts: Sequence[Tensor]) -> tuple[Tensor, Places]:
        assert self.kind is not None
        features, there = [], []
        for number, (mode, part) in enumerate(zip(self.modes, parts, strict=True)):
            y, present = mode(part)
            y_BLD = y.flatten(1, -2) + self.kind.weight[number]
            features.append(y_BLD)
            there.append(y_BLD.new_ones(y_BLD.shape[:2], dtype=torch.bool) if present is None else present)
        whole = all(mode.view is vector or not getattr(mode.atoms, "padded", False) for mode in self.modes)
        return torch.cat(features, 1), Places(None if whole else torch.cat(there, 1), self.causal, self.prefix)
