"""Message passing (E.12.11; Gilmer et al. 2017): what goes along an edge depends on both its ends and on itself.

Axes: N nodes, D features of a node, E edges, F features of an edge.
"""

import torch
from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.graph import scatter_sum
from suite.nn.places import ALL, Places
from suite.tricks.activation import activation as activation_of


class Messages(nn.Module):
    """phi(W [x_i, x_j, e_ij] + b) for each edge from j to i; (N, D) and (E, F) to (E, D)."""

    def __init__(self, width: int, edges: int, *, activation: str) -> None:
        super().__init__()
        self.linear = nn.Linear(2 * width + edges, width)
        self.activation = activation_of(activation, width)

    def forward(self, x_ND: Tensor, edges_2E: Tensor, features_EF: Tensor) -> Tensor:
        source, target = edges_2E
        return self.activation(self.linear(torch.cat([x_ND[target], x_ND[source], features_EF.to(x_ND)], -1)))


class MessagePassing(Mixer):
    """MLP([x_i, sum over neighbours of the messages]); (N, D) to (N, D)."""

    def __init__(self, width: int, edges: int, *, activation: str) -> None:
        super().__init__()
        self.messages = Messages(width, edges, activation=activation)
        self.update = nn.Sequential(
            nn.Linear(2 * width, width), activation_of(activation, width), nn.Linear(width, width)
        )

    def forward(self, x_ND: Tensor, places: Places = ALL) -> Tensor:
        assert places.graphs is not None
        edges = places.graphs.edge_index
        arrived = scatter_sum(self.messages(x_ND, edges, places.graphs.edge_features), edges[1], len(x_ND))
        return self.update(torch.cat([x_ND, arrived], -1))
