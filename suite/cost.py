"""What a network costs before it runs: its parameters, and the matrix arithmetic of training it."""

from functools import lru_cache

from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from suite import catalog
from suite.blank import blank
from suite.seeds import fixed
from suite.trial import Size, Trial, Tricks


def parameters(network: nn.Module) -> int:
    """Trainable numbers."""
    return sum(p.numel() for p in network.parameters() if p.requires_grad)


def training_flops(trial: Trial, steps: int, *, batch: int | None = None) -> int:
    """FLOPs of matrix products and convolutions over `steps` steps; a backward pass counts as two forward ones.

    `batch` is given where the data does not fill the trial's own.
    """
    if steps == 0:
        return 0  # also for a network that fails as soon as it is asked
    examples = steps * (batch or trial.budget.batch)
    return 3 * examples * forward_flops(trial.task, trial.architecture, trial.size, trial.tricks)


@lru_cache(maxsize=1024)
def forward_flops(task: str, architecture: str, size: Size, tricks: Tricks) -> int:
    """FLOPs of one example's way through the network."""
    wanted = catalog.task(task)
    # Two examples, because batch normalization refuses one. In training mode and with the plain attention
    # kernel, because the counter does not see into the fused ones.
    with fixed(0), FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
        network = catalog.architecture(architecture).build(wanted, size, tricks)
        network(blank(wanted, 2))
    return int(counter.get_total_flops()) // 2
