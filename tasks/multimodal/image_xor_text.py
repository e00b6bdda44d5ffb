"""Image XOR text: a handwritten digit, and a question that asks whether it is odd, or whether it is even.

Every digit is asked both questions equally often, so that the answer to an image alone is yes as often as no, and so is
that to a question. Sums of what each mode says are no better: the two must meet. A digit is in one part only.
"""

import numpy as np

from tasks.modes import Modes
from tasks.split import random_split, standardize
from tasks.task import Form, Split, Splits, Task

EVEN, ODD, FILLERS = 1, 2, 8  # words; the fillers come after the two that matter
VOCABULARY = 3 + FILLERS
SHORTEST, LONGEST = 3, 8
PAIRS = 4  # of questions about a digit, each in other words


def load(rng: np.random.Generator) -> Splits:
    from sklearn.datasets import load_digits

    images, digits = load_digits(return_X_y=True)
    inputs = images.reshape(-1, 8, 8, 1).astype(np.float32)
    splits = standardize(random_split(inputs, np.arange(len(digits)), rng), axes=(0, 1, 2, 3))
    return Splits(*(_asked(split, digits, rng) for split in (splits.train, splits.valid, splits.test)))


def _asked(split: Split, digits: np.ndarray, rng: np.random.Generator) -> Split:
    """Both questions for every image, in other words each time; the targets of `split` say which digit it is."""
    assert isinstance(split.inputs, np.ndarray)
    asked = np.tile([EVEN, ODD], PAIRS * len(split))
    true = np.where(np.repeat(digits[split.targets], 2 * PAIRS) % 2 == 0, EVEN, ODD)
    images = np.repeat(split.inputs, 2 * PAIRS, axis=0)
    return Split(Modes((images, _sentences(asked, rng))), (asked == true).astype(np.int64))


def _sentences(asked: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Filler words with the one that matters somewhere among them, and padding; (examples, LONGEST)."""
    count = len(asked)
    words = rng.integers(ODD + 1, VOCABULARY, (count, LONGEST))
    lengths = rng.integers(SHORTEST, LONGEST + 1, count)
    words[np.arange(count), rng.integers(0, lengths)] = asked
    return np.where(np.arange(LONGEST) < lengths[:, None], words, 0)


TASK = Task(
    data="multimodal",
    shape=(),
    modes=(Form("image", (8, 8, 1)), Form("text", (LONGEST,), vocabulary=VOCABULARY, padded=True)),
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.5,
    source="UCI handwritten digits, 1,797 of them, shipped inside scikit-learn, with eight questions each",
    licence="CC BY 4.0",
    load=load,
)
