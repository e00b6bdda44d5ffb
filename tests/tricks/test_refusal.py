"""Tricks that mean nothing are refused in one sentence, and those that are not refused can be trained with."""

from typing import Any, get_args

import pytest

from suite import catalog
from suite.train import train
from suite.trial import Trial, Tricks
from suite.tricks.refusal import refusal
from tests.specimens import SPECIMENS

IMAGE, TABLE, VALUE = SPECIMENS["image"].task, SPECIMENS["table"].task, catalog.task("tabular/diabetes")
NAMED = (
    "norm",
    "norm_place",
    "residual",
    "activation",
    "readout",
    "dropout_kind",
    "augmentation",
    "loss",
    "sparsity",
    "tuning",
)
LEVELS = [(name, v) for name in NAMED for v in get_args(Tricks.model_fields[name].annotation)]
TINY = {"width": 8, "depth": 1, "patch": 4, "steps": 2, "batch": 16}


@pytest.mark.parametrize("specimen", SPECIMENS)
def test_the_defaults_are_never_refused(specimen: str) -> None:
    assert refusal(Tricks(), SPECIMENS[specimen].task) is None


@pytest.mark.parametrize(
    ("tricks", "task", "words"),
    [
        ({"augmentation": "cutmix"}, TABLE, "augmentation cutmix"),
        ({"loss": "gaussian"}, IMAGE, "loss gaussian"),
        ({"loss": "focal"}, VALUE, "loss focal"),
        ({"loss": "integer"}, VALUE, "loss integer"),
        ({"manifold": 0.1}, SPECIMENS["graphs"].task, "manifold"),
        ({"label_smoothing": 0.1}, VALUE, "label_smoothing"),
        ({"norm": "instance"}, SPECIMENS["language"].task, "norm instance"),
        ({"dropout": 0.1, "dropout_kind": "cutout"}, TABLE, "dropout_kind cutout"),
        ({"dropout": 0.1, "dropout_kind": "cutout", "dropout_samples": 3}, IMAGE, "dropout_samples"),
        ({"dropout": 0.1, "dropout_kind": "depth", "residual": "none"}, IMAGE, "dropout_kind depth"),
        ({"tuning": "full"}, SPECIMENS["text"].task, "tuning full"),
        ({"tuning": "full", "loss": "integer"}, IMAGE, "tuning full"),
        ({"tuning": "lora", "sparsity": "product"}, IMAGE, "tuning lora"),
        ({"tuning": "lora", "dropout": 0.1, "dropout_kind": "connect"}, IMAGE, "tuning lora"),
        ({"dropout": 0.1, "dropout_kind": "connect", "sparsity": "product"}, IMAGE, "dropout_kind connect"),
    ],
)
def test_what_means_nothing_is_refused(tricks: dict[str, Any], task: Any, words: str) -> None:
    reason = refusal(Tricks(**tricks), task)
    assert reason is not None
    assert reason.startswith(words)
    assert "\n" not in reason


@pytest.mark.parametrize("tricks", [{"dropout_kind": "cutout"}, {"dropout_kind": "depth", "residual": "none"}])
def test_a_kind_of_dropout_without_dropout_is_harmless(tricks: dict[str, Any]) -> None:
    assert refusal(Tricks(**tricks), TABLE) is None


@pytest.mark.parametrize("task", ["image/digits", "tabular/diabetes", "series/mnist1d"])
@pytest.mark.parametrize(("name", "level"), LEVELS)
def test_a_trial_finishes_exactly_if_it_is_not_refused(task: str, name: str, level: str) -> None:
    architecture = "cnn" if task == "series/mnist1d" else "transformer"
    trial = Trial(task=task, architecture=architecture).moved({**TINY, "dropout": 0.2, name: level})
    reason = refusal(trial.tricks, catalog.task(task))
    result = train(trial).result
    assert (result.outcome == "finished") == (reason is None), result.message
    if result.outcome == "failed":
        assert result.message == f"ValueError: {reason}"
