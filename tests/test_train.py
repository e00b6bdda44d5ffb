"""One trial in, one record out: the same bits every time, paired arms, and failures that are results."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from suite import catalog
from suite.course import MOST_POINTS, POINT_EVERY, is_point, weights_digest
from suite.data import Data, Part, data
from suite.evaluation import evaluate
from suite.past import of
from suite.plan import is_current
from suite.provenance import provenance
from suite.record import Record
from suite.seeds import fixed
from suite.train import _learn, batch_size, batches, begin, build, train
from suite.trial import Trial, Tricks
from suite.tricks.dropout import Dropout
from suite.tricks.losses import Loss, loss_of

TINY: dict[str, Any] = {"width": 8, "depth": 2, "patch": 4, "steps": 12, "batch": 16}
ARCHITECTURES = ("cnn", "gru", "mlp", "transformer")
TASKS = ("tabular/breast_cancer", "tabular/diabetes", "image/digits", "series/mnist1d", "series/sunspots")
ARM: dict[str, Any] = {"norm": "batch", "dropout": 0.3, "augmentation": "mixup", "residual": "add"}
AUGMENTATIONS = ("noise", "light", "strong", "mixup", "cutmix", "invalid")

each_architecture = pytest.mark.parametrize("architecture", ARCHITECTURES)


def trial(architecture: str = "mlp", task: str = "image/digits", **levels: Any) -> Trial:
    return Trial(task=task, architecture=architecture).moved(TINY | levels)


def digest(*where: str, **levels: Any) -> str:
    return train(trial(*where, **levels)).result.digest


# The same bits


@each_architecture
def test_the_same_trial_gives_the_same_bits_whatever_came_before(architecture: str) -> None:
    first = train(trial(architecture, **ARM))
    assert first.result.outcome == "finished"
    train(trial("cnn", dropout=0.5))
    torch.manual_seed(12345)
    torch.rand(7)
    torch.set_num_threads(2)
    try:
        again = train(trial(architecture, **ARM))
    finally:
        torch.set_num_threads(1)
    assert again.result == first.result
    assert again.result.digest == first.result.digest
    assert again.answered_by == first.answered_by


OTHER_PROCESS = """
import json, os, torch
torch.manual_seed(99); torch.rand(3)
from suite.train import train
from suite.trial import Trial
train(Trial(task="tabular/diabetes", architecture="mlp").moved({"steps": 3}))
for text in json.loads(os.environ["TRIALS"]):
    print(train(Trial.model_validate_json(text)).result.digest)
