"""Every token mixer against its definition written out, and what it can and cannot know of places.

Axes: B batch, L places, M hidden places, D features, E inner features.
"""

import math

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from suite.architectures.fourier import Fourier
from suite.architectures.gmlp import SpatialGating
from suite.architectures.mlp_mixer import AcrossPlaces
from suite.architectures.monet import Multilinear, Polynomial
from suite.architectures.pool_former import Difference
from suite.architectures.random_mixer import RandomMean
from suite.architectures.shift import Shift
from suite.nn.initialization import initialize
from suite.nn.places import Places
from tests.specimens import SPECIMENS, network

B, L, D = 2, 6, 8


def row() -> Tensor:
    return torch.randn(B, L, D)


def test_the_mlp_mixer_is_its_two_equations() -> None:
    """E.11.9-10 with norms before: an MLP on the columns of X, then one on its rows."""
    net = network("numbers in a row", "mlp_mixer", depth=1)
    x = SPECIMENS["numbers in a row"].part(4).inputs
    across, each = (block.mixer for block in net.layers[0])
    stream, _ = net.stem(x)

    def normed(x: Tensor) -> Tensor:
        return functional.layer_norm(x, x.shape[-1:])

    columns = functional.linear(normed(stream).mT, across.first.weight, across.first.bias)
    stream = stream + functional.linear(functional.gelu(columns), across.second.weight, across.second.bias).mT
    widen, _, narrow = each.each
    stream = stream + narrow(functional.gelu(widen(normed(stream))))
    torch.testing.assert_close(net.features(x)[0], normed(stream))


def test_what_mixes_across_places_does_not_mix_features() -> None:
    mixer, x = AcrossPlaces(L, D, activation="gelu"), row()
    other = x.clone()
    other[..., 0] += 1
    changed = (mixer(other) - mixer(x)).abs().sum((0, 1)) > 1e-6
    assert changed.tolist() == [True] + [False] * (D - 1)


def test_gmlp_gates_half_of_its_features_with_the_other_half() -> None:
    mixer, x = SpatialGating(L, D, activation="gelu"), row()
    nn.init.normal_(mixer.gate.weight)
    wide = functional.gelu(functional.linear(x, mixer.widen[0].weight, mixer.widen[0].bias))
    u, v = wide[..., : 2 * D], wide[..., 2 * D :]
    gate = torch.einsum("ml,ble->bme", mixer.gate.weight, v) + mixer.gate.bias[:, None]
    torch.testing.assert_close(mixer(x), mixer.narrow(u * gate))


def test_gmlp_starts_with_its_gate_open() -> None:
    """Close to a network of places that are alone, as published."""
    mixer, x = SpatialGating(L, D, activation="gelu"), row()
    alone = mixer.narrow(mixer.widen(x)[..., : 2 * D])
    torch.testing.assert_close(mixer(x), alone, rtol=0, atol=0.01)
    assert not mixer(x).equal(alone)


def test_the_fourier_mixer_is_the_transform_written_out() -> None:
    """Re of F_L X F_D, with F_n the matrix of exp(-2 pi i j k / n) / sqrt(n)."""

    def matrix(n: int) -> Tensor:
        k = torch.arange(n, dtype=torch.float64)
        return torch.polar(torch.ones(n, n, dtype=torch.float64), -2 * math.pi * k[:, None] * k / n) / n**0.5

    x = row().double()
    expected = (matrix(L) @ x.to(torch.complex128) @ matrix(D)).real
    torch.testing.assert_close(Fourier(L)(x), expected)


def test_pool_former_takes_the_place_from_the_mean_of_its_neighbours() -> None:
    """As published, so that a plain residual path makes it the mean; a constant example leaves nothing."""
    x = torch.randn(B, 5, 4, D)
    mean = functional.avg_pool2d(x.movedim(-1, 1), 3, 1, 1, count_include_pad=False).movedim(1, -1)
    torch.testing.assert_close(Difference(3)(x) + x, mean)
    assert Difference(3)(torch.ones(B, 5, 4, D)).abs().max() < 1e-6


@pytest.mark.parametrize("causal", [False, True])
def test_the_random_mixer_is_attention_with_scores_drawn_once(causal: bool) -> None:
    """Torch's attention with these scores as its mask and queries of nothing; weights of a row have the sum 1."""
    mixer, x, places = RandomMean(L), row(), Places(causal=causal)
    nothing = torch.zeros(B, L, 1)
    mask = mixer.scores_MM if not causal else mixer.scores_MM.masked_fill(~torch.ones(L, L).tril().bool(), -torch.inf)
    torch.testing.assert_close(
        mixer(x, places), functional.scaled_dot_product_attention(nothing, nothing, x, attn_mask=mask)
    )
    torch.testing.assert_close(mixer(torch.ones(B, L, D), places), torch.ones(B, L, D))
    assert list(mixer.parameters()) == []


