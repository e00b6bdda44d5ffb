"""The linear and convolutional maps of a network: whose weights tricks of weights act on."""

from collections.abc import Iterator

from torch import Tensor, nn

KINDS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)


def maps(network: nn.Module) -> Iterator[nn.Module]:
    """Each of them, in order."""
    return (module for module in network.modules() if isinstance(module, KINDS))


def weights(network: nn.Module) -> list[Tensor]:
    """Their weights, without biases."""
    return [module.get_parameter("weight") for module in maps(network)]
