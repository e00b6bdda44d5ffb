"""Trials trained together are the trials trained alone, up to rounding, and do not touch each other."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from suite import catalog, fused
from suite.data import Data, data
from suite.fused import Member, enlist, learn, train_together
from suite.fusion import _double, execution, groups, refusal
from suite.plan import today
from suite.record import Record
from suite.stack import Stack
from suite.train import _learn, begin, build, train
from suite.trial import Trial
from suite.worker import work
from tasks.task import Task

TINY: dict[str, Any] = {"width": 8, "depth": 2, "patch": 4, "steps": 20, "batch": 16}
STACKABLE = ("cnn", "mlp", "transformer")
WIDTH = 3
ARMS: list[dict[str, Any]] = [
    {},
    {"norm": "none", "residual": "none"},
    {"norm": "batch", "augmentation": "light"},
    {"norm": "rms", "augmentation": "mixup"},
    {"norm": "group", "augmentation": "strong", "loss": "focal", "label_smoothing": 0.1},
    {"norm_place": "post", "residual": "gated", "initialization": "orthogonal", "schedule": "cosine"},
    {"residual": "zero", "activation": "swiglu", "augmentation": "invalid", "loss": "hinge"},
    {"norm": "layer_all", "activation": "piecewise", "augmentation": "mixup_beta"},
    {"augmentation": "flip"},
    {"loss": "integer"},
]


def trial(architecture: str = "mlp", *, task: str = "image/digits", seed: int = 0, **levels: Any) -> Trial:
    return Trial(task=task, architecture=architecture, seed=seed).moved(TINY | levels)


def seeds(architecture: str = "mlp", *, number: int = WIDTH, **levels: Any) -> list[Trial]:
    return [trial(architecture, seed=seed, **levels) for seed in range(number)]


def digests(records: list[Record]) -> list[str]:
    return [record.result.digest for record in records]


# The same training


@pytest.mark.parametrize("architecture", ["cnn", "gru", "mlp", "transformer"])
@pytest.mark.parametrize("arm", ARMS, ids=str)
def test_each_member_is_the_training_it_would_be_alone(architecture: str, arm: dict[str, Any]) -> None:
    """In float64, so that no difference hides in rounding: weights, batches, augmentation and optimizer are its own."""
    if refusal(trial(architecture, **arm)):
        pytest.skip(str(refusal(trial(architecture, **arm))))
    members = [enlist(t, _double(data(t.task, t.seed))) for t in seeds(architecture, rate=1e-2, **arm)]
    task = catalog.task("image/digits")
    for member in members:
        member.network.double()
    together = torch.cat([losses for _, losses in learn(members, task)])
    for place, member in enumerate(members):
        training = begin(build(member.trial).double(), member.trial)
        alone = torch.cat(list(_learn(training, member.trial, task, member.examples.train)))
        torch.testing.assert_close(together[:, place], alone, rtol=1e-9, atol=1e-12)
        ours, theirs = member.network.state_dict(), training.network.state_dict()
        assert ours.keys() == theirs.keys()
        for name in ours:
            torch.testing.assert_close(ours[name], theirs[name], rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("architecture", STACKABLE)
@pytest.mark.parametrize("task", ["image/digits", "tabular/diabetes"])
def test_records_agree_with_those_of_trials_alone(architecture: str, task: str) -> None:
    """In float32, as always: losses within 1e-4 of their size, scores within a hundredth."""
    if catalog.refusal(task, architecture):
        pytest.skip(str(catalog.refusal(task, architecture)))
    trials = seeds(architecture, task=task)
    for record, asked in zip(train_together(trials, WIDTH), trials, strict=True):
        alone = train(asked)
        assert record.trial == asked
        assert (record.result.outcome, record.result.steps) == (alone.result.outcome, alone.result.steps)
        assert record.result.test == pytest.approx(alone.result.test, abs=0.01)
        assert [p.step for p in record.result.curve] == [p.step for p in alone.result.curve]
        assert [p.loss for p in record.result.curve] == pytest.approx([p.loss for p in alone.result.curve], rel=1e-4)
        assert (record.cost.parameters, record.cost.flops) == (alone.cost.parameters, alone.cost.flops)


def test_members_may_have_rates_decays_and_augmentations_of_their_own() -> None:
    trials = [
        trial(rate=1e-2),
        trial(rate=1e-2, seed=1),
        trial(weight_decay=0.5),
        trial(rate=3e-3, augmentation="light"),
        trial(augmentation="noise"),
    ]
    assert list(groups(trials, 5)) == [tuple(trials)]
    for record in train_together(trials, 5):
        alone = train(record.trial).result
        assert [p.loss for p in record.result.curve] == pytest.approx([p.loss for p in alone.curve], rel=1e-4)


@pytest.mark.parametrize("architecture", STACKABLE)
def test_company_changes_no_bit(architecture: str) -> None:
    """Nor does its lack: a group that is too small is filled up, so only the width can matter."""
    one, two, three = seeds(architecture)
    whole = digests(train_together([one, two, three], WIDTH))
    assert digests(train_together([three, one], WIDTH)) == [whole[2], whole[0]]
    assert digests(train_together([two], WIDTH)) == [whole[1]]


def test_torch_is_left_as_it_was() -> None:
    state = torch.get_rng_state()
    train_together(seeds(), WIDTH)
    assert torch.get_rng_state().equal(state)
    assert not torch.are_deterministic_algorithms_enabled()


# Members that come to nothing


@pytest.mark.parametrize("architecture", STACKABLE)
@pytest.mark.parametrize("arm", ARMS[:3], ids=str)
def test_a_member_that_diverges_leaves_the_others_as_they_are(architecture: str, arm: dict[str, Any]) -> None:
    one, two, three = seeds(architecture, **arm)
    wild = two.moved({"rate": 1e30})
    healthy, beside = train_together([one, two, three], WIDTH), train_together([one, wild, three], WIDTH)
    assert [digests(beside)[place] for place in (0, 2)] == [digests(healthy)[place] for place in (0, 2)]
    alone = train(wild).result
    assert alone.outcome == beside[1].result.outcome == "diverged"
    assert (beside[1].result.steps, beside[1].result.message) == (alone.steps, alone.message)


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seed 1 sees nothing but NaN, and the data of seed 2 cannot be loaded."""

    def load(task: str, seed: int) -> Data:
        if seed == 2:
            raise OSError("no such file")
        found = data(task, seed)
        inputs = torch.full_like(found.train.inputs, torch.nan)
        return replace(found, train=replace(found.train, inputs=inputs)) if seed == 1 else found

    monkeypatch.setattr("suite.fused.data", load)


