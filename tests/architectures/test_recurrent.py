"""Every recurrent cell against torch's own, or its equations, on the same weights.

Axes: B batch, L length, D features.
"""

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from suite import catalog
from suite.architectures.bidirectional import BothWays, turned
from suite.architectures.echo_state import RADIUS, Reservoir
from suite.architectures.elman import Elman
from suite.architectures.gru import Recurrence
from suite.architectures.li_gru import LightGated
from suite.architectures.lstm import Memory
from suite.architectures.mingru import MinimalGated
from suite.architectures.xlstm import MatrixMemory
from suite.nn.initialization import initialize
from suite.nn.places import Places
from tests.specimens import CLASSES, network

B, L, D = 3, 9, 6


@pytest.fixture
def x_BLD() -> Tensor:
    torch.manual_seed(0)
    return torch.randn(B, L, D)


@pytest.mark.parametrize(("nonlinearity", "activation"), [("tanh", nn.Tanh()), ("relu", nn.ReLU())])
def test_elman_is_the_rnn_of_torch_with_a_map_after_it(nonlinearity: str, activation: nn.Module, x_BLD: Tensor) -> None:
    theirs, ours = nn.RNN(D, D, batch_first=True, nonlinearity=nonlinearity), Elman(D, activation="relu")
    ours.activation = activation
    with torch.no_grad():
        ours.carry.weight.copy_(theirs.weight_hh_l0)
        ours.take.weight.copy_(theirs.weight_ih_l0)
        ours.take.bias.copy_(theirs.bias_ih_l0 + theirs.bias_hh_l0)
    states_BLD, _ = theirs(x_BLD)
    torch.testing.assert_close(ours(x_BLD), ours.give(states_BLD) + ours.skip(x_BLD))


@pytest.mark.parametrize("radius", [0.5, 1.0, 1.1])
def test_what_elman_remembers_is_a_power_of_its_recurrence(radius: float) -> None:
    """Without the nonlinearity ds_n / ds_1 = A^(n-1): gradients vanish below 1 and explode above (section 13.2.2)."""
    cell = Elman(D, activation="relu").double()
    cell.activation = nn.Identity()
    with torch.no_grad():
        rotation, _ = torch.linalg.qr(torch.randn(D, D, dtype=torch.float64))
        cell.carry.weight.copy_(radius * rotation)
        for map_ in (cell.take, cell.give):
            map_.weight.copy_(torch.eye(D))
        cell.skip.weight.zero_()
    x_BLD = torch.randn(1, 40, D, dtype=torch.float64, requires_grad=True)
    towards = torch.randn(D, dtype=torch.float64)
    (gradient,) = torch.autograd.grad(cell(x_BLD)[0, -1] @ towards, x_BLD)
    expected = towards.norm() * radius ** torch.arange(39, -1, -1.0, dtype=torch.float64)
    torch.testing.assert_close(gradient[0].norm(dim=-1), expected)


def test_lstm_is_the_one_of_torch(x_BLD: Tensor) -> None:
    theirs, ours = nn.LSTM(D, D, batch_first=True), Memory(D)
    with torch.no_grad():
        ours.carry.weight.copy_(theirs.weight_hh_l0)
        ours.take.weight.copy_(theirs.weight_ih_l0)
        ours.take.bias.copy_(theirs.bias_ih_l0 + theirs.bias_hh_l0)
    torch.testing.assert_close(ours(x_BLD), theirs(x_BLD)[0])


def test_gru_is_the_gated_recurrence(x_BLD: Tensor) -> None:
    mixer = Recurrence(D)
    taken = x_BLD @ mixer.gru.weight_ih_l0.T + mixer.gru.bias_ih_l0
    state = torch.zeros(B, D)
    for place, answer in enumerate(mixer(x_BLD).unbind(1)):
        reset_in, renew_in, new_in = taken[:, place].chunk(3, -1)
        reset_at, renew_at, new_at = (state @ mixer.gru.weight_hh_l0.T + mixer.gru.bias_hh_l0).chunk(3, -1)
        keep = (renew_in + renew_at).sigmoid()
        new = (new_in + (reset_in + reset_at).sigmoid() * new_at).tanh()
        state = (1 - keep) * new + keep * state
        torch.testing.assert_close(answer, state)


