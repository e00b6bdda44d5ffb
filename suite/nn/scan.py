"""Parallel associative scan (section 13.3.3): all states of a linear recurrence in O(log n) steps, O(n) work.

The maps h -> a h + b compose to maps of the same kind, in any bracketing. So neighbours are joined in pairs, pairs in
pairs of pairs, and then the places between get theirs (Brent and Kung 1982; Blelloch 1990). Nothing asks that `a` be
the same at every place: a selective model scans as well as one that never changes.

Axes: B batch, L length, ... any features.
"""

from collections.abc import Iterator
from typing import Any, cast

import torch
from torch import Tensor
from torch.autograd.function import Function, FunctionCtx

BLOCK = 2**19  # numbers scanned at once; what stays in the cache is four times as fast as what does not


def scan(a: Tensor, b: Tensor) -> Tensor:
    """h_t = a_t h_{t-1} + b_t from h = 0 before the first; (B, L, ...) to (B, L, ...), real or complex.

    `a` may leave out what it shares: it broadcasts to `b`.
    """
    return cast(Tensor, _Scan.apply(a.expand_as(b), b))  # type: ignore[no-untyped-call]


def levels(length: int) -> Iterator[tuple[slice, slice]]:
    """Which places are composed with which, one level after the other; within a level, all at once.

    Up: blocks of 1, 2, 4, ... places are joined with the block before them. Down: what is known up to the end of a
    block of 2s is carried on by s places. Fewer than 2 log2(length) levels.
    """
    span = 1
    while 2 * span <= length:
        yield slice(2 * span - 1, None, 2 * span), slice(span - 1, -span, 2 * span)
        span *= 2
    while span > 1:
        span //= 2
        if 3 * span <= length:
            yield slice(3 * span - 1, None, 2 * span), slice(2 * span - 1, -span, 2 * span)


def _scanned(a: Tensor, b: Tensor) -> Tensor:
    a, b = a.clone(memory_format=torch.contiguous_format), b.clone(memory_format=torch.contiguous_format)
    rows = max(1, BLOCK // b.shape[1:].numel())
    for a_part, b_part in zip(a.split(rows), b.split(rows), strict=True):
        for later, earlier in levels(b.shape[1]):
            b_part[:, later].addcmul_(a_part[:, later], b_part[:, earlier])
            a_part[:, later].mul_(a_part[:, earlier])
    return b


class _Scan(Function):
    """Its gradient is a scan too, from the end to the beginning; so only the states are kept for it."""

    @staticmethod
    def forward(a: Tensor, b: Tensor) -> Tensor:
        return _scanned(a, b)

    @staticmethod
    def setup_context(ctx: FunctionCtx, inputs: tuple[Tensor, Tensor], output: Tensor) -> None:
        ctx.save_for_backward(inputs[0], output)
        ctx.save_for_forward(inputs[0], output)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor]:
        a, h = ctx.saved_tensors
        grad_b = scan(a.conj().roll(-1, 1).flip(1), grad.flip(1)).flip(1)
        return grad_b * _before(h).conj(), grad_b

    @staticmethod
    def jvp(ctx: Any, a_change: Tensor, b_change: Tensor) -> Tensor:
        a, h = ctx.saved_tensors
        return scan(a, a_change * _before(h) + b_change)

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, int | None], a: Tensor, b: Tensor) -> tuple[Tensor, int]:
        """Networks side by side are more examples."""
        a, b = (_in_front(x, axis, info.batch_size) for x, axis in zip((a, b), in_dims, strict=True))
        return scan(a.flatten(0, 1), b.flatten(0, 1)).unflatten(0, b.shape[:2]), 0


def _before(h: Tensor) -> Tensor:
    """The states one place earlier; 0 at the first."""
    return torch.cat([torch.zeros_like(h[:, :1]), h[:, :-1]], 1)


def _in_front(x: Tensor, axis: int | None, size: int) -> Tensor:
    return x.expand(size, *x.shape) if axis is None else x.movedim(axis, 0)
