"""Manifold regularization (section 12.1.4; Belkin et al. 2006): answers should change little between neighbours.

Every node counts, whether it is asked about or not; so what has few labels learns from the others too.

Axes: N nodes, K outputs, G graphs.
"""

from collections.abc import Callable

from torch import Tensor

from suite.graphs import Graphs
from suite.nn.laplacian import roughness

Penalty = Callable[[Tensor, object], Tensor]


def manifold(weight: float) -> Penalty | None:
    """weight * f^T L f / N for outputs f, (G, most nodes, K), and the graphs they are about; None for no weight."""
    if weight == 0:
        return None

    def penalty(outputs: Tensor, graphs: object) -> Tensor:
        assert isinstance(graphs, Graphs)  # as suite.tricks.refusal makes sure
        return weight * roughness(outputs[graphs.present], graphs.edge_index) / len(graphs.nodes)

    return penalty
