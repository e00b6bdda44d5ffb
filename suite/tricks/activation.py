"""Elementwise nonlinearities, and the gated ones that bring linear maps of their own (book section 5.4)."""

from torch import nn

from suite.tricks.gates import GLU, Maxout, SwiGLU
from suite.tricks.kernel import Kernel
from suite.tricks.piecewise import Piecewise
from suite.tricks.swish import Power, Swish


def activation(level: str, width: int) -> nn.Module:
    """The nonlinearity of that name over `width` features, (..., width) to (..., width)."""
    match level:
        case "identity":
            return nn.Identity()
        case "polynomial":
            return Power()
        case "sigmoid":
            return nn.Sigmoid()
        case "tanh":
            return nn.Tanh()
        case "relu":
            return nn.ReLU()
        case "leaky_relu":
            return nn.LeakyReLU()
        case "prelu":
            return nn.PReLU()
        case "softplus":
            return nn.Softplus()
        case "elu":
            return nn.ELU()
        case "gelu":
            return nn.GELU()
        case "silu":
            return nn.SiLU()
        case "swish":
            return Swish(width)
        case "kernel":
            return Kernel(width)
        case "maxout":
            return Maxout(width)
        case "glu":
            return GLU(width)
        case "swiglu":
            return SwiGLU(width)
        case "piecewise":
            return Piecewise(width)
    raise ValueError(f"no activation {level!r}")
