"""Positions say where a place is, or how far away another one, as published."""

import math

import pytest
import torch
from torch import nn

from suite.nn.attention import Attention, MultiQueryAttention, SelfAttention
from suite.nn.places import Places
from suite.nn.positions import (
    FARTHEST,
    Alibi,
    Fixed,
    RelativeBias,
    Rotation,
    absolute,
    bias,
    one_hot,
    scalar,
    sinusoidal,
    stem_only,
)

ABSOLUTE = ("scalar", "one_hot", "learned", "sinusoidal")
INSIDE = ("relative", "alibi", "alibi_trained", "rope")
L, D, H = 9, 8, 2


def distances(length: int) -> torch.Tensor:
    place = torch.arange(length)
    return place - place[:, None]


# Absolute positions


@pytest.mark.parametrize("level", ABSOLUTE)
def test_absolute_positions_are_added_and_tell_places_apart(level: str) -> None:
    module, x = absolute(level, 6, D), torch.randn(2, 6, D)
    assert module is not None
    added = module(x) - x
    torch.testing.assert_close(added[0], added[1])
    assert torch.cdist(added[0], added[0]).add(torch.eye(6)).min() > 1e-3


@pytest.mark.parametrize("level", ABSOLUTE)
def test_places_of_a_grid_are_counted_in_reading_order(level: str) -> None:
    module, x = absolute(level, 12, D), torch.randn(2, 3, 4, D)
    assert module is not None
    assert module(x).flatten(1, 2).equal(module(x.flatten(1, 2)))


@pytest.mark.parametrize("level", ABSOLUTE)
def test_a_row_may_be_shorter_and_may_go_on_where_one_ended(level: str) -> None:
    module, x = absolute(level, L, D), torch.randn(2, L, D)
    assert module is not None
    whole = module(x)
    assert module(x[:, :4]).equal(whole[:, :4])
    assert module(x[:, 4:], 4).equal(whole[:, 4:])


@pytest.mark.parametrize("level", ["none", *INSIDE])
def test_other_levels_add_nothing_in_the_stem(level: str) -> None:
    assert absolute(level, L, D) is None


def test_sinusoids_are_the_published_formula() -> None:
    """PE(i, 2k) = sin(i / 10000^(2k / d)), PE(i, 2k + 1) = cos(...)."""
    found = sinusoidal(50, 6)
    for i in (0, 1, 7, 49):
        for k in range(3):
            angle = i / 10000 ** (2 * k / 6)
            assert found[i, 2 * k].item() == pytest.approx(math.sin(angle), abs=1e-6)
            assert found[i, 2 * k + 1].item() == pytest.approx(math.cos(angle), abs=1e-6)


def test_products_of_sinusoids_depend_on_the_distance_only() -> None:
    vectors = sinusoidal(40, 16).double()
    products = vectors @ vectors.T
    for distance in (0, 1, 5, 20):
        along = products.diagonal(distance)
        torch.testing.assert_close(along, along[:1].expand_as(along), atol=1e-5, rtol=0)


def test_an_odd_width_has_one_sine_more() -> None:
    assert sinusoidal(5, 7).shape == (5, 7)


def test_a_scalar_goes_from_zero_towards_one_in_one_feature() -> None:
    assert scalar(4, 3).tolist() == [[0, 0, 0], [0.25, 0, 0], [0.5, 0, 0], [0.75, 0, 0]]


def test_one_hot_needs_as_many_features_as_places() -> None:
    assert one_hot(3, 4).equal(torch.eye(4)[:3])
    assert one_hot(4, 3)[3].equal(one_hot(4, 3)[0]), "too few: places look alike"


def test_what_is_fixed_is_no_weight_and_not_saved() -> None:
    module = Fixed(sinusoidal(4, 4))
    assert not list(module.parameters())
    assert not module.state_dict()


def test_unknown_positions_are_refused() -> None:
    with pytest.raises(ValueError, match="no positions 'spiral'"):
        absolute("spiral", 4, 4)


# Biases on scores


def test_alibi_has_the_published_slopes_and_does_not_learn_them() -> None:
    """Slip S7: the book says trainable; Press et al. 2022 say 1/2, 1/4, ..., 1/256 for eight heads, not learned."""
    fixed, trained = Alibi(8, trained=False), Alibi(8, trained=True)
    assert fixed.slopes.tolist() == [2**-h for h in range(1, 9)]
    assert not list(fixed.parameters())
    assert [p.numel() for p in trained.parameters()] == [8]
    assert trained(distances(5)).equal(fixed(distances(5)))


def test_alibi_is_minus_the_distance_times_the_slope() -> None:
    found = Alibi(2, trained=False)(distances(3))
    assert found[0].mul(2**4).tolist() == [[0, -1, -2], [-1, 0, -1], [-2, -1, 0]]
    assert found[1].equal(found[0] / 2**4)


def test_relative_biases_are_one_number_a_distance_up_to_the_farthest() -> None:
    module = RelativeBias(H)
    found = module(distances(FARTHEST + 5))
    assert found.shape == (H, FARTHEST + 5, FARTHEST + 5)
    assert found[0, 3, 5] == found[0, 10, 12] == module.weight[0, FARTHEST + 2]
    assert found[0, 5, 3] == module.weight[0, FARTHEST - 2] != found[0, 3, 5], "left is not right"
    assert found[1, 0, FARTHEST] == found[1, 0, FARTHEST + 4]


