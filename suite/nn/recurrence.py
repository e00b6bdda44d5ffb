"""The general recurrence (D.13.1): a state carried from place to place, always updated by the same step.

Axes: B batch, L length, E what drives the state, S size of the state.
"""

from collections.abc import Callable

import torch
from torch import Tensor


def unroll(step: Callable[[Tensor, Tensor], Tensor], driven_BLE: Tensor, size: int, *, truncate: int = 0) -> Tensor:
    """All states s_i = step(s_{i-1}, driven_i) from s_0 = 0; (B, L, E) to (B, L, S).

    With `truncate`, the gradient is cut before every so-many-th step, and no state is another for it: truncated
    backpropagation through time (section 13.2.2; Williams and Peng 1990).
    """
    state_BS, states = driven_BLE.new_zeros(len(driven_BLE), size), []
    for place, driven_BE in enumerate(driven_BLE.unbind(1)):
        if truncate and place % truncate == 0:
            state_BS = state_BS.detach()
        state_BS = step(state_BS, driven_BE)
        states.append(state_BS)
    return torch.stack(states, 1)
