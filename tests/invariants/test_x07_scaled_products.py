"""X07 (section 10.1.2): the variance of a product of queries and keys grows with their features; scaled, it does not.

The slip S2 put right: var(q k) = k sigma^4, and sigma^4 after division by sqrt(k); not sigma^4 and sigma^2.
"""

import pytest
import torch
from torch import Tensor

PAIRS = 20000
FEATURES = (8, 64, 512)


def products(features: int, sigma: float) -> Tensor:
    q, k = sigma * torch.randn(2, PAIRS, features)
    return (q * k).sum(-1)


@pytest.mark.parametrize("features", FEATURES)
@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.0])
def test_the_variance_is_k_sigma_to_the_fourth(features: int, sigma: float) -> None:
    drawn = products(features, sigma)
    assert drawn.var().item() == pytest.approx(features * sigma**4, rel=0.05)
    assert (drawn / features**0.5).var().item() == pytest.approx(sigma**4, rel=0.05)


def test_without_the_scale_the_softmax_saturates() -> None:
    """Its entropy falls towards zero as heads get wider; with the scale it stays near that of few features."""
    keys = 16

    def entropy(features: int, scale: float) -> float:
        q, k = torch.randn(2, 400, keys, features)
        p = (q @ k.mT * scale).softmax(-1)
        return torch.special.entr(p).sum(-1).mean().item()

    plain = [entropy(features, 1.0) for features in FEATURES]
    scaled = [entropy(features, features**-0.5) for features in FEATURES]
    assert plain[0] > 2 * plain[1] > 4 * plain[2]
    assert plain[2] < 0.2
    assert max(scaled) - min(scaled) < 0.1
