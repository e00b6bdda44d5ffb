"""Optimizers are their update rules, schedules their curves."""

from typing import get_args

import pytest
import torch
from torch import Tensor, nn

from suite.trial import Budget
from suite.tricks.optimizer import MOMENTUM, optimizer, rate

LEVELS = get_args(Budget.model_fields["optimizer"].annotation)
SCHEDULES = get_args(Budget.model_fields["schedule"].annotation)
RATE, DECAY = 0.1, 0.2


def steps(level: str, number: int, decay: float = DECAY) -> list[Tensor]:
    """A weight after each step against the gradient 2 w + 1."""
    weight = nn.Parameter(torch.tensor([1.0, -2.0, 0.5]))
    step = optimizer(Budget(optimizer=level, rate=RATE, weight_decay=decay), [weight])  # type: ignore[arg-type]
    seen = []
    for _ in range(number):
        weight.grad = 2 * weight.detach() + 1
        step.step()
        seen.append(weight.detach().clone())
    return seen


def by_hand(level: str, number: int, decay: float = DECAY) -> list[Tensor]:
    w = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)
    m, v, seen = torch.zeros_like(w), torch.zeros_like(w), []
    for t in range(1, number + 1):
        g = 2 * w + 1
        if level != "adamw":
            g = g + decay * w
        if level in ("gd", "sgd"):
            w = w - RATE * g
        elif level == "momentum":
            m = g if t == 1 else MOMENTUM * m + g
            w = w - RATE * m
        else:
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
            w = w * (1 - RATE * decay) if level == "adamw" else w
            w = w - RATE * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)).sqrt() + 1e-8)
        seen.append(w.float())
    return seen


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("decay", [0.0, DECAY])
def test_every_level_is_its_update_rule(level: str, decay: float) -> None:
    for ours, theirs in zip(steps(level, 5, decay), by_hand(level, 5, decay), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)


def test_all_levels_differ_but_gd_and_sgd_whose_batches_differ() -> None:
    ends = {level: steps(level, 4)[-1] for level in LEVELS}
    assert ends["gd"].equal(ends["sgd"])
    different = [level for level in LEVELS if level != "gd"]
    for place, one in enumerate(different):
        assert not any(ends[one].allclose(ends[other]) for other in different[place + 1 :])


def test_there_is_momentum_where_it_says() -> None:
    ends = steps("momentum", 2, 0.0)
    first, second = ends[0] - torch.tensor([1.0, -2.0, 0.5]), ends[1] - ends[0]
    torch.testing.assert_close(second, MOMENTUM * first - RATE * (2 * ends[0] + 1))


def rates(schedule: str, number: int) -> list[float]:
    budget = Budget(steps=number, rate=0.1, schedule=schedule)  # type: ignore[arg-type]
    return [rate(budget, step) for step in range(1, number + 1)]


@pytest.mark.parametrize("number", [1, 2, 10, 1000])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_rate_warms_up_and_cools_down_where_it_says(schedule: str, number: int) -> None:
    curve = rates(schedule, number)
    warmup = max(1, round(number / 10)) if "warmup" in schedule else 1
    assert curve[warmup - 1] == max(curve) == 0.1
    assert all(value > 0 for value in curve), "no step is wasted"
    assert curve[0] == pytest.approx(0.1 / warmup)
    assert curve[:warmup] == sorted(curve[:warmup])
    rest = curve[warmup:]
    if "cosine" not in schedule:
        assert set(rest) <= {0.1}
    else:
        assert rest == sorted(rest, reverse=True)
        assert number < 3 or rest[len(rest) // 2] == pytest.approx(0.05, abs=0.02)
        assert number < 1000 or rest[-1] < 1e-5


def test_schedules_differ() -> None:
    curves = [rates(schedule, 50) for schedule in SCHEDULES]
    assert all(one != other for place, one in enumerate(curves) for other in curves[place + 1 :])
