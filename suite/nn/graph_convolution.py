"""The graph convolution of all GCNs (D.12.2): a weighted sum over neighbours and itself, then a linear map.

Axes: N nodes, E edges, D features, 2 source and target.
"""

from collections.abc import Callable

from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.graph import diffuse, symmetric, with_loops
from suite.nn.places import ALL, Places
from suite.tricks.activation import activation as activation_of

Weights = Callable[[Tensor, int], Tensor]


class GraphConvolution(Mixer):
    """phi(S X W + b), where S is A + I as `weights` normalizes it: D^(-1/2) (A + I) D^(-1/2); (N, D) to (N, D)."""

    def __init__(self, width: int, *, activation: str, weights: Weights = symmetric) -> None:
        super().__init__()
        self.linear = nn.Linear(width, width)
        self.activation = activation_of(activation, width)
        self.weights = weights

    def forward(self, x_ND: Tensor, places: Places = ALL) -> Tensor:
        assert places.graphs is not None
        edges = with_loops(places.graphs.edge_index, len(x_ND))
        return self.activation(self.linear(diffuse(x_ND, edges, self.weights(edges, len(x_ND)))))
