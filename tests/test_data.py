"""A task's data in memory, and the fingerprint of every bit of it."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from suite.data import data, fingerprint
from tasks.task import Split, Splits


def splits() -> Splits:
    def part(first: int) -> Split:
        return Split(np.arange(first, first + 6, dtype=np.float32).reshape(3, 2), np.array([0, 1, 0]))

    return Splits(part(0), part(10), part(20))


@pytest.mark.parametrize("part", ["train", "valid", "test"])
@pytest.mark.parametrize("array", ["inputs", "targets"])
def test_one_bit_changes_the_fingerprint(part: str, array: str) -> None:
    changed = splits()
    values = getattr(getattr(changed, part), array)
    values.view(np.uint8).reshape(-1)[-1] ^= 1
    assert fingerprint(changed) != fingerprint(splits())


def test_order_type_and_shape_change_the_fingerprint() -> None:
    ours = splits()
    others = [
        replace(ours, valid=ours.test, test=ours.valid),
        replace(ours, test=Split(ours.test.inputs[::-1], ours.test.targets)),
        replace(ours, test=Split(ours.test.inputs, ours.test.targets.astype(np.int32))),
        replace(ours, test=Split(ours.test.inputs.reshape(3, 2, 1), ours.test.targets)),
        replace(ours, test=Split(ours.test.inputs[:2], ours.test.targets[:2])),
    ]
    assert len({fingerprint(other) for other in [ours, *others]}) == 6


def test_how_it_lies_in_memory_does_not() -> None:
    ours = splits()
    column_by_column = Split(np.asfortranarray(ours.test.inputs), ours.test.targets)
    assert fingerprint(replace(ours, test=column_by_column)) == fingerprint(ours)


def test_tensors_hold_what_the_task_gave() -> None:
    ours = data("image/digits", 0)
    assert ours.train.inputs.dtype == torch.float32
    assert ours.train.targets.dtype == torch.int64
    assert ours.fingerprint != data("image/digits", 1).fingerprint
    assert data("image/digits", 0) is ours, "kept in memory"