"""


def test_another_process_gives_the_same_bits(python: Callable[..., str]) -> None:
    """With another hash seed, other threads by default, and other work done before."""
    trials = [trial(architecture, **ARM) for architecture in ARCHITECTURES]
    asked = json.dumps([t.model_dump_json() for t in trials])
    printed = python(OTHER_PROCESS, TRIALS=asked, PYTHONHASHSEED="3", OMP_NUM_THREADS="2").split()
    assert printed == [train(t).result.digest for t in trials]


def test_training_leaves_torch_as_it_was() -> None:
    torch.manual_seed(5)
    state = torch.get_rng_state()
    train(trial("transformer", **ARM))
    assert torch.get_rng_state().equal(state)
    assert not torch.are_deterministic_algorithms_enabled()


@each_architecture
def test_training_leaves_the_data_as_it_was(architecture: str) -> None:
    examples = data("image/digits", 0)
    kept = examples.train.inputs.clone(), examples.train.targets.clone()
    for level in AUGMENTATIONS:
        train(trial(architecture, augmentation=level, steps=3))
    assert examples.train.inputs.equal(kept[0])
    assert examples.train.targets.equal(kept[1])


# Every setting acts


SETTINGS: list[dict[str, Any]] = [
    *({"norm": level} for level in ("none", "batch", "group", "rms")),
    *({"residual": level} for level in ("none", "scaled", "gated", "zero")),
    *({"dropout": 0.2, "dropout_kind": kind} for kind in ("element", "spatial", "connect", "depth", "cutout")),
    *({"augmentation": level} for level in AUGMENTATIONS),
    *({"loss": level} for level in ("focal", "brier", "hinge", "squared")),
    *({"initialization": level} for level in ("he", "xavier", "orthogonal")),
    *({"sparsity": level} for level in ("l1", "product")),
    *({"optimizer": level} for level in ("gd", "sgd", "momentum", "adam")),
    *({"schedule": level} for level in ("constant", "cosine", "warmup")),
    *({"tuning": level} for level in ("frozen", "full", "lora")),
    {"norm_place": "post"},
    {"label_smoothing": 0.1},
    {"precision": "bfloat16"},
    {"clip": 0.01},
    *({"width": 12}, {"depth": 3}, {"steps": 13}, {"batch": 17}, {"rate": 2e-3}, {"weight_decay": 0.5}),
]


@pytest.mark.parametrize("architecture", ["mlp", "transformer"])
def test_every_setting_changes_what_is_learned(architecture: str) -> None:
    """Each from the default, and no two in the same way."""
    results = [train(trial(architecture, **({"steps": 20} | levels))).result for levels in ({}, *SETTINGS)]
    assert [result.outcome for result in results] == ["finished"] * len(results)
    weights = [result.weights for result in results]
    alike = [SETTINGS[place - 1] for place in range(1, len(weights)) if weights[place] in weights[:place]]
    one_place = [{"dropout": 0.2, "dropout_kind": "spatial"}]  # then a channel is an element
    assert alike == (one_place if architecture == "mlp" else [])


@pytest.mark.parametrize("level", ["relu", "swiglu", "kernel", "polynomial"])
def test_activations_change_what_is_learned(level: str) -> None:
    assert train(trial(activation=level)).result.weights != train(trial()).result.weights


@pytest.mark.parametrize("level", ["absolute", "huber", "gaussian"])
def test_losses_of_values_change_what_is_learned(level: str) -> None:
    ours, plain = (train(trial(task="tabular/diabetes", loss=name)).result for name in (level, "default"))
    assert ours.outcome == "finished"
    assert ours.weights != plain.weights


def test_seeds_differ() -> None:
    results = {train(trial().model_copy(update={"seed": seed})).result.digest for seed in range(3)}
    assert len(results) == 3


@pytest.mark.parametrize("level", AUGMENTATIONS)
def test_augmentation_never_acts_at_evaluation(level: str) -> None:
    """Without a step there is nothing to vary: the score is that of the arm without."""
    ours, plain = (train(trial(augmentation=a, steps=0)).result for a in (level, "none"))
    assert (ours.valid, ours.test, ours.weights) == (plain.valid, plain.test, plain.weights)


@pytest.mark.parametrize("kind", ["element", "spatial", "connect", "depth", "cutout"])
def test_dropout_is_off_whenever_a_score_is_taken(kind: str) -> None:
    ours, plain = (train(trial(dropout=p, dropout_kind=kind, steps=0)).result for p in (0.9, 0.0))
    assert (ours.valid, ours.test) == (plain.valid, plain.test)


# Arms are paired


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, bytes]]:
    """What each step of training sees: its targets, and where torch's own random numbers stand after the first pass."""
    steps: list[tuple[bytes, bytes]] = []

    def watching(*asked: Any) -> Loss:
        def watch(outputs: Tensor, targets: Tensor) -> Tensor:
            steps.append((targets.numpy().tobytes(), torch.get_rng_state().numpy().tobytes()))
            return loss_of(*asked)(outputs, targets)

        return watch

    monkeypatch.setattr("suite.train.loss_of", watching)
    return steps


@pytest.mark.parametrize(
    "other",
    [
        {"norm": "none"},
        {"norm": "batch"},
        {"residual": "none"},
        {"width": 12},
        {"rate": 1e-2},
        {"augmentation": "light"},
    ],
    ids=str,
)
def test_arms_share_batches_and_noise(seen: list[tuple[bytes, bytes]], other: dict[str, Any]) -> None:
    train(trial(dropout=0.5))
    ours = seen.copy()
    seen.clear()
    train(trial(dropout=0.5, **other))
    assert [targets for targets, _ in seen] == [targets for targets, _ in ours]
    if "width" not in other:
        assert [state for _, state in seen] == [state for _, state in ours], "the same dropout masks"


def test_architectures_share_batches(seen: list[tuple[bytes, bytes]]) -> None:
    batches_of = []
    for architecture in ARCHITECTURES:
        seen.clear()
        train(trial(architecture))
        batches_of.append([targets for targets, _ in seen])
    assert all(other == batches_of[0] for other in batches_of)


