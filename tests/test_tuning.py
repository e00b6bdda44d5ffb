"""Pre-training sees no answers, and each kind of tuning moves the weights it says and no others."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from suite import catalog
from suite.course import weights_digest
from suite.data import Data, Part, data
from suite.pretraining import pretrain
from suite.train import _learn, begin, build, train
from suite.trial import Trial
from suite.tricks.invalid import turn_of
from suite.tricks.low_rank import RANK, LowRank, add_low_rank
from suite.tricks.sparsity import fold
from suite.tuning import adapt

TASK = "image/digits"
TINY: dict[str, Any] = {"width": 16, "depth": 2, "patch": 4, "steps": 20, "batch": 16}


def trial(tuning: str = "full", task: str = TASK, architecture: str = "mlp", **levels: Any) -> Trial:
    return Trial(task=task, architecture=architecture).moved(TINY | {"tuning": tuning} | levels)


def state(network: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in network.state_dict().items()}


def pretrained(asked: Trial) -> nn.Module:
    network = build(asked)
    pretrain(network, asked, catalog.task(asked.task), data(asked.task, asked.seed).train)
    return network


def test_pre_training_sees_no_answers() -> None:
    asked, part = trial(), data(TASK, 0).train
    one, other = build(asked), build(asked)
    pretrain(one, asked, catalog.task(TASK), part)
    pretrain(other, asked, catalog.task(TASK), Part(part.inputs, part.targets.flip(0)))
    assert weights_digest(one) == weights_digest(other) != weights_digest(build(asked))


@pytest.mark.parametrize("task", [TASK, "tabular/breast_cancer"])
def test_pre_training_learns_what_is_turned(task: str) -> None:
    asked = trial(task=task, width=32, steps=300, rate=3e-3)
    network, turn = pretrained(asked).eval(), turn_of(catalog.task(task))
    x = data(task, 0).valid.inputs
    right = torch.cat([network(x)[:, 0] < 0, network(turn(x))[:, 0] > 0])  # type: ignore[arg-type]
    assert right.float().mean() > 0.8


def test_the_head_starts_anew_and_the_rest_as_it_was_trained() -> None:
    asked = trial()
    network, fresh = pretrained(asked), build(asked)
    trained = state(network)
    adapt(network, asked)
    for name, tensor in network.state_dict().items():
        assert tensor.equal(fresh.state_dict()[name] if name.startswith("head") else trained[name])


def moved(tuning: str) -> tuple[set[str], nn.Module]:
    asked = trial(tuning)
    network = pretrained(asked)
    adapt(network, asked)
    before = state(network)
    list(_learn(begin(network, asked), asked, catalog.task(TASK), data(TASK, 0).train))
    return {name for name, tensor in network.state_dict().items() if not tensor.equal(before[name])}, network


def test_frozen_learns_the_head_alone() -> None:
    names, _ = moved("frozen")
    assert names == {"head.weight", "head.bias"}


def test_full_learns_everything() -> None:
    names, network = moved("full")
    assert names == network.state_dict().keys()


def test_lora_learns_the_head_and_thin_matrices() -> None:
    names, network = moved("lora")
    assert names - {"head.weight", "head.bias"} == {n for n in network.state_dict() if "up_OR" in n or "down_RI" in n}


@pytest.mark.parametrize("kind", [lambda: nn.Linear(9, 7), lambda: nn.Conv1d(6, 7, 3), lambda: nn.Conv2d(6, 7, 3)])
def test_what_lora_adds_has_low_rank_and_starts_at_zero(kind: Any) -> None:
    module = kind()
    start = module.weight.detach().clone()
    add_low_rank(module)
    assert module.weight.equal(start)
    low = module.parametrizations.weight[0]
    assert isinstance(low, LowRank)
    nn.init.normal_(low.up_OR)
    added = (module.weight - start).flatten(1)
    assert int(torch.linalg.matrix_rank(added.double(), atol=1e-4)) == RANK
    learned = module.weight.detach().clone()
    fold(module)
    assert module.weight.equal(learned)
    assert {name for name, _ in module.named_parameters()} == {"weight", "bias"}


@pytest.mark.parametrize("architecture", ["mlp", "cnn", "gru", "transformer"])
@pytest.mark.parametrize("tuning", ["frozen", "full", "lora"])
def test_a_trial_is_reproducible_and_has_the_names_of_one_from_scratch(architecture: str, tuning: str) -> None:
    asked = trial(tuning, architecture=architecture, task="series/mnist1d")
    first = train(asked)
    assert first.result.outcome == "finished"
    assert train(asked).result == first.result
    scratch = train(asked.moved({"tuning": "scratch"}))
    assert first.result.weights != scratch.result.weights
    assert first.cost.parameters == scratch.cost.parameters
    assert first.cost.flops == 2 * scratch.cost.flops, "what pre-training took is not hidden"


def test_what_is_frozen_was_pre_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not the network as it starts. Nothing is said of which of them is better."""
    asked = trial("frozen")
    after = train(asked).result.weights
    monkeypatch.setattr("suite.train.pretrain", lambda *_: None)
    assert train(asked).result.weights != after


def test_the_test_set_is_used_for_no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    def other_test(name: str, seed: int) -> Data:
        true = data(name, seed)
        return replace(true, test=Part(true.test.inputs * 0, true.test.targets))

    ours = train(trial("lora")).result
    monkeypatch.setattr("suite.train.data", other_test)
    assert train(trial("lora")).result.weights == ours.weights
