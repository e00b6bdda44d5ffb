"""The smallest places of an example, each with a first vector of features: pixels, tokens, columns of a table, nodes.

Axes: B batch, ... places, C channels, L length, F columns, D features.
"""

import torch
from torch import Tensor, nn

from suite.graphs import Graphs
from tasks.task import Form


class Numbers(nn.Module):
    """Channels as they are; (B, ..., C), with whether each place is there: one that holds no number is not."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.padded = form.padded
        self.features = form.shape[-1]

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        if not self.padded:
            return x, None
        present = x.isfinite().all(-1)
        return x.masked_fill(~present[..., None], 0.0), present


class Tokens(nn.Module):
    """A learned vector for each token of the vocabulary (section 8.2.2); (B, L) to (B, L, D). Token 0 is padding."""

    def __init__(self, form: Form, width: int) -> None:
        super().__init__()
        self.padded = form.padded
        self.features = width
        self.embedding = nn.Embedding(form.vocabulary, width)

    def forward(self, x_BL: Tensor) -> tuple[Tensor, Tensor | None]:
        if not self.padded:
            return self.embedding(x_BL), None
        present_BL = x_BL != 0
        return self.embedding(x_BL).masked_fill(~present_BL[..., None], 0.0), present_BL


class Columns(nn.Module):
    """A vector for each column of a table: a direction times the number, or a vector for each category; (B, F, D).

    The feature tokenizer of the FT-Transformer (Gorishniy et al. 2021).
    """

    numeric: Tensor
    first: Tensor

    def __init__(self, form: Form, width: int) -> None:
        super().__init__()
        counts = torch.tensor(form.categories or [0] * form.shape[0])
        self.features = width
        numbers = int((counts == 0).sum())
        self.direction = nn.Linear(1, numbers * width) if numbers else None  # a block of its rows for each column
        self.category = nn.Embedding(int(counts.sum()), width) if counts.any() else None
        self.register_buffer("numeric", counts == 0, persistent=False)
        self.register_buffer("first", (counts.cumsum(0) - counts)[counts > 0], persistent=False)

    def forward(self, x_BF: Tensor) -> tuple[Tensor, Tensor | None]:
        if self.category is None:
            return self._numbers(x_BF), None
        y_BFD = x_BF.new_empty(*x_BF.shape, self.features)
        y_BFD[:, self.numeric] = self._numbers(x_BF[:, self.numeric])
        y_BFD[:, ~self.numeric] = self.category(x_BF[:, ~self.numeric].long() + self.first)
        return y_BFD, None

    def _numbers(self, x_BF: Tensor) -> Tensor:
        if self.direction is None:
            return x_BF.new_zeros(*x_BF.shape, self.features)
        weight, bias = self.direction.weight.view(-1, self.features), self.direction.bias.view(-1, self.features)
        return x_BF[..., None] * weight + bias


class Row(nn.Module):
    """A table's row as one vector: the numbers, and the vectors of the categories; (B, F) to (B, features)."""

    numeric: Tensor
    first: Tensor

    def __init__(self, form: Form, width: int) -> None:
        super().__init__()
        counts = torch.tensor(form.categories or [0] * form.shape[0])
        self.category = nn.Embedding(int(counts.sum()), width) if counts.any() else None
        self.features = int((counts == 0).sum()) + width * int((counts > 0).sum())
        self.register_buffer("numeric", counts == 0, persistent=False)
        self.register_buffer("first", (counts.cumsum(0) - counts)[counts > 0], persistent=False)

    def forward(self, x_BF: Tensor) -> tuple[Tensor, Tensor | None]:
        if self.category is None:
            return x_BF, None
        chosen = self.category(x_BF[:, ~self.numeric].long() + self.first)
        return torch.cat([x_BF[:, self.numeric], chosen.flatten(1)], 1), None


class Nodes(nn.Module):
    """What the nodes of graphs hold; (N, features)."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.features = form.shape[0]

    def forward(self, x: Graphs) -> tuple[Tensor, Tensor | None]:
        return x.nodes, None