def test_an_epoch_deals_out_every_example_at_most_once() -> None:
    rows = list(batches(trial(steps=9, batch=16), 50))
    assert [len(batch) for batch in rows] == [16] * 9
    for epoch in range(3):
        dealt = torch.cat(rows[3 * epoch : 3 * epoch + 3])
        assert len(dealt.unique()) == 48
        assert 0 <= dealt.min() <= dealt.max() < 50
    assert not rows[0].equal(rows[3]), "every epoch in another order"


def test_more_steps_begin_with_the_same_batches() -> None:
    short, long = list(batches(trial(steps=4), 50)), list(batches(trial(steps=9), 50))
    assert all(one.equal(other) for one, other in zip(short, long, strict=False))


# Learning


@pytest.mark.parametrize("steps", [0, 1, 2, 5, 9, 10, 11, 19, 199, 200, 201, 1000, 99_999])
def test_a_curve_has_few_points_and_ends_with_the_last_step(steps: int) -> None:
    points = [step for step in range(1, steps + 1) if is_point(step, steps)]
    assert len(points) <= MOST_POINTS <= 64
    if steps:
        assert points[-1] == steps
        assert len(points) == max(1, min(MOST_POINTS, steps // POINT_EVERY))
        gaps = [b - a for a, b in zip([0, *points], points, strict=False)]
        assert max(gaps) - min(gaps) <= 1, "evenly spaced"


def test_a_curve_says_how_training_went() -> None:
    result = train(trial(steps=400, rate=1e-2, width=32)).result
    assert [point.step for point in result.curve] == list(range(20, 401, 20))
    assert result.curve[-1].loss < result.curve[0].loss / 4
    assert result.test is not None
    assert result.test > 0.8


def test_one_step_is_adamw() -> None:
    """The first step moves every weight against the sign of its gradient, by the rate, after decoupled decay."""
    asked, task, part = (
        trial(steps=1, rate=0.01, weight_decay=0.1),
        catalog.task("image/digits"),
        data("image/digits", 0).train,
    )
    by_hand, by_us = build(asked), build(asked)
    training = begin(by_us, asked)
    (losses,) = _learn(training, asked, task, part)
    rows = next(batches(asked, len(part.inputs)))
    value = loss_of("class", Tricks())(by_hand(part.inputs[rows]), part.targets[rows])
    value.backward()
    assert training.step == 1
    torch.testing.assert_close(losses, value.detach()[None])
    for ours, theirs in zip(by_us.parameters(), by_hand.parameters(), strict=True):
        assert theirs.grad is not None
        moved = theirs * (1 - 0.01 * 0.1) - 0.01 * theirs.grad / (theirs.grad.abs() + 1e-8)
        torch.testing.assert_close(ours, moved)


def test_zero_steps_score_the_initial_network() -> None:
    result = train(trial(steps=0)).result
    assert (result.outcome, result.steps, result.curve) == ("finished", 0, ())
    assert result.weights == weights_digest(build(trial(steps=0)))
    assert result.test is not None


def test_a_batch_larger_than_the_data_is_all_of_it() -> None:
    asked = trial(task="series/sunspots", batch=10_000, steps=2)
    assert [len(rows) for rows in batches(asked, 176)] == [176, 176]
    assert batch_size(asked, 176) == 176
    assert train(asked).result.outcome == "finished"


def test_test_is_used_for_no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """With another test set, nothing but the test score is another."""

    def other_test(name: str, seed: int) -> Data:
        true = data(name, seed)
        return replace(true, test=Part(true.test.inputs * 0, (true.test.targets + 1) % 10))

    ours = train(trial(**ARM)).result
    monkeypatch.setattr("suite.train.data", other_test)
    theirs = train(trial(**ARM)).result
    assert theirs.test != ours.test
    assert theirs.model_copy(update={"test": ours.test}) == ours


# Evaluation


def test_evaluation_is_in_evaluation_mode_and_goes_back() -> None:
    network = build(trial(norm="batch", dropout=0.5)).train()
    state = weights_digest(network)
    part = data("image/digits", 0).valid
    task = catalog.task("image/digits")
    assert evaluate(network, task, part) == evaluate(network, task, part)
    assert network.training
    assert weights_digest(network) == state, "running statistics stay"


def test_evaluation_in_chunks_is_evaluation_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    network, part, task = build(trial("cnn")), data("image/digits", 0).valid, catalog.task("image/digits")
    whole = evaluate(network, task, part)
    monkeypatch.setattr("suite.evaluation.CHUNK", 7)
    assert evaluate(network, task, part) == whole


@pytest.mark.parametrize("bad", [math.nan, math.inf])
@pytest.mark.parametrize("task", ["image/digits", "tabular/diabetes"])
def test_an_output_that_is_not_finite_has_no_score(task: str, bad: float) -> None:
    """An accuracy can be computed from NaN; it would be that of answering class 0."""
    network = build(trial(task=task))
    nn.init.constant_(network.get_submodule("head").bias, bad)  # type: ignore[arg-type]
    assert math.isnan(evaluate(network, catalog.task(task), data(task, 0).valid))


@each_architecture
def test_one_bit_changes_the_digest_of_the_weights(architecture: str) -> None:
    network = build(trial(architecture, norm="batch"))
    before = weights_digest(network)
    for name, tensor in network.state_dict().items():
        bits = tensor.view(torch.uint8) if tensor.dim() else tensor
        bits.flatten()[0:1].add_(1) if tensor.dim() else tensor.add_(1)
        assert weights_digest(network) != before, name
        before = weights_digest(network)


def test_samples_average_probabilities_with_dropout_on_and_nothing_else() -> None:
    """MC dropout, as a loop by hand over the same masks."""
    task, part = catalog.task("image/digits"), data("image/digits", 0).valid
    network = build(trial(norm="batch", dropout=0.5)).eval()
    state = weights_digest(network)
    ours = evaluate(network, task, part, samples=3, seed=7)
    network.eval()
    for module in network.modules():
        if isinstance(module, Dropout):
            module.train()
    with fixed(7), torch.no_grad():
        chances = torch.stack([network(part.inputs).softmax(1) for _ in range(3)]).mean(0)
    assert ours == (chances.argmax(1) == part.targets).double().mean().item()
    assert weights_digest(network) == state, "batch norm learns nothing"
    assert ours != evaluate(network, task, part)
    assert ours == evaluate(network, task, part, samples=3, seed=7)


def test_many_samples_of_a_linear_network_are_what_there_is_without_dropout() -> None:
    """Values: the mean of unbiased answers."""
    task, part = catalog.task("tabular/diabetes"), data("tabular/diabetes", 0).valid
    linear = {"norm": "none", "activation": "identity", "depth": 1}
    network = build(trial(task="tabular/diabetes", dropout=0.2, **linear))
    exact, sampled = evaluate(network, task, part), evaluate(network, task, part, samples=3000)
    assert sampled == pytest.approx(exact, abs=0.01)
    assert evaluate(network, task, part, samples=1) != exact


@pytest.mark.parametrize("task", TASKS)
def test_samples_change_scores_and_not_training(task: str) -> None:
    levels: dict[str, Any] = {"dropout": 0.5, "steps": 40, "rate": 1e-2}
    plain, sampled = (train(trial("mlp", task, dropout_samples=n, **levels)).result for n in (0, 2))
    assert (sampled.weights, sampled.curve) == (plain.weights, plain.curve)
    assert (sampled.valid, sampled.test) != (plain.valid, plain.test)


def test_sixteen_bits_are_used_at_evaluation_and_weights_keep_thirty_two() -> None:
    network, part, task = build(trial()), data("tabular/diabetes", 0).valid, catalog.task("tabular/diabetes")
    network = build(trial(task="tabular/diabetes"))
    full, half = (evaluate(network, task, part, precision=level) for level in ("float32", "bfloat16"))
    assert full != half
    assert half == pytest.approx(full, abs=0.05)
    asked = trial(precision="bfloat16")
    training = begin(build(asked), asked)
    for losses in _learn(training, asked, catalog.task("image/digits"), data("image/digits", 0).train):
        assert losses.dtype == torch.float32
    assert {p.dtype for p in training.network.parameters()} == {torch.float32}


# Ending early


def test_patience_ends_training_and_takes_the_best() -> None:
    asked = trial(steps=400, rate=0.3, norm="none", schedule="constant", patience=2)
    result = train(asked).result
    scores = [point.valid for point in result.curve]
    assert result.outcome == "finished"
    assert result.steps == result.curve[-1].step < 400
    best = scores.index(max(scores))
    assert len(scores) - 1 - best == 2
    plain = train(asked.moved({"patience": 0})).result
    assert plain.steps == 400
    assert plain.curve[: len(result.curve)] == result.curve
    until_best = train(asked.moved({"patience": 0, "steps": 400})).result
    assert until_best.weights != result.weights


def test_the_best_weights_are_those_of_the_best_point() -> None:
    asked = trial(steps=100, rate=0.3, norm="none", schedule="constant", patience=100)
    examples, task = data("image/digits", 0), catalog.task("image/digits")
    training = begin(build(asked), asked)
    seen: dict[float, str] = {}
    for losses in _learn(training, asked, task, examples.train):
        assert training.course.look(training.step, losses, task, examples.valid) is None
        seen.setdefault(training.course.curve[-1].valid, weights_digest(training.network))
    result = training.course.finish(task, examples)
    assert result.steps == 100
    assert result.weights == seen[max(seen)]
    assert result == train(asked).result


def test_a_product_is_scored_and_hashed_as_a_weight() -> None:
    asked = trial(sparsity="product", penalty=0.0)
    network = build(asked)
    names = network.state_dict().keys()
    training = begin(network, asked)
    examples, task = data("image/digits", 0), catalog.task("image/digits")
    for losses in _learn(training, asked, task, examples.train):
        training.course.look(training.step, losses, task, examples.valid)
    before = evaluate(network, task, examples.test)
    result = training.course.finish(task, examples)
    assert network.state_dict().keys() == names
    assert result.test == before
    assert result.weights == weights_digest(network)


@pytest.mark.parametrize("sparsity", ["l1", "product"])
def test_a_penalty_makes_weights_smaller_and_is_not_in_the_curve(sparsity: str) -> None:
    def small(penalty: float) -> float:
        asked = trial(sparsity=sparsity, penalty=penalty, steps=300, rate=1e-2, weight_decay=0.0)
        network = build(asked)
        training, task, examples = begin(network, asked), catalog.task("image/digits"), data("image/digits", 0)
        for losses in _learn(training, asked, task, examples.train):
            training.course.look(training.step, losses, task, examples.valid)
        training.course.finish(task, examples)
        weight = torch.cat([module.weight.flatten() for module in network.modules() if isinstance(module, nn.Linear)])
        return (weight.abs() < 1e-2).float().mean().item()

    assert small(0.02) > small(0.0) + 0.2


def test_the_gradient_is_no_longer_than_the_clip() -> None:
    asked = trial(optimizer="sgd", schedule="constant", weight_decay=0.0, rate=1.0, steps=1, clip=0.01)
    network = build(asked)
    before = torch.cat([p.detach().flatten() for p in network.parameters()])
    list(_learn(begin(network, asked), asked, catalog.task("image/digits"), data("image/digits", 0).train))
    after = torch.cat([p.detach().flatten() for p in network.parameters()])
    assert (after - before).norm().item() == pytest.approx(0.01, rel=1e-3)


def test_gradient_descent_takes_all_of_the_data() -> None:
    asked = trial(optimizer="gd", steps=2)
    assert batch_size(asked, 176) == 176
    assert [len(rows) for rows in batches(asked, 176)] == [176, 176]


# Failures are results


def whole(record: Record) -> Record:
    """The record, after it survived its JSON line without a word that is not JSON."""
    line = record.to_json()
    json.loads(line, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
    assert Record.from_json(line) == record
    assert record.result.digest
    return record


def failing_at(step: int, value: Callable[[Tensor], Tensor]) -> Callable[..., Loss]:
    calls: Iterator[int] = iter(range(1, 10_000))

    def breaking(*asked: Any) -> Loss:
        def broken(outputs: Tensor, targets: Tensor) -> Tensor:
            true = loss_of(*asked)(outputs, targets)
            return value(true) if next(calls) >= step else true

        return broken

    return breaking


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("step", [1, 10, 11, 17, 33])
def test_a_loss_that_is_not_finite_ends_as_diverged(monkeypatch: pytest.MonkeyPatch, step: int, bad: float) -> None:
    monkeypatch.setattr("suite.train.loss_of", failing_at(step, lambda true: true * bad))
    result = whole(train(trial(steps=33))).result
    assert (result.outcome, result.steps) == ("diverged", step)
    assert result.message == f"loss not finite at step {step}"
    assert (result.valid, result.test, result.weights) == (None, None, None)
    assert all(point.step < step for point in result.curve)


@pytest.mark.parametrize(
    ("task", "architecture"), [(t, a) for t in TASKS for a in ARCHITECTURES if not catalog.refusal(t, a)]
)
def test_a_huge_rate_diverges(task: str, architecture: str) -> None:
    record = whole(train(trial(architecture, task, norm="none", rate=1e38, steps=30)))
    assert record.result.outcome == "diverged"
    assert record.result.steps <= 30
    assert record.cost.parameters > 0


def test_a_last_step_into_nothing_is_diverged_though_accuracy_could_be_computed() -> None:
    """Every loss was finite; only the weights after the last step are not."""
    result = whole(train(trial(norm="none", residual="none", rate=1e38, steps=1))).result
    assert (result.outcome, result.steps, result.curve) == ("diverged", 1, ())
    assert result.message == "outputs not finite after step 1"


def test_losses_too_large_to_be_added_up_are_still_finite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("suite.train.loss_of", failing_at(1, lambda true: true * 0 + 3e38))
    result = whole(train(trial())).result
    assert result.outcome == "finished"
    assert result.curve[0].loss == pytest.approx(3e38)


def test_inputs_that_are_not_finite_diverge(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str, seed: int) -> Data:
        true = data(name, seed)
        return replace(true, train=Part(true.train.inputs * math.nan, true.train.targets))

    monkeypatch.setattr("suite.train.data", broken)
    assert whole(train(trial())).result.message == "loss not finite at step 1"


def test_an_exception_while_building_is_a_failure_with_its_words() -> None:
    record = whole(train(trial("transformer", width=30)))
    assert (record.result.outcome, record.result.steps) == ("failed", 0)
    assert record.result.message == "ValueError: width 30 is not a multiple of 4 heads"
    assert record.cost.parameters == 0


class Broken(nn.Module):
    """Builds, has weights, and cannot be asked."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(2, 2)

    def forward(self, x: Tensor) -> Tensor:
        raise RuntimeError("this network\nis broken " + 1000 * "!")


class Huge(nn.Module):
    """Asks for four petabytes, which no machine has."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(2**50))


def with_network(kind: type[nn.Module]) -> Callable[[str], object]:
    class Architecture:
        @staticmethod
        def build(*_: object) -> nn.Module:
            return kind()

    return lambda name: Architecture


def test_an_exception_while_training_is_a_failure_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "architecture", with_network(Broken))
    record = whole(train(trial(width=9)))
    assert record.result.outcome == "failed"
    assert record.result.message is not None
    assert record.result.message.startswith("RuntimeError: this network\nis broken !")
    assert len(record.result.message) <= 500
    assert "\n" not in record.to_json()
    assert (record.cost.parameters, record.cost.flops) == (6, 0)


def test_more_weights_than_memory_is_out_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "architecture", with_network(Huge))
    record = whole(train(trial()))
    assert record.result.outcome == "out_of_memory"
    assert record.result.message is not None
    assert "memory" in record.result.message


def test_a_trial_that_does_not_exist_is_no_result() -> None:
    with pytest.raises(LookupError, match="no task"):
        train(trial(task="image/nothing"))


def test_an_interrupt_is_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> Tensor:
        raise KeyboardInterrupt

    monkeypatch.setattr("suite.train.loss_of", interrupt)
    with pytest.raises(KeyboardInterrupt):
        train(trial())
    assert not torch.are_deterministic_algorithms_enabled(), "and torch is as it was"


def test_a_record_says_what_it_took_and_what_gave_it() -> None:
    record = whole(train(trial(augmentation="noise")))
    assert (record.metric, record.chance) == ("accuracy", 0.1)
    assert record.cost.seconds > 0
    assert record.cost.flops > 0
    assert record.cost.peak_memory_mb > 10
    assert record.provenance.data == data("image/digits", 0).fingerprint
    assert record.provenance.numerics["threads"] == "1"
    assert {"torch", "numpy", "scikit-learn"} <= record.provenance.libraries.keys()


def test_code_that_changes_during_training_is_not_taken_for_what_ran(monkeypatch: pytest.MonkeyPatch) -> None:
    """The source is hashed before the first step; what is on disk afterwards did not train."""
    order: list[str] = []

    def noting(what: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*given: Any) -> Any:
            order.append(what)
            return function(*given)

        return noted

    monkeypatch.setattr("suite.train.provenance", noting("hash", provenance))
    monkeypatch.setattr("suite.train.build", noting("build", build))
    train(trial())
    assert order == ["hash", "build"]


def test_data_that_cannot_be_loaded_is_a_failure_that_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(task: str, seed: int) -> None:
        raise ConnectionError("no route to the data")

    monkeypatch.setattr("suite.train.data", no_network)
    record = train(Trial(task="image/digits", architecture="mlp"))
    assert record.result.outcome == "failed"
    assert record.result.message == "ConnectionError: no route to the data"
    assert not is_current(of(record))
