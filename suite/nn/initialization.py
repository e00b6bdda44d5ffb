"""Initial weights by name: a layer that two arms share starts the same in both."""

from torch import nn

from suite.seeds import fixed, stream


def initialize(network: nn.Module, task: str, seed: int) -> None:
    """Draw every module's weights again, as its class does by default, from a stream named after its place."""
    for name, module in network.named_modules():
        reset = getattr(module, "reset_parameters", None)
        if reset is not None:
            with fixed(stream(task, seed, "init", name)):
                reset()
