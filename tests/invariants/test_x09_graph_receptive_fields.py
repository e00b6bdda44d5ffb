"""X09 (D.12.3, section 12.2.3), for graphs: how far a node sees, read from which nodes have a gradient.

L layers see the nodes up to L hops away, and polynomials with K weights those up to L (K - 1).
"""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from suite.graphs import Graphs
from suite.nn.network import Network
from tasks.graphs import graphs as arrays
from tests.specimens import FEATURES, SPECIMENS, network

LENGTH = 21
MIDDLE = LENGTH // 2
ONE_HOP = ("gcn", "gcn_rows", "gcn_columns", "gat", "gatv2", "graph_conv", "gin", "mpnn", "edge_update")


def path() -> Graphs:
    """Nodes in a row, each joined with the next."""
    one_way = np.stack([np.arange(LENGTH - 1), np.arange(1, LENGTH)])
    edges = np.concatenate([one_way, one_way[::-1]], 1)
    return Graphs.of(arrays([np.zeros((LENGTH, FEATURES))], [edges], [np.ones((edges.shape[1], 2))]))


def seen(architecture: str, graphs: Graphs, **levels: object) -> Tensor:
    """Which nodes (columns) each node (rows) depends on; bool, (N, N)."""
    net = network("nodes", architecture, width=8, norm="none", **levels).double()
    assert isinstance(net, Network)
    x = torch.randn(graphs.nodes.shape, dtype=torch.float64, requires_grad=True)
    features, _ = net.features(replace(graphs, nodes=x))
    rows = [torch.autograd.grad(node.square().sum(), x, retain_graph=True)[0] for node in features]
    return (torch.stack(rows) != 0).any(-1)


def within(graphs: Graphs, hops: int) -> Tensor:
    """Which nodes are so many edges away, or fewer; bool, (N, N)."""
    nodes = len(graphs.nodes)
    step = torch.eye(nodes, dtype=torch.float64)
    step[graphs.edge_index[1], graphs.edge_index[0]] = 1
    return torch.linalg.matrix_power(step, hops) > 0


@pytest.mark.parametrize("depth", [1, 2, 4])
@pytest.mark.parametrize("architecture", ONE_HOP)
def test_one_hop_a_layer(architecture: str, depth: int) -> None:
    found = seen(architecture, path(), depth=depth)[MIDDLE].nonzero().flatten().tolist()
    assert found == list(range(MIDDLE - depth, MIDDLE + depth + 1))


@pytest.mark.parametrize("kernel", [1, 2, 3, 4])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_polynomial_sees_as_far_as_its_degree(depth: int, kernel: int) -> None:
    reach = depth * (kernel - 1)
    found = seen("polynomial_gcn", path(), depth=depth, kernel=kernel)[MIDDLE].nonzero().flatten().tolist()
    assert found == list(range(MIDDLE - reach, MIDDLE + reach + 1))


@pytest.mark.parametrize("residual", ["none", "add"])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_in_any_graph_it_is_a_ball(depth: int, residual: str) -> None:
    """And never a node of another graph."""
    graphs = SPECIMENS["nodes"].part(5).inputs
    assert isinstance(graphs, Graphs)
    for architecture in ("gcn", "gat", "edge_update"):
        assert seen(architecture, graphs, depth=depth, residual=residual).equal(within(graphs, depth))
    polynomial = seen("polynomial_gcn", graphs, depth=depth, kernel=2, residual=residual)
    assert polynomial.equal(within(graphs, depth))


def test_messages_go_one_way_along_an_edge() -> None:
    """From source to target: 0 to 1 to 2, and nothing back."""
    edges = np.array([[0, 1], [1, 2]])
    graphs = Graphs.of(arrays([np.zeros((3, FEATURES))], [edges], [np.ones((2, 2))]))
    expected = torch.tensor([[1, 0, 0], [1, 1, 0], [0, 1, 1]], dtype=torch.bool)
    for architecture in (*ONE_HOP, "polynomial_gcn"):
        assert seen(architecture, graphs, depth=1, kernel=2).equal(expected), architecture


def test_as_deep_as_the_diameter_sees_everything() -> None:
    assert seen("gcn", path(), depth=LENGTH - 1).all()
    assert not seen("gcn", path(), depth=LENGTH - 2).all()


def test_attention_sees_its_whole_graph_in_one_layer() -> None:
    graphs = SPECIMENS["nodes"].part(5).inputs
    assert isinstance(graphs, Graphs)
    for positions in ("learned", "none"):
        found = seen("graph_transformer", graphs, depth=1, positions=positions)
        assert found.equal(graphs.graph[:, None] == graphs.graph)
