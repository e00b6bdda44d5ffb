"""What is no valid result, no number or not of the type or shape that is due, is recorded as such, with a reason."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from torch import Tensor, nn

from suite import catalog, data
from suite.data import Data, Part
from suite.objective import Invalid
from suite.running import LARGEST, no_larger
from suite.train import train
from suite.trial import Budget, Size, Trial
from tasks.task import Split, Splits
from tests.records import record

WINE = catalog.task("tabular/wine")
DIABETES = catalog.task("tabular/diabetes")


def trial(task: str = "tabular/wine") -> Trial:
    return Trial(task=task, architecture="mlp", size=Size(width=4, depth=1), budget=Budget(steps=10))


class Answering(nn.Module):
    """Linear, and then whatever a test makes of its answers."""

    def __init__(self, features: int, outputs: int, say: Callable[[Tensor], object]) -> None:
        super().__init__()
        self.linear, self.say = nn.Linear(features, outputs), say

    def forward(self, x: Tensor) -> object:
        return self.say(self.linear(x))


def answering(monkeypatch: pytest.MonkeyPatch, outputs: int, say: Callable[[Tensor], object]) -> None:
    def build(task: object, *_: object) -> nn.Module:
        return Answering(task.shape[0], outputs, say)  # type: ignore[attr-defined]

    monkeypatch.setattr(catalog, "architecture", lambda name: SimpleNamespace(build=build))


@pytest.mark.parametrize(
    ("say", "given"),
    [
        (lambda y: (y, y), "tuple"),
        (lambda y: "0.9", "str"),
        (lambda y: y.argmax(1), r"\(64,\) of torch.int64"),
        (lambda y: y[:, :2], r"\(64, 2\) of torch.float32"),
        (lambda y: y[:5], r"\(5, 3\) of torch.float32"),
        (lambda y: y[:, None], r"\(64, 1, 3\) of torch.float32"),
        (lambda y: y * 1j, r"\(64, 3\) of torch.complex64"),
    ],
)
def test_a_network_that_gives_something_else(
    monkeypatch: pytest.MonkeyPatch, say: Callable[[Tensor], object], given: str
) -> None:
    answering(monkeypatch, 3, say)
    result = train(trial()).result
    assert (result.outcome, result.valid, result.test) == ("invalid", None, None)
    with pytest.raises(Invalid, match=rf"{given} where floating-point numbers of shape \(64, 3\) are due"):
        raise Invalid(result.message)


def test_answers_that_would_be_stretched_to_fit_are_not_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the check, three columns are compared with one target, with a warning and a wrong loss."""
    answering(monkeypatch, 3, lambda y: y)
    assert train(trial("tabular/diabetes")).result.outcome == "invalid"


def test_a_variance_behind_every_mean_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, 2, lambda y: y)
    assert train(trial("tabular/diabetes").moved({"loss": "gaussian"})).result.outcome == "finished"


def test_more_classes_than_the_task_has_are_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, 5, lambda y: y)
    assert train(trial()).result.outcome == "finished"


def test_a_score_that_is_no_number_is_not_taken_for_a_divergence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Targets that are all alike leave r2 nothing to explain; every output was finite."""

    def alike(name: str, seed: int) -> Data:
        true = data.data(name, seed)
        return replace(true, test=Part(true.test.inputs, true.test.targets * 0))

    monkeypatch.setattr("suite.train.data", alike)
    result = train(trial("tabular/diabetes")).result
    assert result.outcome == "invalid"
    assert result.message == "the r2 of finite outputs is -inf, which is no score"
    assert (result.steps, len(result.curve), result.test) == (10, 1, None)


def split(inputs: np.ndarray, targets: object) -> Splits:
    part = Split(inputs, targets)  # type: ignore[arg-type]
    return Splits(part, part, part)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ([1, 2, 3], "its task gave list where Splits are due"),
        (split(np.zeros((4, 13), "float32"), [0, 1, 2, 0]), "targets of train are list where 1 axes of int64 are due"),
        (split(np.zeros((4, 13), "float32"), np.zeros(4)), r"targets of train are \(4,\) of float64 where 1 axes of"),
        (split(np.zeros((4, 13), "float32"), np.zeros((4, 1), "int64")), r"are \(4, 1\) of int64 where 1 axes of"),
        (split(np.zeros((4, 13), "float32"), np.zeros(5, "int64")), "train has 5 targets for 4 examples"),
    ],
)
def test_a_task_that_gives_something_else(monkeypatch: pytest.MonkeyPatch, given: object, reason: str) -> None:
    broken = replace(WINE, load=lambda rng: given)
    monkeypatch.setattr(data.catalog, "task", lambda name: broken)
    monkeypatch.setattr(data, "_held", {})
    result = train(trial()).result
    assert result.outcome == "invalid"
    with pytest.raises(Invalid, match=reason):
        raise Invalid(result.message)


def test_a_record_that_is_too_large_for_a_ledger_keeps_only_why() -> None:
    one = record()
    assert no_larger(one, LARGEST) is one
    kept = no_larger(one, LARGEST + 1)
    assert (kept.trial, kept.result.outcome, kept.result.curve) == (one.trial, "invalid", ())
    assert kept.result.message == "its record has 65,537 bytes, and a ledger takes 65,536"
