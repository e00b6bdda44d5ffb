"""Parameters and FLOPs are those of the hand formula: a multiplication and an addition are two."""

from itertools import product

import pytest
import torch

from suite import catalog
from suite.cost import forward_flops, parameters, training_flops
from suite.train import build, train
from suite.trial import Size, Trial, Tricks

PAIRS = [p for p in product(catalog.task_names(), catalog.architecture_names()) if catalog.refusal(*p) is None]
D, DEPTH, PLACES, CLASSES, HEADS, K = 16, 3, 16, 10, 4, 4  # 8 x 8 images in patches of 2 x 2
HEAD = 2 * D * CLASSES
FORMULAS = {
    "mlp": 2 * 64 * D + DEPTH * 2 * D * D + HEAD,
    "cnn": PLACES * 2 * 4 * D + DEPTH * PLACES * 2 * 9 * D * D + HEAD,
    "gru": PLACES * 2 * 4 * D + DEPTH * PLACES * 2 * 3 * (D * D + D * D) + HEAD,
    "transformer": PLACES * 2 * 4 * D
    + DEPTH * PLACES * 2 * (4 * D * D + 2 * 4 * D * D)
    + DEPTH * 2 * HEADS * 2 * PLACES * PLACES * K
    + HEAD,
}


@pytest.mark.parametrize("architecture", list(FORMULAS))
def test_forward_flops_are_those_of_the_formula(architecture: str) -> None:
    size = Size(width=D, depth=DEPTH, patch=2)
    assert forward_flops("image/digits", architecture, size, Tricks()) == FORMULAS[architecture]


@pytest.mark.parametrize(("task", "architecture"), PAIRS)
def test_every_layer_counts(task: str, architecture: str) -> None:
    """A mixer that the counter does not see into would add nothing (method: LSTM and fused attention count 0)."""
    one, two, three = (forward_flops(task, architecture, Size(width=8, depth=d, patch=4), Tricks()) for d in (1, 2, 3))
    assert three - two == two - one > 0


def test_tricks_cost_no_matrix_arithmetic() -> None:
    arms = [Tricks(norm=norm, dropout=dropout) for norm in ("none", "batch", "rms") for dropout in (0.0, 0.5)]
    assert len({forward_flops("image/digits", "cnn", Size(width=8, depth=2), tricks) for tricks in arms}) == 1


def test_training_is_three_forward_passes_over_every_example_seen() -> None:
    trial = Trial(task="image/digits", architecture="mlp").moved({"batch": 10})
    one = forward_flops("image/digits", "mlp", trial.size, trial.tricks)
    assert training_flops(trial, 7) == 3 * one * 10 * 7
    assert training_flops(trial, 7, batch=4) == 3 * one * 4 * 7
    assert training_flops(trial, 0) == 0


def test_a_batch_larger_than_the_data_costs_what_there_is() -> None:
    trial = Trial(task="series/sunspots", architecture="mlp").moved({"batch": 10_000, "steps": 2, "width": 4})
    one = forward_flops("series/sunspots", "mlp", trial.size, trial.tricks)
    assert train(trial).cost.flops == 3 * one * 176 * 2


def test_counting_leaves_torch_alone() -> None:
    torch.manual_seed(3)
    state = torch.get_rng_state()
    forward_flops("image/digits", "transformer", Size(width=8, depth=1), Tricks(dropout=0.3))
    assert torch.get_rng_state().equal(state)


def test_parameters_are_those_that_learn() -> None:
    network = build(Trial(task="image/digits", architecture="mlp").moved({"norm": "batch", "width": 8, "depth": 1}))
    assert parameters(network) == (64 * 8 + 8) + (8 * 8 + 8) + 2 * (8 + 8) + (8 * 10 + 10)
    network.requires_grad_(False)
    assert parameters(network) == 0
