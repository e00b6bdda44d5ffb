"""Losses are their formulas, agree with torch's own, and are refused where they mean nothing."""

from typing import get_args

import pytest
import torch
from torch import Tensor, nn
from torch.autograd import gradcheck
from torch.nn import functional

from suite import catalog
from suite.objective import loss, score
from suite.trial import Tricks
from suite.tricks.losses import OF_CLASSES, OF_VALUES, Loss, loss_of, outputs_of, refusal
from tasks.task import Target

LEVELS = get_args(Tricks.model_fields["loss"].annotation)
CLASSES, ANSWERS = 5, 7
OUTPUTS, LABELS = torch.randn(ANSWERS, CLASSES), torch.randint(CLASSES, (ANSWERS,))
ONE_HOT = functional.one_hot(LABELS, CLASSES).float()
VALUES, TARGETS = 3 * torch.randn(ANSWERS, 2), torch.randn(ANSWERS, 2)


def of(target: Target, level: str = "default", smoothing: float = 0.0) -> Loss:
    return loss_of(target, Tricks(loss=level, label_smoothing=smoothing))  # type: ignore[arg-type]


def test_the_default_is_that_of_the_target() -> None:
    assert of("class")(OUTPUTS, LABELS).equal(loss("class", OUTPUTS, LABELS))
    assert of("class")(OUTPUTS, LABELS).equal(of("class", "cross_entropy")(OUTPUTS, LABELS))
    assert of("value")(VALUES, TARGETS).equal(loss("value", VALUES, TARGETS))
    assert of("value")(VALUES, TARGETS).equal(of("value", "squared")(VALUES, TARGETS))


@pytest.mark.parametrize(
    ("level", "theirs"), [("squared", nn.MSELoss()), ("absolute", nn.L1Loss()), ("huber", nn.HuberLoss(delta=1.0))]
)
def test_losses_of_values_are_those_of_torch(level: str, theirs: nn.Module) -> None:
    torch.testing.assert_close(of("value", level)(VALUES, TARGETS), theirs(VALUES, TARGETS))


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.6])
def test_smoothed_cross_entropy_is_that_of_torch(smoothing: float) -> None:
    ours, theirs = of("class", "cross_entropy", smoothing), nn.CrossEntropyLoss(label_smoothing=smoothing)
    torch.testing.assert_close(ours(OUTPUTS, LABELS), theirs(OUTPUTS, LABELS))
    torch.testing.assert_close(ours(OUTPUTS, ONE_HOT), theirs(OUTPUTS, LABELS))
    by_hand = -(((1 - smoothing) * ONE_HOT + smoothing / CLASSES) * OUTPUTS.log_softmax(1)).sum(1).mean()
    torch.testing.assert_close(ours(OUTPUTS, LABELS), by_hand)


def test_hinge_is_torch_multi_margin_loss() -> None:
    torch.testing.assert_close(of("class", "hinge")(OUTPUTS, LABELS), nn.MultiMarginLoss()(OUTPUTS, LABELS))
    sure = 10 * ONE_HOT
    assert of("class", "hinge")(sure, LABELS) == 0, "nothing to gain beyond the margin"


def test_focal_weighs_cross_entropy_by_what_is_missing() -> None:
    p = OUTPUTS.softmax(1)[torch.arange(ANSWERS), LABELS]
    torch.testing.assert_close(of("class", "focal")(OUTPUTS, LABELS), (-((1 - p) ** 2) * p.log()).mean())
    assert of("class", "focal")(OUTPUTS, LABELS) < of("class")(OUTPUTS, LABELS)


def test_brier_is_the_squared_distance_of_distributions() -> None:
    expected = (OUTPUTS.softmax(1) - ONE_HOT).square().sum(1).mean()
    torch.testing.assert_close(of("class", "brier")(OUTPUTS, LABELS), expected)
    assert of("class", "brier")(-1e4 * ONE_HOT, LABELS) <= 2


