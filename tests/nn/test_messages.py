"""Messages as loops over edges, one after the other; and who can rank neighbours anew for each who asks (GATv2)."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from suite.architectures.edge_update import EdgeUpdate
from suite.architectures.gat import StaticGraphAttention
from suite.architectures.gatv2 import DynamicGraphAttention
from suite.graphs import Graphs
from suite.nn.block import Sublayer
from suite.nn.messages import MessagePassing, Messages
from suite.nn.network import Network
from suite.nn.places import Places
from tasks.graphs import graphs as arrays
from tests.specimens import FEATURES, network

WIDTH, EDGE_FEATURES = 8, 2
NODES = 6  # of the graph with all edges, and fewer than WIDTH


def directed() -> Graphs:
    """Two graphs with edges that go one way, some of them loops or there twice, and nodes that nothing reaches."""
    rng = np.random.default_rng(0)
    edges = [np.array([[0, 1, 1, 3, 3, 3], [1, 2, 2, 0, 3, 1]]), np.array([[2, 0, 1], [0, 2, 2]])]
    features = [rng.standard_normal((each.shape[1], EDGE_FEATURES)) for each in edges]
    return Graphs.of(arrays([rng.standard_normal((size, FEATURES)) for size in (5, 3)], edges, features))


def looped_messages(layer: Messages, x: Tensor, edges: Tensor, features: Tensor) -> list[Tensor]:
    """phi(W_1 x_i + W_2 x_j + W_3 e_ij + b), for one edge from j to i after the other."""
    target, source, edge = layer.linear.weight.split([WIDTH, WIDTH, features.shape[1]], 1)
    return [
        layer.activation(target @ x[i] + source @ x[j] + edge @ features[number] + layer.linear.bias)
        for number, (j, i) in enumerate(edges.T.tolist())
    ]


def looped(layer: MessagePassing, x: Tensor, edges: Tensor, features: Tensor) -> Tensor:
    """Each node adds up what comes to it, and goes through the MLP with that at its side; (N, D)."""
    arrived = [torch.zeros(WIDTH) for _ in x]
    for (_, target), message in zip(edges.T.tolist(), looped_messages(layer.messages, x, edges, features), strict=True):
        arrived[target] = arrived[target] + message
    return torch.stack([layer.update(torch.cat([ours, sum_])) for ours, sum_ in zip(x, arrived, strict=True)])


def test_message_passing_is_a_loop() -> None:
    graphs, layer = directed(), MessagePassing(WIDTH, EDGE_FEATURES, activation="gelu")
    x = torch.randn(len(graphs.nodes), WIDTH)
    expected = looped(layer, x, graphs.edge_index, graphs.edge_features)
    torch.testing.assert_close(layer(x, Places(graphs=graphs)), expected)


def test_new_features_of_edges_are_a_loop() -> None:
    graphs, layer = directed(), EdgeUpdate(WIDTH, EDGE_FEATURES, activation="gelu")
    x = torch.randn(len(graphs.nodes), WIDTH)
    same, places = layer(x, Places(graphs=graphs))
    assert places.graphs is not None
    expected = torch.stack(looped_messages(layer.messages, x, graphs.edge_index, graphs.edge_features))
    torch.testing.assert_close(places.graphs.edge_features, expected)
    assert places.graphs.edge_index.equal(graphs.edge_index)
    assert same is x


@pytest.mark.parametrize("architecture", ["mpnn", "edge_update"])
def test_networks_of_them_are_loops(architecture: str) -> None:
    """Three layers; features of edges, where they are learned, go on from layer to layer."""
    graphs = directed()
    net = network("nodes", architecture, width=WIDTH, depth=3, norm="none", residual="none")
    assert isinstance(net, Network)
    x, features = net.stem(graphs)[0], graphs.edge_features
    for layer in net.layers:
        assert isinstance(layer, nn.ModuleList)
        for part in layer:
            if isinstance(part, EdgeUpdate):
                features = torch.stack(looped_messages(part.messages, x, graphs.edge_index, features))
            else:
                assert isinstance(part, Sublayer)
                assert isinstance(part.mixer, MessagePassing)
                x = looped(part.mixer, x, graphs.edge_index, features)
    torch.testing.assert_close(net.features(graphs)[0], x)
    assert features.shape[1] == (WIDTH if architecture == "edge_update" else EDGE_FEATURES)


def everybody() -> Graphs:
    """One graph where every node is joined with every other; loops come from the layers themselves."""
    edges = np.argwhere(~np.eye(NODES, dtype=bool)).T
    return Graphs.of(arrays([np.zeros((NODES, WIDTH))], [edges]))


def weights(layer: StaticGraphAttention | DynamicGraphAttention, values: Tensor, x: Tensor) -> Tensor:
    """How the answers weigh the values, which are independent vectors; who asks above whom they weigh, (N, N)."""
    found = layer(x, Places(graphs=everybody())) @ torch.linalg.pinv(values)
    torch.testing.assert_close(found.sum(1), torch.ones(NODES, dtype=torch.float64))
    return found


@pytest.mark.parametrize("seed", range(10))
def test_all_nodes_rank_their_neighbours_alike_in_gat(seed: int) -> None:
    """Static attention (Brody et al. 2022), whatever the weights; how much more one counts than another may differ."""
    torch.manual_seed(seed)
    layer = StaticGraphAttention(WIDTH, heads=1, activation="identity").double()
    for parameter in (layer.source.weight, layer.target.weight):
        nn.init.normal_(parameter)
    x = torch.randn(NODES, WIDTH, dtype=torch.float64)
    found = weights(layer, layer.linear(x), x)
    assert found.argsort(1).unique(dim=0).shape == (1, NODES)
    assert found.std(0).max() > 1e-3


def test_each_node_can_look_at_another_one_in_gatv2() -> None:
    """Everybody holds a direction of their own: with W = I, V = minus a shift and a = -1, node i prefers i + 1.

    The sum is 0 for that neighbour, and for all others leaky_relu(1) + leaky_relu(-1) = 0.8 against them.
    """
    layer = DynamicGraphAttention(WIDTH, heads=1, activation="identity").double()
    x = torch.eye(NODES, WIDTH, dtype=torch.float64)
    following = (torch.arange(NODES) + 1) % NODES
    with torch.no_grad():
        layer.source.weight.copy_(torch.eye(WIDTH))
        layer.source.bias.zero_()
        layer.target.weight.zero_()
        layer.target.weight[following, torch.arange(NODES)] = -1
        layer.direction.weight.fill_(-1)
    found = weights(layer, layer.source(x), x)
    assert found.argmax(1).equal(following)
    rest = 1 / (1 + (NODES - 1) * torch.tensor(-0.8).exp().double())
    torch.testing.assert_close(found.amax(1), rest.expand(NODES), atol=1e-6, rtol=0)
