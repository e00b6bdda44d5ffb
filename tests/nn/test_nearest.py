"""A class that is a number: the nearest one is chosen, and the loss is that of least squares on class numbers."""

from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional

from suite import catalog
from suite.nn.nearest import Nearest
from suite.objective import score
from suite.train import build, train
from suite.trial import Trial, Tricks
from suite.tricks.losses import loss_of, outputs_of
from tests.specimens import SPECIMENS, network

CLASSES = 5
TINY: dict[str, Any] = {"loss": "integer", "width": 16, "depth": 1, "patch": 4, "steps": 300, "rate": 1e-2}


def test_it_answers_with_the_nearest_class() -> None:
    numbers = torch.tensor([-3.0, 0.4, 0.6, 2.1, 3.49, 3.51, 40.0])[:, None]
    outputs = Nearest(nn.Identity(), CLASSES)(numbers)
    assert outputs.argmax(1).tolist() == [0, 0, 1, 2, 3, 4, 4]
    torch.testing.assert_close(outputs[1], torch.tensor([-0.16, -0.36, -2.56, -6.76, -12.96]))


def test_its_loss_is_least_squares_on_the_number_of_the_class() -> None:
    numbers, labels = torch.randn(20, 1).double(), torch.randint(CLASSES, (20,))
    numbers.requires_grad_()
    ours = loss_of("class", Tricks(loss="integer"))(Nearest(nn.Identity(), CLASSES)(numbers), labels)
    theirs = functional.mse_loss(numbers[:, 0], labels.double())
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(*(torch.autograd.grad(value, numbers)[0] for value in (ours, theirs)))


def test_what_is_scored_is_what_rounding_answers() -> None:
    task, numbers = catalog.task("image/digits"), 12 * torch.rand(200, 1) - 1
    labels = torch.randint(task.outputs, (200,))
    rounded = numbers[:, 0].round().clamp(0, task.outputs - 1)
    expected = (rounded == labels).double().mean().item()
    assert score(task, Nearest(nn.Identity(), task.outputs)(numbers), labels) == expected > 0


@pytest.mark.parametrize("specimen", ["image", "language", "nodes", "edges"])
def test_a_network_has_one_number_for_all_classes(specimen: str) -> None:
    name = {"image": "cnn", "language": "decoder"}.get(specimen, "gcn")
    net, task = network(specimen, name, loss="integer"), SPECIMENS[specimen].task
    assert outputs_of(task, Tricks(loss="integer")) == 1
    outputs = net(SPECIMENS[specimen].part(3).inputs)
    assert outputs.shape[-1] == task.outputs
    there = outputs[(outputs != 0).any(-1)]  # without nodes and pairs that fill a batch up
    number = (there[:, 1] - there[:, 0] + 1) / 2  # -(n - 1)^2 and -n^2 differ by 2 n - 1
    expected = -(number[:, None] - torch.arange(task.outputs)).square()
    torch.testing.assert_close(there, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("order", "accuracy"), [([0, 1, 2, 3, 4], 1.0), ([0, 3, 1, 4, 2], 0.0)])
def test_an_order_that_there_is_can_be_learned_and_another_cannot(order: list[int], accuracy: float) -> None:
    """A line through labels 0 to 4 in their order, and permuted: its least squares are 0.5 x + 2 (hypothesis H06)."""
    x, labels = torch.arange(-2.0, 3.0).repeat(20)[:, None], torch.tensor(order).repeat(20)
    model, loss = Nearest(nn.Linear(1, 1), CLASSES), loss_of("class", Tricks(loss="integer"))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(200):
        optimizer.zero_grad()
        loss(model(x), labels).backward()
        optimizer.step()
    assert model.number.weight.item() == pytest.approx(1.0 if order == sorted(order) else 0.5, abs=1e-4)
    assert model.number.bias.item() == pytest.approx(2.0, abs=1e-4)
    assert (model(x).argmax(1) == labels).double().mean().item() == pytest.approx(accuracy)


def test_it_trains_and_is_another_training() -> None:
    trial = Trial(task="image/digits", architecture="mlp").moved(TINY)
    ours, plain = train(trial).result, train(trial.moved({"loss": "default"})).result
    assert ours.outcome == plain.outcome == "finished"
    assert ours.weights != plain.weights
    assert ours.valid is not None
    assert 0.3 < ours.valid <= 1
    assert "head.number.weight" in build(trial).state_dict()