@pytest.mark.parametrize("architecture", STACKABLE)
@pytest.mark.usefixtures("blind")
def test_what_is_not_a_number_stays_with_its_member(architecture: str) -> None:
    """Not by the loss, the gradients, the optimizer, or the kernels that all share."""
    one, two, three = seeds(architecture)
    records = train_together([one, two, three, one.model_copy(update={"seed": 3})], 4)
    assert [record.result.outcome for record in records] == ["finished", "diverged", "failed", "finished"]
    assert records[1].result.message == "loss not finite at step 1"
    assert records[2].result.message == "OSError: no such file"
    assert digests([records[0]]) == digests(train_together([one], 4))


def test_an_error_is_charged_to_the_member_that_raised_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(members: Sequence[Member], task: Task) -> Iterator[Any]:
        if any(member.trial.seed == 1 for member in members):
            raise MemoryError("too wide")
        return learn(members, task)

    undisturbed = train_together(seeds(), WIDTH)
    monkeypatch.setattr("suite.fused.learn", explode)
    records = train_together(seeds(), WIDTH)
    assert [record.result.outcome for record in records] == ["finished", "out_of_memory", "finished"]
    assert {record.provenance.execution for record in records} == {f"fused-{WIDTH}"}
    for place in (0, 2):
        assert digests([records[place]]) == digests([undisturbed[place]])


# Another class of numerics


def test_the_width_is_part_of_what_answered() -> None:
    asked = trial()
    alone, by_two, by_three = train(asked), *(train_together([asked], width)[0] for width in (2, 3))
    assert alone.provenance.numerics["execution"] == "solo"
    assert by_two.provenance.numerics["execution"] == "fused-2" == execution(asked, 2)
    assert len({record.answered_by for record in (alone, by_two, by_three)}) == 3
    assert today(asked).answered_by == alone.answered_by, "a fused record does not answer for a trial alone"
    assert by_two.provenance.source == by_three.provenance.source != alone.provenance.source


# What is trained alone


