"""The Laplacian of a graph, L = D - A, never written out: what it does to features (section 12.1.4).

f^T L f is the sum over all undirected edges of (f_i - f_j)^2: how much a function changes between neighbours. As a
penalty it is manifold regularization (Belkin et al. 2006), and x <- x - step L x lets features diffuse (Fig. 12.4).

Axes: N nodes, E edges, D features, 2 source and target; each undirected edge is there both ways.
"""

from torch import Tensor

from suite.nn.graph import scatter_sum


def laplacian(x_ND: Tensor, edges_2E: Tensor) -> Tensor:
    """L x; (N, D) to (N, D)."""
    source, target = edges_2E
    return scatter_sum(x_ND[target] - x_ND[source], target, len(x_ND))


def roughness(x_ND: Tensor, edges_2E: Tensor) -> Tensor:
    """x^T L x, added up over the features: the penalty of manifold regularization, and the Dirichlet energy."""
    source, target = edges_2E
    return (x_ND[source] - x_ND[target]).square().sum() / 2


def diffused(x_ND: Tensor, edges_2E: Tensor, *, step: float, times: int) -> Tensor:
    """x <- x - step L x, so many times. Below 1 / (largest degree) it goes to the mean of each connected part."""
    for _ in range(times):
        x_ND = x_ND - step * laplacian(x_ND, edges_2E)
    return x_ND
