"""Every state-space model against its recurrence written out, and against the continuous system that it stands for.

Axes: B batch, L length, D features, E inner features, N states.
"""

import math

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from suite.architectures.lru import RING, Unit
from suite.architectures.mamba import STATES, STEPS, Mamba, Selective
from suite.architectures.s4d import StateSpace
from suite.nn.long_convolution import long_convolution
from suite.nn.scan import scan
from tests.specimens import CLASSES, network

B, L, D = 2, 11, 5


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


def complex_of(weight: Tensor, axis: int) -> Tensor:
    """Real and imaginary parts side by side along `axis`, as complex numbers."""
    return torch.view_as_complex(weight.movedim(axis, -1).unflatten(-1, (-1, 2)).contiguous()).movedim(-1, axis)


def ungated(cell: nn.Module) -> nn.Module:
    cell.gate = nn.Identity()
    return cell.double()


# LRU


def test_lru_is_its_recurrence() -> None:
    cell, x_BLD = ungated(Unit(D, activation="gelu")), torch.randn(B, L, D, dtype=torch.float64)
    take_ND = complex_of(cell.take.weight, 0)
    give_DN = complex_of(cell.give.weight, 1).conj()  # Re(c s) has a minus before the product of imaginary parts
    state = torch.zeros(B, D, dtype=torch.complex128)
    for x, answer in zip(x_BLD.unbind(1), cell(x_BLD).unbind(1), strict=True):
        state = cell.eigenvalues * state + cell.scale.exp() * (x.to(state) @ take_ND.T)
        torch.testing.assert_close(answer, (state @ give_DN.T).real + cell.skip * x)


def test_lru_starts_in_the_ring_and_never_leaves_the_unit_disc() -> None:
    cell = Unit(1000, activation="gelu")
    modulus = cell.eigenvalues.abs()
    assert RING[0] - 1e-4 < modulus.min() < RING[0] + 0.01
    assert RING[1] - 0.01 < modulus.max() < RING[1] + 1e-4
    angle = cell.eigenvalues.angle() % (2 * math.pi)
    assert (angle.histc(4, 0, 2 * math.pi) / 1000 - 0.25).abs().max() < 0.05, "all the way round"
    for spread in (1.0, 3.0):
        nn.init.normal_(cell.decay, std=spread)
        assert cell.eigenvalues.abs().max() < 1


def test_lru_keeps_its_states_at_the_size_of_its_inputs() -> None:
    """That is what gamma = sqrt(1 - |lambda|^2) is for: of white noise, states have the variance of what they take."""
    cell = Unit(64, activation="gelu").double()
    noise = torch.randn(8, 6000, 64, dtype=torch.complex128)
    states = scan(cell.eigenvalues, cell.scale.exp() * noise)[:, 3000:]
    torch.testing.assert_close(states.abs().square().mean(), torch.ones((), dtype=torch.float64), rtol=0.1, atol=0)


# S4D


def test_s4d_starts_as_s4d_lin() -> None:
    cell = StateSpace(D, activation="gelu")
    assert cell.decay.exp().allclose(torch.tensor(0.5))
    assert cell.frequency.allclose(math.pi * torch.arange(32))
    assert ((math.log(1e-3) <= cell.step) & (cell.step <= math.log(1e-1))).all()


def test_s4d_convolves_what_it_could_scan_or_loop() -> None:
    """Invariant X16, on the architecture itself."""
    cell, x_BLD = ungated(StateSpace(D, activation="gelu")), torch.randn(B, L, D, dtype=torch.float64)
    log_factor_DN, give_DN = cell.discrete()
    state = torch.zeros(B, *log_factor_DN.shape, dtype=torch.complex128)
    looped = []
    for x in x_BLD.unbind(1):
        state = log_factor_DN.exp() * state + x[..., None]
        looped.append(2 * (give_DN * state).sum(-1).real + cell.skip * x)
    states = scan(log_factor_DN.exp(), x_BLD[..., None].expand(B, L, *log_factor_DN.shape).to(state))
    scanned = 2 * (give_DN * states).sum(-1).real + cell.skip * x_BLD
    torch.testing.assert_close(cell(x_BLD), torch.stack(looped, 1))
    torch.testing.assert_close(scanned, torch.stack(looped, 1))


def test_s4d_kernel_is_what_an_impulse_leaves() -> None:
    cell = ungated(StateSpace(D, activation="gelu"))
    impulse = torch.zeros(1, L, D, dtype=torch.float64)
    impulse[:, 0] = 1
    expected = cell.kernel(L).clone()
    expected[0] += cell.skip
    torch.testing.assert_close(cell(impulse)[0], expected)