def test_squared_of_classes_is_regression_on_one_hot() -> None:
    torch.testing.assert_close(of("class", "squared")(OUTPUTS, LABELS), (OUTPUTS - ONE_HOT).square().mean())


def test_gaussian_is_torch_gaussian_nll() -> None:
    """E.3.6."""
    spread = torch.randn(ANSWERS, 2)
    ours = of("value", "gaussian")(torch.cat([VALUES, spread], 1), TARGETS)
    torch.testing.assert_close(ours, nn.GaussianNLLLoss()(VALUES, TARGETS, spread.exp()))


def test_gaussian_is_lowest_at_the_mean_and_the_variance() -> None:
    sample = 2 + 3 * torch.randn(5000, 1)
    outputs = torch.zeros(1, 2, requires_grad=True)
    optimizer = torch.optim.Adam([outputs], lr=0.1)
    for _ in range(300):
        optimizer.zero_grad()
        of("value", "gaussian")(outputs.expand(5000, 2), sample).backward()
        optimizer.step()
    mean, spread = outputs[0].tolist()
    assert mean == pytest.approx(sample.mean().item(), abs=0.01)
    assert spread == pytest.approx(sample.var().log().item(), abs=0.01)


@pytest.mark.parametrize("level", OF_CLASSES)
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_a_mixed_target_costs_what_its_parts_cost(level: str, smoothing: float) -> None:
    """Losses that are expectations over classes; squares are not, and take the distance to the mix."""
    mixed = 0.3 * ONE_HOT + 0.7 * ONE_HOT.roll(1, 0)
    ours = of("class", level, smoothing)
    parts = 0.3 * ours(OUTPUTS, ONE_HOT) + 0.7 * ours(OUTPUTS, ONE_HOT.roll(1, 0))
    if level in ("brier", "squared"):
        assert ours(OUTPUTS, mixed) <= parts
    else:
        torch.testing.assert_close(ours(OUTPUTS, mixed), parts)


@pytest.mark.parametrize("level", OF_CLASSES)
def test_smoothing_acts(level: str) -> None:
    assert of("class", level, 0.2)(OUTPUTS, LABELS) != of("class", level)(OUTPUTS, LABELS)


@pytest.mark.parametrize(("target", "level"), [("class", k) for k in OF_CLASSES] + [("value", k) for k in OF_VALUES])
def test_gradients_agree_with_finite_differences(target: Target, level: str) -> None:
    outputs = torch.randn(4, 4, dtype=torch.float64, requires_grad=True)
    targets: Tensor = torch.tensor([0, 1, 2, 3]) if target == "class" else torch.randn(4, 4).double()
    if level == "gaussian":
        targets = targets[:, :2]
    assert gradcheck(lambda o: of(target, level)(o, targets), (outputs,))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("target", get_args(Target))
def test_what_means_nothing_is_refused_with_what_does(target: Target, level: str) -> None:
    known = {"class": OF_CLASSES, "value": OF_VALUES}[target].keys() | {"default"}
    tricks = Tricks(loss=level)  # type: ignore[arg-type]
    assert (refusal(tricks, target) is None) == (level in known)
    if level not in known:
        with pytest.raises(ValueError, match=f"loss {level} is not for a target that is a {target}; one of "):
            loss_of(target, tricks)


def test_a_value_has_no_label_to_smooth() -> None:
    assert refusal(Tricks(label_smoothing=0.1), "value") is not None
    assert refusal(Tricks(label_smoothing=0.1), "class") is None


def test_a_variance_needs_an_output_and_is_not_scored() -> None:
    task = catalog.task("tabular/diabetes")
    assert outputs_of(task, Tricks()) == 1
    assert outputs_of(task, Tricks(loss="gaussian")) == 2
    outputs, targets = torch.randn(50, 1), torch.randn(50, 1)
    assert score(task, torch.cat([outputs, torch.randn(50, 1)], 1), targets) == score(task, outputs, targets)
