"""The penalty on answers that differ between neighbours is f^T L f over the nodes, and pulls as it should."""

from typing import Any

import pytest
import torch
from torch import nn

from suite import catalog
from suite.data import data
from suite.graphs import Graphs
from suite.nn.manifold import manifold
from suite.objective import answers, loss
from suite.splitting import refusal as unsplit
from suite.train import _learn, begin, build, train
from suite.trial import Trial, Tricks
from suite.tricks.refusal import refusal
from tests.specimens import SPECIMENS

TASK = "graph/stochastic_blocks"
SMALL: dict[str, Any] = {"width": 8, "depth": 1, "steps": 1, "batch": 4, "optimizer": "sgd", "rate": 0.1}
PLAIN: dict[str, Any] = {"schedule": "constant", "weight_decay": 0.0}


def trial(weight: float, **levels: object) -> Trial:
    return Trial(task=TASK, architecture="mlp").moved({**SMALL, **PLAIN, "manifold": weight, **levels})


def test_no_weight_is_nothing_and_changes_no_id() -> None:
    assert manifold(0.0) is None
    assert trial(0.0).id == Trial(task=TASK, architecture="mlp").moved({**SMALL, **PLAIN}).id != trial(0.1).id


def test_it_is_the_quadratic_form_of_the_dense_laplacian() -> None:
    """Over several graphs of several sizes, with answers that are filled up where a graph has fewer nodes."""
    graphs = SPECIMENS["nodes"].part(6).inputs
    assert isinstance(graphs, Graphs)
    f = torch.randn(len(graphs.nodes), 3, dtype=torch.float64)
    adjacency = torch.zeros(len(f), len(f), dtype=torch.float64)
    adjacency[graphs.edge_index[1], graphs.edge_index[0]] = 1
    quadratic = torch.einsum("nk,nm,mk->", f, adjacency.sum(1).diag() - adjacency, f)
    penalty = manifold(0.3)
    assert penalty is not None
    torch.testing.assert_close(penalty(graphs.padded(f), graphs), 0.3 * quadratic / len(f))
    assert penalty(graphs.padded(torch.ones_like(f)), graphs) == 0


def trained(ours: Trial) -> nn.Module:
    training = begin(build(ours), ours)
    for _ in _learn(training, ours, catalog.task(TASK), data(TASK, 0).train):
        pass
    return training.network.eval()


def test_a_step_of_training_is_one_down_the_loss_and_the_penalty() -> None:
    """The first step of plain gradient descent, by hand."""
    ours, examples, task = trial(0.5, optimizer="gd"), data(TASK, 0).train, catalog.task(TASK)
    network, graphs = build(ours), examples.inputs
    assert isinstance(graphs, Graphs)
    outputs = network(graphs)
    f, (source, target) = outputs[graphs.present], graphs.edge_index
    penalty = 0.5 * (f[source] - f[target]).square().sum() / 2 / len(graphs.nodes)
    (loss(task.target, *answers(task, outputs, examples.targets)) + penalty).backward()
    plain = trained(ours.moved({"manifold": 0.0})).state_dict()
    for name, weight in trained(ours).named_parameters():
        before = network.get_parameter(name)
        assert before.grad is not None
        torch.testing.assert_close(weight, before - 0.1 * before.grad, rtol=1e-4, atol=1e-6)
        same = weight.allclose(plain[name], rtol=0, atol=1e-6)
        assert same == (name in ("norm.bias", "head.bias")), "which move all answers alike"


def test_evaluation_knows_nothing_of_it() -> None:
    ours, plain = (train(trial(weight, steps=0)).result for weight in (10.0, 0.0))
    assert (ours.valid, ours.test, ours.weights) == (plain.valid, plain.test, plain.weights)


def test_a_perceptron_that_sees_no_edge_is_smoothed_by_it() -> None:
    """What the network says of neighbours differs less, and nothing else tells it of the edges."""
    graphs, rough = data(TASK, 0).test.inputs, []
    assert isinstance(graphs, Graphs)
    for weight in (0.0, 1.0):
        net = trained(trial(weight, steps=100, optimizer="adamw", rate=1e-2))
        penalty = manifold(1.0)
        assert penalty is not None
        with torch.no_grad():
            rough.append(penalty(net(graphs), graphs).item())
    assert rough[1] < 0.1 * rough[0]


@pytest.mark.parametrize("specimen", [name for name in SPECIMENS if name != "nodes"])
def test_it_is_for_answers_at_nodes_alone(specimen: str) -> None:
    reason = refusal(Tricks(manifold=0.1), SPECIMENS[specimen].task)
    assert reason is not None
    assert reason.startswith("manifold compares the answers of neighbours in a graph, and the task asks about ")
    assert refusal(Tricks(manifold=0.1), SPECIMENS["nodes"].task) is None


def test_a_group_of_processes_cannot_have_it() -> None:
    assert (
        unsplit(trial(0.1), 2) == "manifold is a mean over the nodes of the batch, of which each process sees a slice"
    )