def test_s4d_is_the_continuous_system_with_its_input_held() -> None:
    """Zero-order hold by the matrix exponential of (A, B; 0, 0), with the conjugate half of the states written out."""
    cell = ungated(StateSpace(1, activation="gelu"))
    a_N = torch.complex(-cell.decay.exp(), cell.frequency)[0]
    a_N, give_N = (torch.cat([z, z.conj()]) for z in (a_N, torch.view_as_complex(cell.give)[0]))
    system = torch.zeros(len(a_N) + 1, len(a_N) + 1, dtype=torch.complex128)
    system[:-1, :-1], system[:-1, -1] = a_N.diag(), 1
    once = torch.linalg.matrix_exp(system * cell.step.exp())
    state, answers, x_L = torch.zeros(len(a_N), dtype=torch.complex128), [], torch.randn(L, dtype=torch.float64)
    for x in x_L:
        state = once[:-1, :-1] @ state + once[:-1, -1] * x
        answers.append(give_N @ state)
    answer = torch.stack(answers)
    assert answer.imag.abs().max() < 1e-12
    torch.testing.assert_close(cell(x_L[None, :, None])[0, :, 0], answer.real + cell.skip * x_L)


def test_s4d_does_not_depend_on_the_sampling_rate() -> None:
    """Half the step on an input that says everything twice: the same answers, read at every second place."""
    cell, x_BLD = ungated(StateSpace(D, activation="gelu")), torch.randn(B, L, D, dtype=torch.float64)
    coarse = cell(x_BLD)
    with torch.no_grad():
        cell.step -= math.log(2)
    torch.testing.assert_close(cell(x_BLD.repeat_interleave(2, 1))[:, 1::2], coarse)


def test_a_long_convolution_is_one() -> None:
    x_BLD, kernel_LD = torch.randn(B, L, D, dtype=torch.float64), torch.randn(L, D, dtype=torch.float64)
    padded = functional.pad(x_BLD.mT, (L - 1, 0))
    expected = functional.conv1d(padded, kernel_LD.T.flip(-1)[:, None], groups=D).mT
    torch.testing.assert_close(long_convolution(x_BLD, kernel_LD), expected)


# Mamba


def test_the_selective_recurrence_is_its_equations() -> None:
    cell, x_BLE = Selective(D).double(), torch.randn(B, L, D, dtype=torch.float64)
    a_NE = -cell.decay.exp()
    state = torch.zeros(B, STATES, D, dtype=torch.float64)
    for x, answer in zip(x_BLE.unbind(1), cell(x_BLE).unbind(1), strict=True):
        rank, write, read = (x @ cell.choose.weight.T).split((1, STATES, STATES), -1)
        step = functional.softplus(rank @ cell.step.weight.T + cell.step.bias)
        for n in range(STATES):
            state[:, n] = (torch.exp(step * a_NE[n]) * state[:, n].clone() + step * write[:, n, None] * x).detach()
        torch.testing.assert_close(answer, (read[..., None] * state).sum(1) + cell.skip * x)


def test_selection_skips_a_place_or_starts_anew() -> None:
    """A step of no time keeps the state and takes nothing; a long one forgets what was."""
    cell, x_BLE = Selective(D), torch.randn(B, L, D)
    with torch.no_grad():
        cell.step.bias.fill_(-100)
        factor, added, _ = cell.chosen(x_BLE)
        assert factor.eq(1).all()
        assert added.abs().max() < 1e-30
        cell.step.bias.fill_(100)
        factor, _, _ = cell.chosen(x_BLE)
        assert factor.max() < 1e-30


def test_mamba_starts_as_published() -> None:
    """A = -1, -2, ..., and steps between a thousandth and a tenth."""
    cell = Selective(2000)
    assert (-cell.decay.exp()).allclose(-torch.arange(1.0, STATES + 1)[:, None])
    step = functional.softplus(cell.step.bias)
    assert STEPS[0] * 0.999 < step.min() < 2 * STEPS[0]
    assert STEPS[1] / 2 < step.max() < STEPS[1] * 1.001


def test_the_convolution_before_mambas_states_sees_four_places() -> None:
    mixer = Mamba(D).double()
    mixer.selective = nn.Identity()
    x_BLD = torch.randn(1, L, D, dtype=torch.float64, requires_grad=True)
    (seen,) = torch.autograd.grad(mixer(x_BLD)[0, 7].sum(), x_BLD)
    assert seen[0].abs().sum(-1).nonzero().flatten().tolist() == [4, 5, 6, 7]


def test_the_gate_can_shut_mamba() -> None:
    mixer, x_BLD = Mamba(D), torch.randn(B, L, D)
    with torch.no_grad():
        mixer.widen.weight[2 * D :] = 0
    assert not mixer(x_BLD).any()


W, E = 20, 40


@pytest.mark.parametrize(
    ("architecture", "mixer"),
    [
        ("lru", 3 * W + 2 * W * W + 2 * W * W + W + 2 * W * W + 2 * W),
        ("s4d", W + 4 * 32 * W + W + 2 * W * W + 2 * W),
        # widened, convolved, step (rank 2), write and read, step's map, decays and skip, narrowed
        ("mamba", W * 2 * E + E * 5 + E * (2 + 2 * 16) + (2 * E + E) + (16 * E + E) + E * W),
    ],
)
def test_weights_are_counted_by_the_formula(architecture: str, mixer: int) -> None:
    """Invariant X10."""
    net = network("series", architecture, width=W, depth=2, norm="none")
    stem, head = 2 * W + W, W * CLASSES + CLASSES
    assert sum(p.numel() for p in net.parameters()) == stem + 2 * mixer + head
