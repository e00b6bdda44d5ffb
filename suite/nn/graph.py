"""Messages along the edges of graphs: sums of what arrives, degrees, normalized adjacency (sections 12.1.2 and 12.2.4).

Edges are sources above targets, numbered over the whole batch, and nothing is ever as large as nodes times nodes. A
message goes from source to target.

Axes: N nodes, E edges, D features, H heads, 2 source and target.
"""

import torch
from torch import Tensor


def scatter_sum(values_E: Tensor, where_E: Tensor, nodes: int) -> Tensor:
    """What arrives at each node, added up; (E, ...) to (N, ...), zero where nothing does."""
    return values_E.new_zeros(nodes, *values_E.shape[1:]).index_add(0, where_E, values_E)


def scatter_mean(values_E: Tensor, where_E: Tensor, nodes: int) -> Tensor:
    """The mean of what arrives at each node; (E, ...) to (N, ...), zero where nothing does."""
    count_N = degrees(where_E, nodes).clamp(min=1).to(values_E)
    return scatter_sum(values_E, where_E, nodes) / count_N.view(-1, *[1] * (values_E.dim() - 1))


def scatter_softmax(scores_EH: Tensor, where_E: Tensor, nodes: int) -> Tensor:
    """Softmax among the edges that arrive at the same node, for each head; (E, H) to (E, H)."""
    index_EH = where_E[:, None].expand_as(scores_EH)
    highest_NH = scores_EH.new_full((nodes, scores_EH.shape[1]), -torch.inf)
    highest_NH = highest_NH.scatter_reduce(0, index_EH, scores_EH.detach(), "amax")
    weights_EH = (scores_EH - highest_NH[where_E]).exp()
    return weights_EH / scatter_sum(weights_EH, where_E, nodes)[where_E]


def degrees(where_E: Tensor, nodes: int) -> Tensor:
    """How many edges have each node at this end; int64, (N,)."""
    return torch.bincount(where_E, minlength=nodes)


def with_loops(edges_2E: Tensor, nodes: int) -> Tensor:
    """The edges, and exactly one from each node to itself, at the end."""
    each = torch.arange(nodes)
    return torch.cat([edges_2E[:, edges_2E[0] != edges_2E[1]], each.expand(2, -1)], 1)


def symmetric(edges_2E: Tensor, nodes: int) -> Tensor:
    """The weight of each edge in D^(-1/2) A D^(-1/2), float32, (E,); nodes with no edge in have degree 1."""
    root_N = degrees(edges_2E[1], nodes).clamp(min=1).double().rsqrt()
    return (root_N[edges_2E[0]] * root_N[edges_2E[1]]).float()


def by_rows(edges_2E: Tensor, nodes: int) -> Tensor:
    """The weight of each edge in D^-1 A: one over the edges into its target, so that rows add up to 1; (E,)."""
    return degrees(edges_2E[1], nodes).double().reciprocal()[edges_2E[1]].float()


def by_columns(edges_2E: Tensor, nodes: int) -> Tensor:
    """The weight of each edge in A D^-1: one over the edges out of its source, so that columns add up to 1; (E,)."""
    return degrees(edges_2E[0], nodes).double().reciprocal()[edges_2E[0]].float()


def diffuse(x_ND: Tensor, edges_2E: Tensor, weights_E: Tensor) -> Tensor:
    """One step of x <- A x with a weighted adjacency (section 12.1.3); (N, D) to (N, D)."""
    messages_ED = weights_E.to(x_ND)[:, None] * x_ND[edges_2E[0]]
    return scatter_sum(messages_ED, edges_2E[1], len(x_ND))
