"""Graph networks under deterministic algorithms: nothing is refused, and the same bits come out again."""

import numpy as np
import pytest
import torch

from suite.graphs import Graphs
from suite.numerics import settled
from suite.objective import answers, loss
from tasks.graphs import graphs as arrays
from tests.specimens import FEATURES, SPECIMENS, network, pairs

PAIRS = [(specimen, architecture) for specimen, architecture in pairs() if SPECIMENS[specimen].task.data == "graph"]


def gradients(specimen: str, architecture: str) -> list[torch.Tensor]:
    """Of every weight, from the same weights and examples."""
    net, part, task = network(specimen, architecture), SPECIMENS[specimen].part(8), SPECIMENS[specimen].task
    loss(task.target, *answers(task, net(part.inputs), part.targets)).backward()
    return [weight.grad for weight in net.parameters() if weight.grad is not None]


@pytest.mark.parametrize(("specimen", "architecture"), PAIRS)
def test_forward_and_backward(specimen: str, architecture: str) -> None:
    with settled():
        first, again = gradients(specimen, architecture), gradients(specimen, architecture)
    assert len(first) > 0
    assert all(ours.isfinite().all() and ours.equal(theirs) for ours, theirs in zip(first, again, strict=True))


@pytest.mark.parametrize("architecture", [architecture for specimen, architecture in PAIRS if specimen == "graphs"])
def test_graphs_without_any_edge(architecture: str) -> None:
    """A molecule of one atom, alone and in a batch of such."""
    rng = np.random.default_rng(0)
    nodes = [rng.standard_normal((size, FEATURES)) for size in (1, 3, 2)]
    graphs = Graphs.of(arrays(nodes, [np.zeros((2, 0))] * 3, [np.zeros((0, 2))] * 3))
    net = network("graphs", architecture).eval()
    with settled():
        together, alone = net(graphs), torch.cat([net(one) for one in graphs.split(1)])
        together.sum().backward()
    torch.testing.assert_close(together, alone)
    assert all(weight.grad is None or weight.grad.isfinite().all() for weight in net.parameters())
