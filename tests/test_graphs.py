"""Graphs in a batch are those of torch-geometric, and anybody's torch-geometric data set plugs in."""

import warnings
from dataclasses import fields

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some
from torch import Tensor

from suite.graphs import WALK, Graphs
from suite.objective import answers, loss
from tasks import graphs as arrays
from tasks.task import Split
from tests.specimens import SPECIMENS, data_of, network

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it calls torch.jit.script when it is imported
    from torch_geometric.data import Batch, Data
    from torch_geometric.datasets import FakeDataset
    from torch_geometric.utils import to_dense_batch

SIZES = ((4, 7), (1, 0), (6, 9), (2, 1), (5, 20), (3, 0), (7, 3))  # nodes and edges
NAMES = [field.name for field in fields(Graphs)]
some_rows = some.lists(some.integers(0, len(SIZES) - 1), min_size=1, max_size=9)


def one(nodes: int, edges: int) -> Data:
    """Directed, with loops and repeated edges now and then, and two pairs asked about."""
    return Data(
        x=torch.randn(nodes, 5),
        edge_index=torch.randint(0, nodes, (2, edges)),
        edge_attr=torch.randn(edges, 2),
        pair_index=torch.randint(0, nodes, (2, 2)),
    )


def dataset() -> list[Data]:
    torch.manual_seed(0)
    return [one(*size) for size in SIZES]


def with_pairs(data: list[Data]) -> arrays.Graphs:
    return arrays.graphs(
        [each.x.numpy() for each in data],
        [each.edge_index.numpy() for each in data],
        [each.edge_attr.numpy() for each in data],
        [each.pair_index.numpy() for each in data],
    )


def batch() -> Graphs:
    return Graphs.of(with_pairs(dataset()))


def equal(ours: Graphs, theirs: Graphs) -> None:
    for name in NAMES:
        assert getattr(ours, name).equal(getattr(theirs, name)), name


def is_the_batch(ours: Graphs, data: list[Data]) -> None:
    """What torch-geometric makes of the same graphs; it shifts everything that is called an index."""
    theirs = Batch.from_data_list(data)
    assert len(ours) == theirs.num_graphs
    for mine, expected in (
        (ours.nodes, theirs.x),
        (ours.edge_index, theirs.edge_index),
        (ours.edge_features, theirs.edge_attr),
        (ours.pair_index, theirs.pair_index),
        (ours.graph, theirs.batch),
        (ours.node_counts, theirs.ptr.diff()),
    ):
        assert mine.equal(expected)


def test_a_list_of_data_plugs_in() -> None:
    data = dataset()
    ours = Graphs.of(arrays.of_dataset(data))
    assert len(ours) == len(data)
    for number, expected in enumerate(data):
        found = ours[torch.tensor([number])]
        assert found.nodes.equal(expected.x)
        assert found.edges.equal(expected.edge_index)
        assert found.edge_features.equal(expected.edge_attr)
        assert found.pairs.shape == (2, 0)


def test_a_dataset_plugs_in() -> None:
    data = FakeDataset(num_graphs=5, avg_num_nodes=6, num_channels=5, edge_dim=2)
    ours = Graphs.of(arrays.of_dataset(data))
    assert ours.nodes.equal(torch.cat([each.x for each in data]))
    assert ours.edges.equal(torch.cat([each.edge_index for each in data], 1))
    assert ours.edge_features.equal(torch.cat([each.edge_attr for each in data]))


def test_edges_with_one_number_or_none() -> None:
    data = dataset()
    for each in data:
        each.edge_attr = each.edge_attr[:, 0]
    assert arrays.of_dataset(data).edge_features.tolist() == [[x] for each in data for x in each.edge_attr.tolist()]
    for each in data:
        each.edge_attr = None
    assert arrays.of_dataset(data).edge_features.shape == (sum(edges for _, edges in SIZES), 0)


def test_nodes_without_features_are_refused_with_a_way_out() -> None:
    data = dataset()
    data[1].x = None
    with pytest.raises(ValueError, match="nodes need features, `x`"):
        arrays.of_dataset(data)


