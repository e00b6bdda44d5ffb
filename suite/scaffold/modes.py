"""Is the picture as bright as the word says? Say here what is asked, and who published it."""

import numpy as np

from tasks.modes import Modes
from tasks.split import random_split, standardize
from tasks.task import Form, Split, Splits, Task

SIDE, LENGTH, VOCABULARY = 6, 4, 8
DARK, BRIGHT = 1, 2  # the first word of every text; the others mean nothing
EXAMPLES = 2000


def load(rng: np.random.Generator) -> Splits:
    """Everything random comes from `rng`, so that one seed always gives the same data."""
    is_bright = rng.permutation(np.arange(EXAMPLES) % 2)
    images = rng.standard_normal((EXAMPLES, SIDE, SIDE, 1)) + (2 * is_bright - 1).reshape(-1, 1, 1, 1)
    splits = standardize(random_split(images.astype(np.float32), is_bright, rng), axes=(0, 1, 2, 3))
    return Splits(*(asked(split, rng) for split in (splits.train, splits.valid, splits.test)))


def asked(split: Split, rng: np.random.Generator) -> Split:
    """Each image, whose target says whether it is bright, with a text; the new target says whether they agree."""
    assert isinstance(split.inputs, np.ndarray)
    says_bright = rng.integers(0, 2, len(split))
    words = rng.integers(BRIGHT + 1, VOCABULARY, (len(split), LENGTH))
    words[:, 0] = np.where(says_bright == 1, BRIGHT, DARK)
    return Split(Modes((split.inputs, words)), (says_bright == split.targets).astype(np.int64))


TASK = Task(
    data="multimodal",
    shape=(),
    modes=(Form("image", (SIDE, SIDE, 1)), Form("text", (LENGTH,), vocabulary=VOCABULARY)),
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.5,
    source="noise and words, drawn anew for every seed by this file",
    licence="none needed",
    load=load,
)
