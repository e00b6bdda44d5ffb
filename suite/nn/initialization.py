"""Initial weights by name: a layer that two arms share starts the same in both.

A level other than the default draws the weights of linear and convolutional maps again, from the same streams, and
their biases become zero. Embeddings, recurrent cells and norms start as they are.
"""

from collections.abc import Callable

from torch import Tensor, nn

from suite.seeds import fixed, stream
from suite.tricks.maps import KINDS


def initialize(network: nn.Module, task: str, seed: int, level: str = "default", *, within: str = "") -> None:
    """Draw every module's weights again, as its class does by default, from a stream named after its place.

    Of the modules inside the one called `within` only, if one is named.
    """
    draw = _draw(level)
    for name, module in network.named_modules():
        if within and name.partition(".")[0] != within:
            continue
        reset = getattr(module, "reset_parameters", None)
        if reset is not None:
            with fixed(stream(task, seed, "init", name)):
                reset()
        if draw is not None and type(module) in KINDS:  # a map that is more than that knows how it starts
            with fixed(stream(task, seed, "init", name)):
                draw(module.get_parameter("weight"))
            if module.bias is not None:
                nn.init.zeros_(module.get_parameter("bias"))


def _draw(level: str) -> Callable[[Tensor], Tensor] | None:
    match level:
        case "default":
            return None
        case "he":  # He et al. 2015: normal, variance 2 / inputs
            return nn.init.kaiming_normal_
        case "xavier":  # Glorot & Bengio 2010: uniform, variance 2 / (inputs + outputs)
            return nn.init.xavier_uniform_
        case "orthogonal":  # Saxe et al. 2014
            return nn.init.orthogonal_
    raise ValueError(f"no initialization {level!r}")
