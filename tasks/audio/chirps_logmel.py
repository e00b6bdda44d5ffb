"""Chirps as a spectrogram: the question of chirps, asked of the logarithm of mel bands, frame by frame.

The mean over frames says nothing; the first frame, or the last, a little, as in chirps.
"""

import numpy as np

from tasks.audio._spectrum import log_mel
from tasks.audio.chirps import LENGTH, RATE, draw
from tasks.probe import probe
from tasks.split import standardize
from tasks.task import Splits, Task

WIDTH, HOP, BANDS = 128, 32, 24
FRAMES = (LENGTH - WIDTH) // HOP + 1


def draw_spectra(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """(count, FRAMES, BANDS)."""
    waves, falls = draw(rng, count)
    return log_mel(waves[:, :, 0], rate=RATE, width=WIDTH, hop=HOP, bands=BANDS).astype(np.float32), falls


def load(rng: np.random.Generator) -> Splits:
    return standardize(probe(rng, draw_spectra), axes=(0, 1))


TASK = Task(
    data="audio",
    shape=(FRAMES, BANDS),
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.5,
    source="rising and falling tones under noise, made by the task chirps",
    licence="none needed",
    load=load,
)