# Rotation


def test_rotated_products_depend_on_the_distance_only() -> None:
    """And a rotation changes no length."""
    turn = Rotation(D)
    q, k = (torch.randn(1, 1, 1, D, dtype=torch.float64).expand(1, 1, 30, D) for _ in range(2))
    place = torch.arange(30)
    products = (turn(q, place) @ turn(k, place).mT)[0, 0]
    for distance in (-7, 0, 1, 12):
        along = products.diagonal(distance)
        torch.testing.assert_close(along, along[:1].expand_as(along))
    assert products[0, 5] != products[0, 6]
    torch.testing.assert_close(turn(q, place).norm(dim=-1), q.norm(dim=-1))


def test_a_rotation_is_the_complex_product() -> None:
    """f(x, m) = x exp(i m theta_k), theta_k = 10000^(-2k / d), with pairs of features as complex numbers."""
    x, place = torch.randn(1, 1, 6, D, dtype=torch.float64), torch.tensor([0, 1, 2, 5, 50, 999])
    theta = 10000.0 ** (-2 * torch.arange(D // 2, dtype=torch.float64) / D)
    turned = torch.view_as_complex(x.unflatten(-1, (-1, 2))) * torch.polar(
        torch.ones(1, dtype=torch.float64), place[:, None] * theta
    )
    torch.testing.assert_close(Rotation(D)(x, place), torch.view_as_real(turned).flatten(-2))


def test_heads_without_pairs_of_features_are_refused() -> None:
    with pytest.raises(ValueError, match="a head of 3 features has no pairs"):
        SelfAttention(12, heads=4, positions="rope")


# Inside attention


def scores(mixer: SelfAttention, x: torch.Tensor) -> torch.Tensor:
    q, k, _ = mixer.query_key_value(x).unflatten(-1, (3, H, -1)).permute(2, 0, 3, 1, 4)
    return q @ k.mT / (D // H) ** 0.5


@pytest.mark.parametrize("level", ["relative", "alibi", "alibi_trained"])
@pytest.mark.parametrize("causal", [False, True])
def test_a_bias_is_added_to_the_scores(level: str, causal: bool) -> None:
    mixer, x = SelfAttention(D, heads=H, positions=level), torch.randn(2, L, D)
    assert mixer.bias is not None
    biased = scores(mixer, x) + mixer.bias(distances(L))
    if causal:
        biased = biased.masked_fill(torch.ones(L, L).triu(1) > 0, -torch.inf)
    v = mixer.query_key_value(x)[..., 2 * D :].unflatten(-1, (H, -1)).transpose(1, 2)
    expected = mixer.out((biased.softmax(-1) @ v).transpose(1, 2).flatten(-2))
    torch.testing.assert_close(mixer(x, Places(causal=causal)), expected)


@pytest.mark.parametrize("kind", [SelfAttention, MultiQueryAttention])
@pytest.mark.parametrize("level", INSIDE)
def test_attention_with_relative_positions_knows_the_order(kind: type[Attention], level: str) -> None:
    mixer, x, order = kind(D, heads=H, positions=level), torch.randn(2, L, D), torch.randperm(L)
    if level == "relative":
        nn.init.normal_(mixer.bias.weight)
    assert not torch.allclose(mixer(x[:, order]), mixer(x)[:, order], atol=1e-3)
    assert mixer(x[:, order], Places(causal=True)).isfinite().all()


@pytest.mark.parametrize("kind", [SelfAttention, MultiQueryAttention])
@pytest.mark.parametrize("level", INSIDE)
def test_and_nothing_but_the_order(kind: type[Attention], level: str) -> None:
    """The same places further on get the same answers: only distances matter."""
    mixer, x = kind(D, heads=H, positions=level), torch.randn(1, L, D)
    later = torch.cat([torch.randn(1, 5, D), x], 1)
    present = torch.ones(1, L + 5, dtype=torch.bool)
    present[:, :5] = False
    torch.testing.assert_close(mixer(later, Places(present))[:, 5:], mixer(x))


@pytest.mark.parametrize("level", ["none", *ABSOLUTE])
def test_absolute_levels_do_nothing_inside(level: str) -> None:
    mixer = SelfAttention(D, heads=H, positions=level)
    assert mixer.bias is None
    assert mixer.rotation is None
    assert set(mixer.state_dict()) == {
        f"{part}.{kind}" for part in ("query_key_value", "out") for kind in ("weight", "bias")
    }


@pytest.mark.parametrize("level", INSIDE)
def test_an_architecture_without_scores_refuses_them(level: str) -> None:
    with pytest.raises(ValueError, match=f"positions '{level}' act on the scores"):
        stem_only(level, "perceiver")
    for other in ("none", *ABSOLUTE):
        stem_only(other, "perceiver")


def test_only_some_levels_bias() -> None:
    assert [level for level in ("none", *ABSOLUTE, *INSIDE) if bias(level, 1) is not None] == list(INSIDE[:3])
