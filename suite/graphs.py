"""A batch of graphs as one large graph of separate pieces (section 12.2.4): no padding, sparse edges.

Axes: N nodes, F features of a node, E edges, P pairs asked about, G graphs.
"""

from dataclasses import dataclass, fields
from functools import cached_property

import torch
from torch import Tensor

from tasks import graphs

WALK = 16  # steps of the random walks whose returns tell nodes apart (Rampášek et al. 2022)


@dataclass(frozen=True)
class Graphs:
    """The tensors of tasks.graphs.Graphs; `len` counts graphs, and an index takes some of them."""

    nodes: Tensor
    edges: Tensor
    edge_features: Tensor
    pairs: Tensor
    node_counts: Tensor
    edge_counts: Tensor
    pair_counts: Tensor

    @classmethod
    def of(cls, arrays: graphs.Graphs) -> "Graphs":
        return cls(*(torch.from_numpy(getattr(arrays, field.name)) for field in fields(arrays)))

    def __len__(self) -> int:
        return len(self.node_counts)

    def __getitem__(self, rows: Tensor | slice) -> "Graphs":
        """The graphs with these numbers, in this order."""
        if isinstance(rows, slice):
            rows = torch.arange(len(self))[rows]
        if len(self) == 1 and len(rows) == 1:
            return self  # a single graph is not copied for every step
        node, edge, pair = (_ranges(counts, rows) for counts in (self.node_counts, self.edge_counts, self.pair_counts))
        return Graphs(
            nodes=self.nodes[node],
            edges=self.edges[:, edge],
            edge_features=self.edge_features[edge],
            pairs=self.pairs[:, pair],
            node_counts=self.node_counts[rows],
            edge_counts=self.edge_counts[rows],
            pair_counts=self.pair_counts[rows],
        )

    def split(self, size: int) -> list["Graphs"]:
        """Pieces of at most `size` graphs."""
        return [self[start : start + size] for start in range(0, len(self), size)]

    @cached_property
    def graph(self) -> Tensor:
        """Which graph each node is of; (N,)."""
        return torch.repeat_interleave(torch.arange(len(self)), self.node_counts)

    @cached_property
    def edge_index(self) -> Tensor:
        """Sources above targets, numbered over the whole batch; (2, E). What torch-geometric's layers take."""
        return self.edges + torch.repeat_interleave(self._starts, self.edge_counts)

    @cached_property
    def pair_index(self) -> Tensor:
        """The pairs asked about, numbered over the whole batch; (2, P)."""
        return self.pairs + torch.repeat_interleave(self._starts, self.pair_counts)

    @cached_property
    def _starts(self) -> Tensor:
        return self.node_counts.cumsum(0) - self.node_counts

    def padded(self, values_ND: Tensor) -> Tensor:
        """Something of every node as (G, most nodes, ...), zeros after the last node of each graph."""
        return _padded(values_ND, self.node_counts)

    def padded_pairs(self, values_PD: Tensor) -> Tensor:
        """Something of every pair as (G, most pairs, ...)."""
        return _padded(values_PD, self.pair_counts)

    @cached_property
    def present(self) -> Tensor:
        """Where `padded` has nodes; bool, (G, most nodes)."""
        return torch.arange(int(self.node_counts.max())) < self.node_counts[:, None]

    @cached_property
    def returns(self) -> Tensor:
        """How likely a random walk from a node is back there after 1, 2, ..., WALK steps; (N, WALK) (section 12.3.3).

        A walk that comes to a node without an edge out ends there.
        """
        source, target = self.edge_index
        local = torch.arange(len(self.nodes)) - self._starts[self.graph]
        degree = torch.bincount(source, minlength=len(self.nodes)).clamp(min=1).to(self.nodes)
        where = torch.nn.functional.one_hot(local, int(self.node_counts.max())).to(self.nodes)
        chances = []
        for _ in range(WALK):  # a row for each start: the chances to be at each node of its graph
            where = torch.zeros_like(where).index_add(0, source, where[target]) / degree[:, None]
            chances.append(where.gather(1, local[:, None]))
        return torch.cat(chances, 1)


def _ranges(counts: Tensor, rows: Tensor) -> Tensor:
    """Where the items of these graphs stand in a tensor of the items of all graphs."""
    starts, taken = counts.cumsum(0) - counts, counts[rows]
    shift = torch.repeat_interleave(starts[rows] - (taken.cumsum(0) - taken), taken)
    return torch.arange(len(shift)) + shift


def _padded(values: Tensor, counts: Tensor) -> Tensor:
    if len(counts) == 1:
        return values[None]
    there = torch.arange(int(counts.max())) < counts[:, None]
    padded = values.new_zeros(*there.shape, *values.shape[1:])
    return padded.masked_scatter(there.view(*there.shape, *[1] * (values.dim() - 1)).expand_as(padded), values)
