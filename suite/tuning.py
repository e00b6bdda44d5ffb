"""From a network that was trained on something else to this task: which of its weights go on learning (section 9.2).

Something else are the task's own training inputs without their answers; suite.pretraining says what is learned there.
The head starts anew and always learns. `full` lets all weights learn; `frozen` keeps all others; `lora` keeps them too,
and adds a low rank to every linear and convolutional map.
"""

from torch import nn

from suite.nn.initialization import initialize
from suite.seeds import fixed, stream
from suite.trial import Trial
from suite.tricks.low_rank import add_low_rank
from suite.tricks.maps import KINDS

HEAD = "head"


def adapt(network: nn.Module, trial: Trial) -> None:
    """Make the network ready to learn the task, as `trial.tricks.tuning` says."""
    initialize(network, trial.task, trial.seed, trial.tricks.initialization, within=HEAD)
    if trial.tricks.tuning == "full":
        return
    kept = [(name, module) for name, module in network.named_modules() if name.partition(".")[0] != HEAD]
    for _, module in kept:
        for parameter in module.parameters(recurse=False):
            parameter.requires_grad_(False)
    if trial.tricks.tuning == "lora":
        for name, module in kept:
            if isinstance(module, KINDS):
                with fixed(stream(trial.task, trial.seed, "init", name, "lora")):
                    add_low_rank(module)
