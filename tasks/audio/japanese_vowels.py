"""Japanese vowels: which of nine men said /ae/? Twelve cepstral coefficients, frame by frame (Kudo et al. 1999).

Utterances have 7 to 29 frames. The official test part is kept; a fifth of the training part is to choose on.
"""

import numpy as np

from tasks.series._ucr import LICENCE, members, official
from tasks.split import stratified_split
from tasks.task import Reference, Split, Splits, Task

FILES = members(
    "JapaneseVowels",
    train="68a430eabd919cc77f40b1f5f3bc0dcafacc1486bca9260785aeb7d262cc78cd",
    test="b3d41d6a0ca3bcad3afb9ca7d4365382aa51341e2e58bae2a574babdda5b9462",
)
FRAMES, COEFFICIENTS = 29, 12
TABLE = "README of the repository dl-4-tsc (Fawaz et al. 2019), MTS archive; mean of 10 runs, official split"


def _long(split: Split) -> np.ndarray:
    """All with room for the longest; NaN past the end of an utterance."""
    assert isinstance(split.inputs, np.ndarray)
    short = FRAMES - split.inputs.shape[1]
    return np.pad(split.inputs, ((0, 0), (0, short), (0, 0)), constant_values=np.nan)


def load(rng: np.random.Generator) -> Splits:
    """Each coefficient is scaled by its mean and deviation over the frames of train."""
    train, test = official(FILES)
    parts = stratified_split(_long(train), train.targets, rng, valid=0.2, test=0.0)
    heard = _long(parts.train)
    mean, scale = (f(heard, (0, 1), dtype=np.float64) for f in (np.nanmean, np.nanstd))

    def scaled(split: Split) -> Split:
        return Split(((_long(split) - mean) / scale).astype(np.float32), split.targets)

    return Splits(scaled(parts.train), scaled(parts.valid), scaled(test))


TASK = Task(
    data="audio",
    shape=(FRAMES, COEFFICIENTS),
    padded=True,
    target="class",
    outputs=9,
    metric="accuracy",
    chance=0.238,
    source="UCI and UEA archives, 270 utterances to learn from and 370 to be tested on, in package aeon",
    licence="UCI: CC BY 4.0; " + LICENCE,
    load=load,
    references=tuple(
        Reference(model, score, TABLE, architecture, spread)
        for model, score, spread, architecture in (
            ("MLP", 0.976, 0.002, "mlp"),
            ("FCN, three convolutions", 0.993, 0.002, "cnn"),
            ("ResNet", 0.992, 0.003, "resnet"),
            ("Encoder, convolution and attention", 0.976, 0.006, ""),
            ("TWIESN, an echo state network", 0.965, 0.007, ""),
        )
    ),
    files=FILES,
)
