"""Parameters and FLOPs are those of the hand formula: a multiplication and an addition are two."""

from collections.abc import Callable

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from suite import catalog
from suite.cost import MORE, forward_flops, network_flops, parameters, training_flops
from suite.train import build, train
from suite.trial import Size, Trial, Tricks
from tests.specimens import SPECIMENS, network

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


def flops(specimen: str, architecture: str, depth: int) -> int:
    return network_flops(network(specimen, architecture, depth=depth), SPECIMENS[specimen].task)


@pytest.mark.parametrize("architecture", [a for a in catalog.architecture_names() if "depth" not in catalog.ignored(a)])
def test_every_layer_counts(architecture: str) -> None:
    """A mixer that the counter does not see into would add nothing; on the first specimen that it takes."""
    specimen = next(name for name, one in SPECIMENS.items() if catalog.refuses(one.task, architecture) is None)
    one, two, three = (flops(specimen, architecture, depth) for depth in (1, 2, 3))
    assert 0 < one < two < three


@pytest.mark.parametrize(("kind", "gates"), [(nn.RNN, 1), (nn.GRU, 3), (nn.LSTM, 4)])
@pytest.mark.parametrize("ways", [1, 2])
def test_recurrent_layers_cost_two_products_a_gate_and_step(kind: type[nn.Module], gates: int, ways: int) -> None:
    layer = kind(5, 7, batch_first=True, bidirectional=ways == 2)
    assert counted(lambda: layer(torch.zeros(2, 11, 5))) == ways * 2 * 2 * 11 * gates * 7 * (5 + 7)


def test_fourier_transforms_cost_five_n_log_n() -> None:
    assert counted(lambda: torch.fft.fft(torch.zeros(3, 8, dtype=torch.cfloat))) == 3 * 5 * 8 * 3
    assert counted(lambda: torch.fft.rfft(torch.zeros(3, 8))) == 3 * 5 * 8 * 3 // 2
    assert counted(lambda: torch.fft.irfft(torch.zeros(3, 5, dtype=torch.cfloat), 8)) == 3 * 5 * 8 * 3 // 2
    assert counted(lambda: torch.fft.fft2(torch.zeros(3, 8, 8, dtype=torch.cfloat))) == 3 * 5 * 64 * 6


def test_products_with_vectors_count() -> None:
    matrix, vector = torch.zeros(3, 4), torch.zeros(4)
    assert counted(lambda: matrix @ vector) == 2 * 3 * 4
    assert counted(lambda: vector @ vector) == 2 * 4
    assert counted(lambda: torch.addmv(torch.zeros(3), matrix, vector)) == 2 * 3 * 4


def counted(work: Callable[[], object]) -> int:
    with FlopCounterMode(display=False, custom_mapping=MORE) as counter:
        work()
    return int(counter.get_total_flops())


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
    net = build(Trial(task="image/digits", architecture="mlp").moved({"norm": "batch", "width": 8, "depth": 1}))
    assert parameters(net) == (64 * 8 + 8) + (8 * 8 + 8) + 2 * (8 + 8) + (8 * 10 + 10)
    net.requires_grad_(False)
    assert parameters(net) == 0
