"""The numbers a network computes with: 32 bits, or 16 where that is safe."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn


def in_precision(level: str, network: nn.Module) -> Callable[[Any], Tensor]:
    """The network as a function of inputs, under torch's autocast where fewer bits are wanted.

    Weights, outputs and losses have 32 bits all the same.
    """
    match level:
        case "float32":
            return network
        case "bfloat16":

            def halved(inputs: Any) -> Tensor:
                with torch.autocast("cpu", torch.bfloat16):
                    return network(inputs).float()

            return halved
    raise ValueError(f"no precision {level!r}")