@pytest.mark.parametrize(
    ("asked", "because"),
    [
        (trial(dropout=0.1), "dropout draws its masks"),
        (trial(dropout=0.1, dropout_kind="cutout"), "dropout draws its masks"),
        (trial("gru"), "gru cannot be stacked: Batching rule"),
        *(
            (trial(**{name: level}), f"{name} {level} is not part of the stacked step")
            for name, level in [
                ("optimizer", "sgd"),
                ("optimizer", "adam"),
                ("clip", 1.0),
                ("patience", 2),
                ("sparsity", "product"),
                ("sparsity", "l1"),
                ("precision", "bfloat16"),
                ("tuning", "full"),
            ]
        ),
    ],
)
def test_what_cannot_be_stacked_is_refused_with_a_reason(asked: Trial, because: str) -> None:
    assert str(refusal(asked)).startswith(because)
    assert execution(asked, 8) == "solo"


@pytest.mark.parametrize("architecture", STACKABLE)
def test_one_at_a_time_is_alone(architecture: str) -> None:
    assert refusal(trial(architecture)) is None
    assert execution(trial(architecture), 1) == "solo"
    assert execution(trial(architecture), 4) == "fused-4"


class Whimsical(nn.Module):
    """Every instance multiplies by a number of its own that is no buffer, so that a stack cannot know it."""

    numbers = count(1)

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(64, 10)
        self.number = next(self.numbers)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x.flatten(1)) * self.number


def test_a_network_that_is_another_one_when_stacked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "architecture", lambda name: SimpleNamespace(build=lambda *_: Whimsical()))
    asked = Trial(task="image/digits", architecture="whimsical")
    assert str(refusal(asked)).startswith("whimsical is trained differently when stacked")


def test_groups_keep_the_order_and_what_is_alike_together() -> None:
    plain, other, alone = seeds(number=5), seeds("cnn", number=2), seeds("gru", number=2)
    mixed = [*plain, *other, *alone]
    found = list(groups(mixed, 3))
    assert [t for group in found for t in group] == mixed
    assert [len(group) for group in found] == [3, 2, 2, 2]
    assert list(groups(mixed, 1)) == [(t,) for t in mixed]


# On a worker


def test_a_worker_says_the_same_of_trials_together(tmp_path: Path) -> None:
    """What can be is trained together, also if it is the only one; what cannot be is trained alone."""
    asked = [*seeds(), *seeds("gru", number=2), trial("cnn")]
    said = list(
        work([t.model_dump_json() for t in asked], 60.0, str(tmp_path / "checkpoints"), str(tmp_path / "data"), WIDTH)
    )
    assert [line.partition(" ")[0] for line in said] == ["started", "record"] * len(asked)
    assert [line.split()[1] for line in said[::2]] == [t.id for t in asked]
    records = [Record.from_json(line.partition(" ")[2]) for line in said[1::2]]
    assert [record.trial for record in records] == asked
    modes = [record.provenance.numerics["execution"] for record in records]
    assert modes == ["fused-3"] * 3 + ["solo"] * 2 + ["fused-3"]


def test_a_worker_trains_alone_unless_told_otherwise(tmp_path: Path) -> None:
    (_, said) = work([trial().model_dump_json()], 60.0, str(tmp_path / "checkpoints"), str(tmp_path / "data"))
    assert Record.from_json(said.partition(" ")[2]).answered_by == today(trial()).answered_by


# The stack


def test_each_network_goes_on_to_see_its_own_weights() -> None:
    trials = seeds("cnn", norm="batch")
    networks = [build(t) for t in trials]
    kept = [{name: tensor.clone() for name, tensor in network.state_dict().items()} for network in networks]
    stack = Stack(networks)
    for network, before in zip(networks, kept, strict=True):
        assert all(tensor.equal(before[name]) for name, tensor in network.state_dict().items())
    with torch.no_grad():
        for tensor in stack.parameters.values():
            tensor[1] += 1
    assert networks[0].state_dict()["head.weight"].equal(kept[0]["head.weight"])
    assert networks[1].state_dict()["head.weight"].equal(kept[1]["head.weight"] + 1)


def test_a_member_is_looked_at_no_more_once_it_has_a_result() -> None:
    members = [enlist(t, data(t.task, t.seed)) for t in seeds(number=2, rate=1e30, steps=60)]
    assert isinstance(members[0], Member)
    results = fused._follow(members, catalog.task("image/digits"))
    assert [result.outcome for result in results] == ["diverged", "diverged"]
    assert max(result.steps for result in results) < 60
