"""X12 (section 12.2.1), for graphs: f(P X, P A P^T) = P f(X, A), and a pooled read-out is invariant.

Nodes move within their graph, and the edges and pairs that name them go along, listed in another order.
"""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from suite.graphs import Graphs
from tests.specimens import SPECIMENS, network, pairs

NETWORKS = [architecture for specimen, architecture in pairs() if specimen == "nodes"]
BLIND = ("linear", "mlp", "kan", "mixture_of_experts", "neural_ode")  # each node for itself: edges are nothing to them
EQUAL, DIFFERENT = 1e-5, 1e-2

each_network = pytest.mark.parametrize("architecture", NETWORKS)


def drawn() -> Graphs:
    graphs = SPECIMENS["nodes"].part(6).inputs
    assert isinstance(graphs, Graphs)
    return graphs


def shuffled(graphs: Graphs) -> Tensor:
    """For each node, of all graphs together, the one that comes to its place; (N,)."""
    counts = graphs.node_counts.tolist()
    starts = (graphs.node_counts.cumsum(0) - graphs.node_counts).tolist()
    return torch.cat([start + torch.randperm(count) for start, count in zip(starts, counts, strict=True)])


def relabelled(graphs: Graphs, order: Tensor) -> Graphs:
    """The same graphs, their nodes in another order: P X and P A P^T."""
    starts, place = graphs.node_counts.cumsum(0) - graphs.node_counts, order.argsort()
    local = place - starts[graphs.graph]
    of_edges = torch.repeat_interleave(torch.arange(len(graphs)), graphs.edge_counts)
    listed = torch.randperm(len(of_edges))
    listed = listed[of_edges[listed].argsort(stable=True)]  # edges stay with their graph
    return replace(
        graphs,
        nodes=graphs.nodes[order],
        edges=local[graphs.edge_index][:, listed],
        edge_features=graphs.edge_features[listed],
        pairs=local[graphs.pair_index],
    )


def furthest(ours: Tensor, theirs: Tensor) -> float:
    return (ours - theirs).abs().max().item()


def test_it_is_the_same_graph() -> None:
    """P A P^T, with features of edges for entries, from dense matrices."""
    graphs = drawn()[:1]
    order, nodes = shuffled(graphs), len(graphs.nodes)
    before, after = torch.zeros(nodes, nodes, 2), torch.zeros(nodes, nodes, 2)
    before[*graphs.edge_index] = graphs.edge_features
    moved = relabelled(graphs, order)
    after[*moved.edge_index] = moved.edge_features
    matrix = torch.eye(nodes)[order]
    assert moved.nodes.equal(matrix @ graphs.nodes)
    assert after.equal(torch.einsum("ij,jkf,lk->ilf", matrix, before, matrix))
    assert not after.equal(before)


@each_network
def test_answers_of_nodes_move_with_them(architecture: str) -> None:
    graphs, net = drawn(), network("nodes", architecture).eval()
    order = shuffled(graphs)
    before, after = (net(each)[each.present] for each in (graphs, relabelled(graphs, order)))
    assert furthest(after, before[order]) < EQUAL
    assert furthest(after, before) > DIFFERENT


@each_network
def test_edges_that_stay_behind_change_the_answers(architecture: str) -> None:
    """f(P X, A) is another graph, unless a network knows nothing of edges."""
    graphs, net = drawn(), network("nodes", architecture).eval()
    order = shuffled(graphs)
    before, after = (net(each)[each.present] for each in (graphs, replace(graphs, nodes=graphs.nodes[order])))
    moved = furthest(after, before[order])
    assert moved < EQUAL if architecture in BLIND else moved > DIFFERENT


@each_network
@pytest.mark.parametrize("readout", ["mean", "sum", "max"])
def test_pooled_answers_do_not_know_the_order(architecture: str, readout: str) -> None:
    graphs, net = drawn(), network("graphs", architecture, readout=readout).eval()
    assert furthest(net(relabelled(graphs, shuffled(graphs))), net(graphs)) < EQUAL


@each_network
def test_answers_for_pairs_do_not_know_the_order(architecture: str) -> None:
    graphs, net = drawn(), network("edges", architecture).eval()
    assert furthest(net(relabelled(graphs, shuffled(graphs))), net(graphs)) < EQUAL


def test_an_answer_read_from_the_first_node_does() -> None:
    graphs, net = drawn(), network("graphs", "gcn", readout="first").eval()
    assert furthest(net(relabelled(graphs, shuffled(graphs))), net(graphs)) > DIFFERENT
