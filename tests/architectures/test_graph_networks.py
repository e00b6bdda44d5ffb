"""Graph networks against the layers of torch-geometric, on the same weights."""

import warnings

import pytest
import torch
from torch import Tensor

from suite.architectures.gat import StaticGraphAttention
from suite.architectures.gatv2 import DynamicGraphAttention
from suite.architectures.gcn import GraphConvolution
from suite.architectures.gin import SumAndThink
from suite.architectures.graph_conv import CentralConvolution
from suite.architectures.polynomial_gcn import PolynomialConvolution
from suite.graphs import Graphs
from suite.nn.places import Places
from tests.specimens import SPECIMENS

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
