"""Losses and scores are their formulas."""

import pytest
import torch
from sklearn.metrics import accuracy_score, r2_score

from suite import catalog
from suite.objective import loss, score

CLASS, VALUE = catalog.task("image/digits"), catalog.task("tabular/diabetes")


def test_cross_entropy_of_classes_and_of_distributions() -> None:
    outputs, targets = torch.randn(6, 10), torch.arange(6)
    expected = -outputs.log_softmax(1)[torch.arange(6), targets].mean()
    torch.testing.assert_close(loss("class", outputs, targets), expected)
    torch.testing.assert_close(loss("class", outputs, torch.eye(10)[:6]), expected)
    mixed = 0.3 * torch.eye(10)[:6] + 0.7 * torch.eye(10)[4:]
    torch.testing.assert_close(loss("class", outputs, mixed), -(mixed * outputs.log_softmax(1)).sum(1).mean())


def test_cross_entropy_does_not_overflow() -> None:
    """Invariant X03."""
    assert loss("class", torch.tensor([[1e4, 0.0], [0.0, 1e4]]), torch.tensor([0, 1])).item() == 0


def test_squared_error_of_values() -> None:
    outputs, targets = torch.randn(6, 2), torch.randn(6, 2)
    torch.testing.assert_close(loss("value", outputs, targets), (outputs - targets).square().mean())


def test_accuracy() -> None:
    outputs, targets = torch.randn(50, 10), torch.randint(10, (50,))
    assert score(CLASS, outputs, targets) == accuracy_score(targets, outputs.argmax(1))


def test_r2() -> None:
    outputs, targets = torch.randn(50, 1), torch.randn(50, 1)
    assert score(VALUE, outputs, targets) == pytest.approx(r2_score(targets, outputs))
    assert score(VALUE, targets, targets) == 1
    assert score(VALUE, targets.mean().expand(50, 1), targets) == pytest.approx(0, abs=1e-6)
