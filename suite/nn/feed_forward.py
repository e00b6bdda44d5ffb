"""The second half of a transformer's layer: an MLP that every place goes through alone (section 10.3.1)."""

from torch import nn

from suite.nn.block import Alone
from suite.tricks.activation import activation as activation_of

EXPANSION = 4  # times as wide inside as outside (Vaswani et al. 2017)


def feed_forward(width: int, *, activation: str) -> Alone:
    """Widen, apply the nonlinearity, narrow; (B, ..., D) to (B, ..., D)."""
    wide = EXPANSION * width
    return Alone(nn.Linear(width, wide), activation_of(activation, wide), nn.Linear(wide, width))
