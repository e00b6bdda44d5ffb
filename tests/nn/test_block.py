"""The one block: every trick acts in it, and only there."""

from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn

from suite.nn.block import Alone, Mixer, Sublayer
from suite.nn.places import ALL, Places
from suite.trial import Tricks
from suite.tricks.norm import norm


class Zero(Mixer):
    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        return torch.zeros_like(x)


def examples() -> Tensor:
    return torch.randn(8, 5, 4, generator=torch.Generator().manual_seed(0))


def block(mixer: nn.Module | None = None, **tricks: object) -> Sublayer:
    torch.manual_seed(0)
    return Sublayer(mixer or Alone(nn.Linear(4, 4)), 4, Tricks(**tricks))  # type: ignore[arg-type]


@pytest.mark.parametrize("level", ["none", "batch", "layer", "rms"])
def test_a_branch_that_gives_zero_leaves_the_identity(level: str) -> None:
    x = examples()
    assert block(Zero(), residual="add", norm=level, dropout=0.5)(x).equal(x)
    assert not block(Zero(), residual="none", norm=level)(x).any()


@pytest.mark.parametrize("level", ["none", "batch", "layer", "rms"])
def test_it_normalizes_before_it_mixes(level: str) -> None:
    x, layer = examples(), block(norm=level)
    torch.testing.assert_close(layer(x), x + layer.mixer(norm(level, 4)(x)))


def test_dropout_is_inverted_and_off_at_evaluation() -> None:
    """p is the share that is dropped (slip S5); what is left is scaled up (invariant X18)."""
    layer = block(Alone(nn.Identity()), residual="none", norm="none", dropout=0.25)
    x = torch.ones(400, 50, 4)
    y = layer(x)
    assert y.unique().tolist() == pytest.approx([0, 4 / 3])
    assert (y == 0).float().mean().item() == pytest.approx(0.25, abs=0.01)
    assert y.mean().item() == pytest.approx(1, abs=0.01)
    assert layer.eval()(x).equal(x)


def test_dropout_falls_on_the_branch_and_not_on_the_stream() -> None:
    layer = block(Zero(), residual="add", norm="none", dropout=0.9)
    x = examples()
    assert layer(x).equal(x)


def test_all_levels_of_a_trick_differ() -> None:
    x = examples()
    for name, levels in {"norm": ("none", "batch", "layer", "rms"), "residual": ("none", "add")}.items():
        outputs = [block(**{name: level})(x) for level in levels]
        assert not any(one.allclose(other, atol=1e-3) for one, other in pairwise(outputs))
