"""Graph networks against the layers of torch-geometric, on the same weights."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from suite.architectures.gat import StaticGraphAttention
from suite.architectures.gatv2 import DynamicGraphAttention
from suite.architectures.gin import SumAndThink
from suite.architectures.graph_conv import CentralConvolution
from suite.architectures.polynomial_gcn import PolynomialConvolution
from suite.graphs import Graphs
from suite.nn.graph import by_columns, by_rows, diffuse, with_loops
from suite.nn.graph_convolution import GraphConvolution, Weights
from suite.nn.network import Network
from suite.nn.places import Places
from tasks.graphs import graphs as arrays
from tests.specimens import FEATURES, SPECIMENS, network

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it calls torch.jit.script when it is imported
    from torch_geometric import nn as theirs

WIDTH, HEADS = 8, 2


@pytest.fixture
def graphs() -> Graphs:
    inputs = SPECIMENS["graphs"].part(6).inputs
    assert isinstance(inputs, Graphs)
    return inputs


def features(graphs: Graphs) -> Tensor:
    return torch.randn(len(graphs.nodes), WIDTH, generator=torch.Generator().manual_seed(0))


def same(ours: torch.nn.Module, expected: Tensor, graphs: Graphs) -> None:
    torch.testing.assert_close(ours(features(graphs), Places(graphs=graphs)), expected, rtol=1e-4, atol=1e-5)


def test_gcn(graphs: Graphs) -> None:
    ours, conv = GraphConvolution(WIDTH, activation="identity"), theirs.GCNConv(WIDTH, WIDTH)
    conv.lin.weight, conv.bias = ours.linear.weight, ours.linear.bias
    same(ours, conv(features(graphs), graphs.edge_index), graphs)


def one_way() -> Graphs:
    """A graph whose edges have a direction, so that rows are no columns; its last node has none."""
    edges = np.array([[0, 1, 2, 0, 3], [1, 2, 0, 2, 0]])
    return Graphs.of(arrays([np.zeros((5, FEATURES))], [edges], [np.zeros((5, 2))]))


def adjacency(graphs: Graphs) -> Tensor:
    """A + I, (N, N): a row for each target, a column for each source."""
    dense = torch.eye(len(graphs.nodes))
    dense[graphs.edge_index[1], graphs.edge_index[0]] = 1
    return dense


def test_gcn_by_rows_is_a_mean(graphs: Graphs) -> None:
    """torch-geometric's mean over neighbours and the node itself, then the linear map."""
    ours = GraphConvolution(WIDTH, activation="identity", weights=by_rows)
    mean = theirs.SimpleConv(aggr="mean", combine_root="self_loop")
    same(ours, ours.linear(mean(features(graphs), graphs.edge_index)), graphs)


@pytest.mark.parametrize(("weights", "axis"), [(by_rows, 1), (by_columns, 0)])
def test_gcn_by_rows_or_columns_of_the_matrix(weights: Weights, axis: int, graphs: Graphs) -> None:
    """D.12.2 with the other normalizations of section 12.1.2, written out; also where edges go one way."""
    ours = GraphConvolution(WIDTH, activation="identity", weights=weights)
    for each in (graphs, one_way()):
        dense = adjacency(each)
        same(ours, ours.linear(dense / dense.sum(axis, keepdim=True) @ features(each)), each)


@pytest.mark.parametrize(("name", "axis"), [("gcn_rows", 1), ("gcn_columns", 0)])
def test_the_network_has_the_normalization_of_its_name(name: str, axis: int) -> None:
    net = network("nodes", name, depth=1, norm="none", residual="none", activation="identity")
    assert isinstance(net, Network)
    graphs = one_way()
    graphs = replace(graphs, nodes=torch.randn(graphs.nodes.shape))
    dense, mixer = adjacency(graphs), net.layers[0][0].mixer
    expected = mixer.linear(dense / dense.sum(axis, keepdim=True) @ net.stem(graphs)[0])
    torch.testing.assert_close(net.features(graphs)[0], expected)


def test_rows_keep_what_is_everywhere_and_columns_keep_the_total(graphs: Graphs) -> None:
    edges, nodes = with_loops(graphs.edge_index, len(graphs.nodes)), len(graphs.nodes)
    ones, x = torch.ones(nodes, 1), features(graphs)
    torch.testing.assert_close(diffuse(ones, edges, by_rows(edges, nodes)), ones)
    torch.testing.assert_close(diffuse(x, edges, by_columns(edges, nodes)).sum(0), x.sum(0))
    assert not diffuse(ones, edges, by_columns(edges, nodes)).allclose(ones)


def test_polynomial(graphs: Graphs) -> None:
    ours = PolynomialConvolution(WIDTH, kernel=3, activation="identity")
    conv = theirs.TAGConv(WIDTH, WIDTH, K=2)
    for linear, weight in zip(conv.lins, ours.linear.weight.chunk(3, 1), strict=True):
        linear.weight = torch.nn.Parameter(weight.detach())
    conv.bias = ours.linear.bias
    same(ours, conv(features(graphs), graphs.edge_index), graphs)


def test_gat(graphs: Graphs) -> None:
    ours = StaticGraphAttention(WIDTH, heads=HEADS, activation="identity")
    conv = theirs.GATConv(WIDTH, WIDTH // HEADS, HEADS)
    conv.lin.weight = ours.linear.weight
    conv.att_src = torch.nn.Parameter(ours.source.weight[None].detach())
    conv.att_dst = torch.nn.Parameter(ours.target.weight[None].detach())
    same(ours, conv(features(graphs), graphs.edge_index), graphs)


def test_gatv2(graphs: Graphs) -> None:
    ours = DynamicGraphAttention(WIDTH, heads=HEADS, activation="identity")
    conv = theirs.GATv2Conv(WIDTH, WIDTH // HEADS, HEADS)
    conv.lin_l.weight, conv.lin_l.bias, conv.lin_r.weight = (
        ours.source.weight,
        ours.source.bias,
        ours.target.weight,
    )
    torch.nn.init.zeros_(conv.lin_r.bias)
    conv.att = torch.nn.Parameter(ours.direction.weight[None].detach())
    same(ours, conv(features(graphs), graphs.edge_index), graphs)


def test_graph_conv(graphs: Graphs) -> None:
    ours, conv = CentralConvolution(WIDTH, activation="identity"), theirs.SAGEConv(WIDTH, WIDTH)
    conv.lin_l.weight, conv.lin_r.weight, conv.lin_l.bias = (
        ours.neighbours.weight,
        ours.center.weight,
        ours.center.bias,
    )
    same(ours, conv(features(graphs), graphs.edge_index), graphs)


def test_gin(graphs: Graphs) -> None:
    ours = SumAndThink(WIDTH, activation="relu")
    torch.nn.init.constant_(ours.epsilon, 0.3)
    same(ours, theirs.GINConv(ours.think, eps=0.3)(features(graphs), graphs.edge_index), graphs)