def test_a_network_learns_from_it() -> None:
    data, task = dataset(), SPECIMENS["graphs"].task
    part = data_of(Split(arrays.of_dataset(data), np.arange(len(data)) % task.outputs)).train
    net = network("graphs", "mpnn")
    loss(task.target, *answers(task, net(part.inputs), part.targets)).backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in net.parameters())


@given(some_rows)
def test_some_graphs_in_some_order_are_torch_geometrics_batch(rows: list[int]) -> None:
    data = dataset()
    is_the_batch(batch()[torch.tensor(rows)], [data[row] for row in rows])


@given(some_rows)
def test_arrays_take_the_same_rows_as_tensors(rows: list[int]) -> None:
    equal(Graphs.of(with_pairs(dataset())[np.array(rows)]), batch()[torch.tensor(rows)])


@given(some_rows, some_rows)
def test_some_of_some(first: list[int], then: list[int]) -> None:
    then = [row % len(first) for row in then]
    equal(batch()[torch.tensor(first)][torch.tensor(then)], batch()[torch.tensor([first[row] for row in then])])


@pytest.mark.parametrize("rows", [slice(None), slice(2, 5), slice(None, None, 2), slice(-2, None), slice(5, 99)])
def test_a_slice_is_a_list_of_rows(rows: slice) -> None:
    is_the_batch(batch()[rows], dataset()[rows])


@pytest.mark.parametrize("size", [1, 2, 3, len(SIZES), 99])
def test_split_leaves_nothing_out(size: int) -> None:
    pieces, data = batch().split(size), dataset()
    assert all(len(piece) == size for piece in pieces[:-1])
    for start, piece in zip(range(0, len(SIZES), size), pieces, strict=True):
        is_the_batch(piece, data[start : start + size])


@given(some_rows)
def test_padded_is_torch_geometrics_dense_batch(rows: list[int]) -> None:
    graphs = batch()[torch.tensor(rows)]
    values, there = to_dense_batch(graphs.nodes, graphs.graph)
    assert graphs.padded(graphs.nodes).equal(values)
    assert graphs.present.equal(there)
    assert graphs.padded(graphs.nodes[:, 0]).equal(values[..., 0])
    assert graphs.padded(graphs.nodes)[graphs.present].equal(graphs.nodes)


def test_padded_pairs() -> None:
    """Graph 0 is asked about one pair, graph 1 about none, graph 2 about two."""
    pairs = [np.zeros((2, count)) for count in (1, 0, 2)]
    nodes, edges = [np.zeros((3, 1))] * 3, [np.zeros((2, 0))] * 3
    graphs = Graphs.of(arrays.graphs(nodes, edges, pairs=pairs))
    assert graphs.padded_pairs(torch.tensor([7.0, 8, 9])).tolist() == [[7, 0], [0, 0], [8, 9]]


def walks(data: Data) -> Tensor:
    """The diagonals of the powers of D^(-1) A, dense; (N, WALK)."""
    adjacency = torch.zeros(data.num_nodes, data.num_nodes, dtype=torch.float64)
    for source, target in data.edge_index.T.tolist():
        adjacency[source, target] += 1
    step = adjacency / adjacency.sum(1, keepdim=True).clamp(min=1)
    return torch.stack([torch.linalg.matrix_power(step, times).diag() for times in range(1, WALK + 1)], 1).float()


def test_returns_are_diagonals_of_powers() -> None:
    torch.testing.assert_close(batch().returns, torch.cat([walks(each) for each in dataset()]))


def test_known_returns() -> None:
    """Two nodes swap places; in a triangle a walk is back after k + 1 steps if it was not after k, half the time."""
    two, triangle = np.array([[0, 1], [1, 0]]), np.array([[0, 1, 2, 1, 2, 0], [1, 2, 0, 0, 1, 2]])
    returns = Graphs.of(arrays.graphs([np.zeros((2, 1)), np.zeros((3, 1))], [two, triangle])).returns
    chance, chances = 1.0, []
    for _ in range(WALK):
        chance = (1 - chance) / 2
        chances.append(chance)
    torch.testing.assert_close(returns[:2], torch.tensor([0.0, 1.0]).repeat(2, WALK // 2))
    torch.testing.assert_close(returns[2:], torch.tensor(chances).expand(3, -1))