def test_li_gru_is_its_equations(x_BLD: Tensor) -> None:
    cell, state = LightGated(D), torch.zeros(B, D)
    (gate_in, new_in), (gate_at, new_at) = cell.take.weight.chunk(2), cell.carry.weight.chunk(2)
    gate_bias, new_bias = cell.take.bias.chunk(2)
    for place, answer in enumerate(cell(x_BLD).unbind(1)):
        x = x_BLD[:, place]
        gate = torch.sigmoid(x @ gate_in.T + gate_bias + state @ gate_at.T)
        state = gate * state + (1 - gate) * torch.relu(x @ new_in.T + new_bias + state @ new_at.T)
        torch.testing.assert_close(answer, state)


def test_li_gru_with_its_gate_open_is_an_rnn_and_with_it_shut_keeps_its_state(x_BLD: Tensor) -> None:
    cell, rnn = LightGated(D), nn.RNN(D, D, batch_first=True, nonlinearity="relu")
    with torch.no_grad():
        rnn.weight_hh_l0.copy_(cell.carry.weight[D:])
        rnn.weight_ih_l0.copy_(cell.take.weight[D:])
        rnn.bias_ih_l0.copy_(cell.take.bias[D:])
        rnn.bias_hh_l0.zero_()
        cell.take.bias[:D] = -40
        torch.testing.assert_close(cell(x_BLD), rnn(x_BLD)[0])
        cell.take.bias[:D] = 40
        torch.testing.assert_close(cell(x_BLD), torch.zeros(B, L, D))


def test_mingru_is_its_equations(x_BLD: Tensor) -> None:
    cell, state = MinimalGated(D), torch.zeros(B, D)
    for place, answer in enumerate(cell(x_BLD).unbind(1)):
        renew, new = cell.take(x_BLD[:, place]).chunk(2, -1)
        state = (1 - renew.sigmoid()) * state + renew.sigmoid() * new
        torch.testing.assert_close(answer, state)


@pytest.mark.parametrize("size", [1.0, 30.0])
def test_the_matrix_memory_is_its_recurrence(size: float) -> None:
    """As published, step by step, without the shift that keeps its exponentials small."""
    torch.manual_seed(0)
    cell, x_BLD = MatrixMemory(D, heads=2).double(), torch.randn(B, L, D, dtype=torch.float64)
    nn.init.normal_(cell.gates.weight, std=size * 0.3)
    memory, total = torch.zeros(B, 2, 3, 3, dtype=torch.float64), torch.zeros(B, 2, 3, dtype=torch.float64)
    for x, answer in zip(x_BLD.unbind(1), cell(x_BLD).unbind(1), strict=True):
        query, key, value = cell.query_key_value(x).unflatten(-1, (3, 2, 3)).unbind(1)
        write, keep = cell.gates(x).unflatten(-1, (2, 2)).unbind(1)
        write, keep, key = write.exp()[..., None], keep.sigmoid()[..., None], key / 3**0.5
        memory = keep[..., None] * memory + write[..., None] * value[..., None] * key[..., None, :]
        total = keep * total + write * key
        scale = (total * query).sum(-1, keepdim=True).abs().clamp(min=1)
        read = (memory @ query[..., None]).squeeze(-1) / scale
        torch.testing.assert_close(answer, cell.out(cell.open(x).sigmoid() * read.flatten(-2)), rtol=1e-6, atol=1e-9)


def test_the_matrix_memory_stands_large_gates() -> None:
    cell, x_BLD = MatrixMemory(D, heads=2), torch.randn(B, L, D, requires_grad=True)
    with torch.no_grad():
        cell.gates.bias.copy_(torch.tensor([500.0, -500.0, 100.0, -100.0]))
    cell(x_BLD).sum().backward()
    assert cell(x_BLD).isfinite().all()
    assert x_BLD.grad is not None
    assert x_BLD.grad.isfinite().all()


def both_ways() -> tuple[BothWays, nn.GRU]:
    ours, theirs = BothWays(D), nn.GRU(D, D, batch_first=True, bidirectional=True)
    for name, weight in ours.forwards.named_parameters():
        getattr(theirs, name).data.copy_(weight)
    for name, weight in ours.backwards.named_parameters():
        getattr(theirs, f"{name}_reverse").data.copy_(weight)
    return ours, theirs


def test_bidirectional_is_the_one_of_torch(x_BLD: Tensor) -> None:
    ours, theirs = both_ways()
    torch.testing.assert_close(ours(x_BLD), ours.join(theirs(x_BLD)[0]))