def test_the_random_mixer_is_drawn_anew_for_every_seed_and_kept_in_checkpoints() -> None:
    one, other = network("series", "random_mixer"), network("series", "random_mixer")
    name = "layers.0.0.mixer.scores_MM"
    assert one.state_dict()[name].equal(other.state_dict()[name])
    initialize(other, "series", 1)
    assert not one.state_dict()[name].equal(other.state_dict()[name])
    assert not one.state_dict()[name].equal(one.state_dict()["layers.1.0.mixer.scores_MM"])


def test_a_shift_is_a_convolution_with_one_weight_a_group() -> None:
    """Linear, shift, linear without the nonlinearity: each feature in the middle comes from one place."""
    mixer, x = Shift(D, kernel=3, activation="gelu"), row()
    middle = mixer.before(x)
    near = functional.pad(middle, (0, 0, 1, 1))
    split = [len(part) for part in torch.arange(D).tensor_split(3)]
    groups = [near[:, 2:], near[:, 1:-1], near[:, :-2]]  # from after, from here, from before
    parts = [group.split(split, -1)[number] for number, group in enumerate(groups)]
    torch.testing.assert_close(mixer(x), mixer.after(torch.cat(parts, -1)))


def test_the_multilinear_layer_is_its_equation() -> None:
    """C [(A x) * (B D x) + A x]; section 11.3."""
    layer, x = Multilinear(D), row()
    down, up = layer.bd
    ax = x @ layer.a.weight.T + layer.a.bias
    bdx = (x @ down.weight.T + down.bias) @ up.weight.T + up.bias
    torch.testing.assert_close(layer(x), (ax * bdx + ax) @ layer.c.weight.T + layer.c.bias)
    assert torch.linalg.matrix_rank(up.weight @ down.weight) == D // 4


def test_monet_is_a_polynomial_of_the_fourth_degree() -> None:
    """Along any line its fifth finite difference is zero, and the fourth is not."""
    mixer = Polynomial(D, kernel=3).double()
    start, way = torch.randn(2, 1, L, D, dtype=torch.float64)
    along = torch.stack([mixer((start + t * way)[None]) for t in torch.arange(6.0, dtype=torch.float64)])
    assert along.diff(n=5, dim=0).abs().max() < 1e-9
    assert along.diff(n=4, dim=0).abs().max() > 1e-3


@pytest.mark.parametrize(
    "architecture", ["mlp_mixer", "gmlp", "fourier", "random_mixer", "identity_mixer", "shift", "pool_former"]
)
def test_who_sees_whom(architecture: str) -> None:
    """One layer: everybody sees everybody, or the neighbours, or nobody."""
    net = network("numbers in a row", architecture, depth=1).double()
    x = torch.randn(1, 12, 2, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(net.features(x)[0][0, 5].square().sum(), x)
    seen = gradient[0].abs().sum(-1).nonzero().flatten().tolist()
    expected = {"identity_mixer": [5], "shift": [4, 5, 6], "pool_former": [4, 5, 6]}
    assert seen == expected.get(architecture, list(range(12)))


def test_without_an_exchange_only_positions_tell_an_order() -> None:
    """The identity mixer: places in another order, each taking its position along, give the same answer."""
    net, x = network("numbers in a row", "identity_mixer"), torch.randn(3, 12, 2)
    order = torch.randperm(12)
    assert not net(x[:, order]).allclose(net(x), atol=1e-4)
    positions = net.stem.modes[0].positions
    expected = net(x)
    positions.weight.data = positions.weight.data[order]
    torch.testing.assert_close(net(x[:, order]), expected)


@pytest.mark.parametrize("architecture", ["mlp_mixer", "gmlp"])
def test_a_row_shorter_than_there_is_room_for_is_one_with_zeros_at_its_end(architecture: str) -> None:
    mixer = network("numbers in a row", architecture).layers[0][0].mixer
    x, there = torch.randn(2, 12, 16), torch.arange(12) < 9
    torch.testing.assert_close(mixer(x[:, :9]), mixer(x, Places(there.expand(2, 12)))[:, :9])
