"""Many graphs in a few arrays: the nodes of one graph after those of another, and how many belong to each."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Graphs:
    """Attributed graphs of any sizes; `len` counts graphs.

    `nodes` is float32, (all nodes, features). `edges` is int64, (2, all edges): sources above targets, numbered from 0
    inside each graph, and an undirected edge is there both ways. `edge_features` is float32, (all edges, features),
    with no columns if edges have none. `pairs` are the pairs of nodes that are asked about, (2, all pairs), for tasks
    with an answer per edge. The counts, (graphs,), say how many of each belong to each graph.
    """

    nodes: np.ndarray
    edges: np.ndarray
    edge_features: np.ndarray
    pairs: np.ndarray
    node_counts: np.ndarray
    edge_counts: np.ndarray
    pair_counts: np.ndarray

    def __len__(self) -> int:
        return len(self.node_counts)

    def __getitem__(self, rows: np.ndarray) -> "Graphs":
        """The graphs with these numbers, in this order."""
        node, edge, pair = (_ranges(counts, rows) for counts in (self.node_counts, self.edge_counts, self.pair_counts))
        return Graphs(
            nodes=self.nodes[node],
            edges=self.edges[:, edge],
            edge_features=self.edge_features[edge],
            pairs=self.pairs[:, pair],
            node_counts=self.node_counts[rows],
            edge_counts=self.edge_counts[rows],
            pair_counts=self.pair_counts[rows],
        )


def graphs(
    nodes: Sequence[np.ndarray],
    edges: Sequence[np.ndarray],
    edge_features: Sequence[np.ndarray] | None = None,
    pairs: Sequence[np.ndarray] | None = None,
) -> Graphs:
    """Graphs from one array each: nodes (N, F), edges (2, E), features of edges (E, F'), pairs asked about (2, P)."""
    if edge_features is None:
        edge_features = [np.zeros((one.shape[1], 0)) for one in edges]
    if pairs is None:
        pairs = [np.zeros((2, 0)) for _ in nodes]
    return Graphs(
        nodes=np.concatenate(nodes).astype(np.float32),
        edges=np.concatenate(edges, axis=1).astype(np.int64),
        edge_features=np.concatenate(edge_features).astype(np.float32),
        pairs=np.concatenate(pairs, axis=1).astype(np.int64),
        node_counts=np.array([len(one) for one in nodes], np.int64),
        edge_counts=np.array([one.shape[1] for one in edges], np.int64),
        pair_counts=np.array([one.shape[1] for one in pairs], np.int64),
    )


def of_dataset(dataset: Sequence[Any]) -> Graphs:
    """Any torch-geometric dataset, or a list of its `Data`: `x`, `edge_index`, and `edge_attr` where there is one.

    Raises ValueError for graphs whose nodes have no features.
    """
    if any(one.x is None for one in dataset):
        raise ValueError("nodes need features, `x`; torch_geometric.transforms.Constant or OneHotDegree make some")
    features = None
    if all(one.edge_attr is not None for one in dataset):
        features = [_columns(one.edge_attr.numpy()) for one in dataset]
    return graphs([one.x.numpy() for one in dataset], [one.edge_index.numpy() for one in dataset], features)


def per_node(split_of: np.ndarray, labels: np.ndarray, number: int, *, none: float = -1) -> np.ndarray:
    """Targets of one graph, (1, N): the labels of the nodes in split `number`, and `none` where nothing is asked."""
    return np.where(split_of == number, labels, none)[None].astype(labels.dtype)


def _columns(values: np.ndarray) -> np.ndarray:
    """(E, ...) to (E, features), also where E is 0: a graph may have no edges."""
    return values.reshape(len(values), math.prod(values.shape[1:]))


def _ranges(counts: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Where the items of these graphs stand in an array of the items of all graphs."""
    starts = np.cumsum(counts) - counts
    taken = counts[rows]
    shift = np.repeat(starts[rows] - (np.cumsum(taken) - taken), taken)
    return np.arange(taken.sum()) + shift