def test_bidirectional_turns_at_the_end_of_each_example(x_BLD: Tensor) -> None:
    """As torch does for packed examples of different lengths."""
    ours, theirs = both_ways()
    lengths = torch.tensor([L, 4, 1])
    present = torch.arange(L) < lengths[:, None]
    packed = pack_padded_sequence(x_BLD, lengths, batch_first=True)
    expected, _ = pad_packed_sequence(theirs(packed)[0], batch_first=True)
    answer = ours(x_BLD, Places(present))
    torch.testing.assert_close(answer[present], ours.join(expected)[present])


def test_turning_twice_is_not_turning(x_BLD: Tensor) -> None:
    present = torch.arange(L) < torch.tensor([[L], [4], [0]])
    once = turned(x_BLD, present)
    assert once[1, :4].equal(x_BLD[1, :4].flip(0))
    assert once[1, 4:].equal(x_BLD[1, 4:])
    assert turned(once, present).equal(x_BLD)
    assert turned(x_BLD, None).equal(turned(x_BLD, torch.ones(B, L, dtype=torch.bool)))


def test_only_bidirectional_knows_the_future() -> None:
    names = ("elman", "li_gru", "lstm", "gru", "mingru", "xlstm", "echo_state", "lru", "s4d", "mamba")
    assert all(catalog.architecture(name).CAUSAL for name in names)
    assert not hasattr(catalog.architecture("bidirectional"), "CAUSAL")


@pytest.mark.parametrize("width", [4, 16, 64])
def test_the_reservoir_has_the_radius_it_should(width: int) -> None:
    """Also after its weights were drawn again, as they are for every trial."""
    cell = nn.ModuleList([Reservoir(width)])
    for seed in (0, 1):
        initialize(cell, "task", seed)
        radius = torch.linalg.eigvals(cell[0].carry).abs().max()
        torch.testing.assert_close(radius, torch.tensor(RADIUS), rtol=1e-4, atol=1e-4)


def test_the_reservoir_is_its_recurrence(x_BLD: Tensor) -> None:
    cell, state = Reservoir(D), torch.zeros(B, D)
    for place, answer in enumerate(cell(x_BLD).unbind(1)):
        state = torch.tanh(state @ cell.carry.T + x_BLD[:, place] @ cell.take.T)
        torch.testing.assert_close(answer, cell.give(state))


def test_only_the_read_out_of_a_reservoir_learns(x_BLD: Tensor) -> None:
    cell = Reservoir(D)
    assert {name for name, _ in cell.named_parameters()} == {"give.weight", "give.bias"}
    assert {"carry", "take"} < set(cell.state_dict()), "but a checkpoint has it all"
    x_BLD.requires_grad_()
    cell(x_BLD).sum().backward()
    assert x_BLD.grad is not None
    assert x_BLD.grad.abs().sum(-1).all(), "what stands before it learns through it"


def test_a_reservoir_forgets_how_it_began() -> None:
    """The echo state property: after long enough only what came since matters."""
    torch.manual_seed(0)
    cell, x_BLD = Reservoir(32), torch.randn(1, 400, 32)
    other = x_BLD.clone()
    other[:, :5] = torch.randn(1, 5, 32)
    gap_L = (cell(x_BLD) - cell(other)).abs().amax(-1)[0]
    assert gap_L[4] > 0.1
    assert gap_L[-1] < 1e-4


@pytest.mark.parametrize(
    ("architecture", "mixer"),
    [
        ("elman", 4 * D * D + 2 * D),
        ("li_gru", 4 * D * D + 2 * D),
        ("lstm", 8 * D * D + 4 * D),
        ("gru", 6 * D * D + 6 * D),
        ("mingru", 2 * D * D + 2 * D),
        ("xlstm", 5 * D * D + 5 * D + 4 * D + 4),
        ("bidirectional", 14 * D * D + 13 * D),
        ("echo_state", D * D + D),
    ],
)
def test_weights_are_counted_by_the_formula(architecture: str, mixer: int) -> None:
    """Invariant X10."""
    net = network("series", architecture, width=D, depth=2, heads=2, norm="none")
    stem, head = 2 * D + D, D * CLASSES + CLASSES
    assert sum(p.numel() for p in net.parameters()) == stem + 2 * mixer + head
