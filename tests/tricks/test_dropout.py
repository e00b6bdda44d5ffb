"""Every dropout leaves out what it says, at the rate it says, and nothing at evaluation."""

import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional

from suite.graphs import Graphs
from suite.nn.block import Alone
from suite.nn.places import ALL, Places
from suite.tricks.dropout import Dropout, dropout
from tests.specimens import SPECIMENS

LEVELS = ("element", "spatial", "depth", "connect")
RATE = 0.25

each_level = pytest.mark.parametrize("level", LEVELS)


def mixer(width: int = 8) -> Alone:
    return Alone(nn.Linear(width, width, bias=False))


def on_ones(level: str, shape: tuple[int, ...]) -> Tensor:
    return dropout(level, RATE)(torch.ones(shape), ALL)


@each_level
def test_it_is_off_at_evaluation(level: str) -> None:
    module, mix, x = dropout(level, RATE), mixer(), torch.randn(6, 5, 8)
    assert not module.branch(mix, x, ALL).equal(mix(x))
    assert module.eval().branch(mix, x, ALL).equal(mix(x))


@each_level
def test_it_is_unbiased(level: str) -> None:
    """Invariant X18: the mean over masks is what there would be without."""
    module, mix, x = dropout(level, RATE), mixer(), torch.randn(3, 2, 8)
    total = torch.stack([module.branch(mix, x, ALL).detach() for _ in range(4000)]).mean(0)
    assert (total - mix(x)).abs().max() < 0.1


@each_level
def test_no_rate_is_no_dropout(level: str) -> None:
    mix, x, state = mixer(), torch.randn(6, 5, 8), torch.get_rng_state()
    assert dropout(level, 0.0).branch(mix, x, ALL).equal(mix(x))
    assert torch.get_rng_state().equal(state)
    assert type(dropout(level, 0.0)) is Dropout


def test_element_is_torch_dropout() -> None:
    x = torch.randn(6, 5, 8)
    torch.manual_seed(3)
    ours = dropout("element", RATE)(x, ALL)
    torch.manual_seed(3)
    assert ours.equal(nn.Dropout(RATE)(x))


@pytest.mark.parametrize("shape", [(400, 1, 8), (400, 6, 8), (400, 3, 2, 8), (400, 2, 2, 2, 8)])
def test_spatial_drops_whole_channels(shape: tuple[int, ...]) -> None:
    y = on_ones("spatial", shape).flatten(1, -2)
    assert (y == y[:, :1]).all(), "the same at every place"
    assert y.unique().tolist() == pytest.approx([0, 1 / (1 - RATE)])
    assert (y[:, 0] == 0).float().mean().item() == pytest.approx(RATE, abs=0.03)
    assert not (y[:, 0, 0] == y[:, 0, 1]).all(), "and not at every channel"


def test_spatial_is_torch_dropout_2d() -> None:
    x = torch.randn(6, 3, 2, 8)
    torch.manual_seed(3)
    ours = dropout("spatial", RATE)(x, ALL)
    torch.manual_seed(3)
    torch.testing.assert_close(ours, functional.dropout2d(x.movedim(-1, 1), RATE).movedim(1, -1))


@pytest.mark.parametrize("shape", [(4000, 1, 8), (4000, 3, 2, 8)])
def test_depth_drops_the_whole_branch_of_an_example(shape: tuple[int, ...]) -> None:
    y = on_ones("depth", shape).flatten(1)
    assert (y == y[:, :1]).all()
    assert (y[:, 0] == 0).float().mean().item() == pytest.approx(RATE, abs=0.03)


@pytest.mark.parametrize("level", ["spatial", "depth"])
def test_nodes_of_a_graph_share_a_mask(level: str) -> None:
    graphs = SPECIMENS["graphs"].part(32).inputs
    assert isinstance(graphs, Graphs)
    y = dropout(level, 0.5)(torch.ones(len(graphs.nodes), 8), Places(graphs=graphs))
    each = y.split(graphs.node_counts.tolist())
    assert all((one == one[:1]).all() for one in each)
    assert 0 < sum(bool(one[0, 0]) for one in each) < 32


def test_connect_drops_single_weights_of_matrices() -> None:
    mix = Alone(nn.Linear(50, 40))
    nn.init.ones_(mix.each[0].weight)
    nn.init.constant_(mix.each[0].bias, 100.0)
    kept = dropout("connect", RATE).branch(mix, torch.eye(50)[None], ALL) - 100
    assert kept.detach().unique().tolist() == pytest.approx([0, 1 / (1 - RATE)], abs=1e-4)
    assert (kept == 0).float().mean().item() == pytest.approx(RATE, abs=0.05)
    assert (mix.each[0].weight == 1).all(), "the weights themselves stay"


def test_connect_reaches_the_weights_of_recurrent_cells() -> None:
    cell = nn.GRU(4, 4, batch_first=True)
    x, zeros = torch.randn(2, 5, 4), {name: torch.zeros_like(p) for name, p in cell.named_parameters()}
    assert not functional_call(cell, zeros, (x,))[0].any()
    assert cell(x)[0].any()


def test_cutout_is_not_in_the_network() -> None:
    assert type(dropout("cutout", RATE)) is Dropout


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="'block'"):
        dropout("block", RATE)
