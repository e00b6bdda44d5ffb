"""Sets of labelled pictures from the hub, with an official test set, in as little memory as float32 allows."""

import io
from typing import TYPE_CHECKING

import numpy as np

from tasks.hub import Part, table
from tasks.split import hold_out
from tasks.task import Split, Splits

if TYPE_CHECKING:
    import pyarrow as pa


def official(train: Part, test: Part, rng: np.random.Generator, *, keep: int | None = None) -> Splits:
    """A random fifth of the training set for validation, and the test set as it is; standardized on train.

    The first column of both parts has the pictures and the second the labels. Of the training set, `keep` pictures
    are drawn, or all are taken.
    """
    rows = rng.permutation(train.rows)[:keep] if keep else np.arange(train.rows)
    splits = hold_out(_labelled(table(train), rows), _labelled(table(test), np.arange(test.rows)), rng)
    mean, scale = _mean_and_scale(splits.train)
    return Splits(*(_standardized(split, mean, scale) for split in (splits.train, splits.valid, splits.test)))


def decoded(stored: list[dict[str, bytes]]) -> np.ndarray:
    """Pictures of one size from the bytes of their files; uint8, (examples, height, width, channels)."""
    from PIL import Image

    images = np.stack([np.asarray(Image.open(io.BytesIO(one["bytes"]))) for one in stored])
    return images if images.ndim == 4 else images[..., None]


def _labelled(found: "pa.Table", rows: np.ndarray) -> Split:
    chosen = found.take(rows)
    return Split(decoded(chosen.column(0).to_pylist()), chosen.column(1).to_numpy().astype(np.int64))


def _mean_and_scale(split: Split) -> tuple[np.ndarray, np.ndarray]:
    """Of each channel; piece by piece, because all at once in double precision is eight times the pictures."""
    assert isinstance(split.inputs, np.ndarray)
    total = squares = np.zeros(split.inputs.shape[-1])
    for piece in np.array_split(split.inputs, 100):
        values = piece.astype(np.float64)
        total, squares = total + values.sum((0, 1, 2)), squares + (values**2).sum((0, 1, 2))
    count = split.inputs[..., 0].size
    return total / count, np.sqrt(squares / count - (total / count) ** 2)


def _standardized(split: Split, mean: np.ndarray, scale: np.ndarray) -> Split:
    assert isinstance(split.inputs, np.ndarray)
    values = split.inputs.astype(np.float32)
    values -= mean.astype(np.float32)
    values /= scale.astype(np.float32)
    return Split(values, split.targets)
