"""Pre-training without answers: tell training examples that are turned round from those that are not.

The pretext is that of RotNet (Gidaris et al. 2018), with the one turn that means something for all data types: that of
suite.tricks.invalid. It takes as many steps again as the trial has, which are no part of `result.steps`, but of the
cost. A network that is trained from scratch is not pre-trained.

How much it teaches depends on the data: on series/mnist1d no architecture that was tried got far beyond guessing, and
on image/digits a frozen network answered worse after it than with random weights.

Axes: B batch.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import clip_grad_norm_

from suite.batches import batch_size
from suite.data import Part
from suite.seeds import torch_stream
from suite.trial import Trial
from suite.tricks.invalid import turn_of
from suite.tricks.optimizer import optimizer, rate
from suite.tricks.precision import in_precision
from tasks.task import Task


def pretrain(network: nn.Module, trial: Trial, task: Task, part: Part) -> None:
    """Train in place, by the trial's own budget; the network's first output says whether an example is turned."""
    ask, turn, budget = in_precision(trial.tricks.precision, network), turn_of(task), trial.budget
    assert isinstance(part.inputs, Tensor)  # as suite.tricks.refusal makes sure
    chance = torch_stream(trial.task, trial.seed, "pretraining")
    weights = [parameter for parameter in network.parameters() if parameter.requires_grad]
    stepper, size = optimizer(budget, weights), batch_size(trial, len(part))
    network.train()
    for step in range(1, budget.steps + 1):
        x = part.inputs[torch.randint(len(part), (size,), generator=chance)]
        turned_B = torch.rand(size, generator=chance) < 0.5
        inputs = torch.where(turned_B.view(-1, *[1] * (x.dim() - 1)), turn(x), x)
        for group in stepper.param_groups:
            group["lr"] = rate(budget, step)
        stepper.zero_grad(set_to_none=True)
        functional.binary_cross_entropy_with_logits(ask(inputs)[:, 0], turned_B.to(x.dtype)).backward()
        if budget.clip:
            clip_grad_norm_(weights, budget.clip)
        stepper.step()
