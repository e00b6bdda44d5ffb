"""Truncated backpropagation changes no state, cuts gradients at its step, and is the full one where it never cuts."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from suite import catalog
from suite.nn.recurrence import unroll
from suite.train import build, train
from suite.trial import Trial
from tests.specimens import SPECIMENS, network

B, L, D = 2, 9, 4
UNROLLED = ("echo_state", "elman", "li_gru", "lstm")
TINY: dict[str, Any] = {"width": 8, "depth": 1, "steps": 20, "batch": 32}


def states(x: Tensor, carry: Tensor, truncate: int) -> Tensor:
    return unroll(lambda state, driven: (state @ carry.T + driven).tanh(), x, D, truncate=truncate)


@pytest.fixture
def x() -> Tensor:
    return torch.randn(B, L, D, dtype=torch.float64, requires_grad=True)


@pytest.fixture
def carry() -> Tensor:
    return torch.randn(D, D, dtype=torch.float64, requires_grad=True)


@pytest.mark.parametrize("truncate", [1, 2, 4, L, L + 1])
def test_no_state_is_another(x: Tensor, carry: Tensor, truncate: int) -> None:
    assert states(x, carry, truncate).equal(states(x, carry, 0))


@pytest.mark.parametrize("truncate", [1, 2, 4, 8])
def test_a_gradient_goes_back_to_the_last_cut(x: Tensor, carry: Tensor, truncate: int) -> None:
    """To the steps of its own piece and no others: read from which inputs have one."""
    found = states(x, carry, truncate)
    for place in range(L):
        (gradient,) = torch.autograd.grad(found[:, place].sum(), x, retain_graph=True)
        start = place - place % truncate
        expected = [start <= other <= place for other in range(L)]
        assert (gradient != 0).any(-1).any(0).tolist() == expected


@pytest.mark.parametrize("truncate", [2, 4])
def test_it_is_the_gradient_of_pieces_that_begin_where_the_last_one_ended(
    x: Tensor, carry: Tensor, truncate: int
) -> None:
    """Written out: each piece has a first state that is a constant."""
    wanted = torch.autograd.grad(states(x, carry, truncate).square().sum(), (x, carry))
    state, total = torch.zeros(B, D, dtype=torch.float64), torch.zeros((), dtype=torch.float64)
    for piece in x.split(truncate, 1):
        state = state.detach()
        for driven in piece.unbind(1):
            state = (state @ carry.T + driven).tanh()
            total = total + state.square().sum()
    torch.testing.assert_close(wanted, torch.autograd.grad(total, (x, carry)))


@pytest.mark.parametrize("truncate", [L, L + 5])
def test_as_long_as_the_example_is_the_full_gradient(x: Tensor, carry: Tensor, truncate: int) -> None:
    ours, full = (torch.autograd.grad(states(x, carry, k).square().sum(), (x, carry)) for k in (truncate, 0))
    assert all(one.equal(other) for one, other in zip(ours, full, strict=True))


@pytest.mark.parametrize("architecture", UNROLLED)
def test_a_network_answers_the_same_and_learns_differently(architecture: str) -> None:
    nets = [network("series", architecture, truncate=k) for k in (0, 3, 12)]
    inputs = SPECIMENS["series"].part(4).inputs
    outputs = [net(inputs) for net in nets]
    assert outputs[0].equal(outputs[1])
    full, cut, long = (_gradient(net, output) for net, output in zip(nets, outputs, strict=True))
    assert long.equal(full)
    assert not cut.allclose(full, rtol=1e-3)


def _gradient(net: nn.Module, outputs: Tensor) -> Tensor:
    outputs.square().sum().backward()
    return torch.cat([weight.grad.flatten() for weight in net.parameters() if weight.grad is not None])


def test_who_unrolls_says_so_and_others_are_refused() -> None:
    for name in catalog.architecture_names():
        reason = catalog.refused_level(name, Trial(task="", architecture=name).moved({"truncate": 4}).levels)
        assert (reason is None) == (name in UNROLLED)
    with pytest.raises(ValueError, match="gru has no recurrence that goes step by step, whose gradient truncate could"):
        build(Trial(task="series/mnist1d", architecture="gru").moved({"truncate": 4}))


def test_it_is_another_training_only_if_it_cuts() -> None:
    trial = Trial(task="series/mnist1d", architecture="elman").moved(TINY)
    full, cut, long = (train(trial.moved({"truncate": k})).result for k in (0, 5, 1000))
    assert full.outcome == cut.outcome == "finished"
    assert full.weights == long.weights != cut.weights
