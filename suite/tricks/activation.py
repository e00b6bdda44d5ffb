"""Elementwise nonlinearities (book section 5.4)."""

from torch import nn


def activation(level: str, width: int) -> nn.Module:
    """The nonlinearity of that name over `width` features, (..., width) to (..., width)."""
    match level:
        case "gelu":
            return nn.GELU()
        case "relu":
            return nn.ReLU()
    raise ValueError(f"no activation {level!r}")
