"""Token shift (section 11.3): features moved to neighbouring places, which mixes without a weight; channels last."""

import torch
from torch import Tensor


def shifted(x: Tensor, kernel: int, *, causal: bool) -> Tensor:
    """The features in groups, one for each place that a kernel covers along each axis; each group comes from there.

    (B, ..., D) to (B, ..., D); zeros come in from outside. In a causal shift all groups come from the place itself or
    from before.
    """
    axes, first = x.dim() - 2, 0 if causal else -(kernel // 2)
    moves = [(axis, first + step) for axis in range(1, axes + 1) for step in range(kernel)]
    groups = x.tensor_split(len(moves), -1)
    return torch.cat([_moved(group, *move) for group, move in zip(groups, moves, strict=True)], -1)


def _moved(x: Tensor, axis: int, places: int) -> Tensor:
    """All moved so many places towards the end of an axis, zeros behind; places < 0: towards its beginning."""
    kept = x.narrow(axis, max(0, -places), max(0, x.shape[axis] - abs(places)))
    gone = torch.zeros_like(x.narrow(axis, 0, x.shape[axis] - kept.shape[axis]))
    return torch.cat([gone, kept] if places > 0 else [kept, gone], axis)
