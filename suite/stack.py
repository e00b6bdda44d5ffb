"""Networks of one shape as one: weights stacked, and one vectorized step for all of them.

Axes: N members, B batch.
"""

from collections.abc import Sequence
from itertools import groupby

import torch
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.optim import AdamW

from suite.trial import Trial
from suite.tricks.losses import Loss


class Stack:
    """Networks of one shape, their weights side by side in memory. Each network goes on to see its own."""

    def __init__(self, networks: Sequence[nn.Module]) -> None:
        self.parameters, self.buffers = stack_module_state(list(networks))
        for place, network in enumerate(networks):
            for name, parameter in network.named_parameters():
                parameter.data = self.parameters[name].data[place]
            for name, buffer in network.named_buffers():
                buffer.data = self.buffers[name][place]
        self._shape = networks[0]

    def losses(self, loss: Loss, inputs_NB: Tensor, targets_NB: Tensor) -> Tensor:
        """The loss of every member on its own batch; (N,)."""

        def one(parameters: dict[str, Tensor], buffers: dict[str, Tensor], inputs: Tensor, targets: Tensor) -> Tensor:
            return loss(functional_call(self._shape, (parameters, buffers), (inputs,)), targets)

        with sdpa_kernel(SDPBackend.MATH):  # the fused attention kernels cannot be stacked
            return vmap(one)(self.parameters, self.buffers, inputs_NB, targets_NB)

    def step(self, optimizer: AdamW, losses_N: Tensor) -> None:
        """One step of all members. The gradient of a sum is each member's own, also where another's is not a number."""
        gradients = torch.autograd.grad(losses_N.sum(), list(self.parameters.values()))
        for group in optimizer.param_groups:
            for parameter, gradient in zip(group["params"], gradients, strict=True):
                # The fused kernel reads memory in order whatever the strides, and stacked gradients are transposed.
                parameter.grad = gradient[group["members"]].contiguous()
        optimizer.step()

    def optimizer(self, trials: Sequence[Trial]) -> AdamW:
        """One group of parameters for each run of members with the same settings, so that each has its own."""
        sections, start = [], 0
        for budget, members in groupby(trials, key=lambda trial: trial.budget):
            section = slice(start, start := start + len(list(members)))
            weights = [stacked.detach()[section] for stacked in self.parameters.values()]
            sections.append(
                {"params": weights, "weight_decay": budget.weight_decay, "budget": budget, "members": section}
            )
        return AdamW(sections, fused=True)
