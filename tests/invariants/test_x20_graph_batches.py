"""X20 (section 12.2.4): a batch of graphs as one large graph gives each the answers it has alone."""

import pytest
import torch

from suite.graphs import Graphs
from suite.nn.graph import diffuse, scatter_sum, symmetric, with_loops
from tests.specimens import SPECIMENS, network, pairs

NETWORKS = [architecture for specimen, architecture in pairs() if specimen == "graphs"]


@pytest.mark.parametrize("architecture", NETWORKS)
def test_together_as_alone(architecture: str) -> None:
    graphs = SPECIMENS["graphs"].part(8).inputs
    assert isinstance(graphs, Graphs)
    net = network("graphs", architecture).eval()
    torch.testing.assert_close(net(graphs), torch.cat([net(one) for one in graphs.split(1)]), rtol=1e-5, atol=1e-5)


def test_sparse_is_dense_and_scattered_is_a_loop() -> None:
    graphs = SPECIMENS["graphs"].part(8).inputs
    assert isinstance(graphs, Graphs)
    nodes = len(graphs.nodes)
    edges = with_loops(graphs.edge_index, nodes)
    dense = torch.zeros(nodes, nodes).index_put((edges[1], edges[0]), symmetric(edges, nodes))
    torch.testing.assert_close(diffuse(graphs.nodes, edges, symmetric(edges, nodes)), dense @ graphs.nodes)
    looped = torch.zeros_like(graphs.nodes)
    for source, target in edges.T.tolist():
        looped[target] += graphs.nodes[source]
    torch.testing.assert_close(scatter_sum(graphs.nodes[edges[0]], edges[1], nodes), looped)
