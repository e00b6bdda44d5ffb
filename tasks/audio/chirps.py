"""Chirps: does the tone go up or down? A raw waveform under noise that is louder than the tone.

A falling tone is a rising one played backwards, so both have the same samples and, in magnitude, the same spectrum:
what knows only these stays at chance. A linear classifier stays near it: the phase is random, so both classes have mean
zero at every sample. Who hears one moment alone is right in three cases of four at best, at the beginning or the end,
since falling tones begin higher; who hears the first third and the last, and which is which, in nearly all.
"""

import numpy as np

from tasks.probe import probe
from tasks.split import standardize
from tasks.task import Splits, Task

RATE, LENGTH = 8000, 512
LOWEST, HIGHEST = 400.0, 1600.0  # where a rising tone begins, in hertz
NOISE = 1.0  # deviation; that of a tone is 0.7


def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Tones that rise by an octave at an even pace, half of them played backwards; (count, LENGTH, 1)."""
    start = LOWEST * (HIGHEST / LOWEST) ** rng.random((count, 1))
    time = np.arange(LENGTH) / RATE
    turns = start * (time + time**2 * RATE / (2 * LENGTH))
    tones = np.sin(2 * np.pi * (turns + rng.random((count, 1))))
    falls = rng.permutation(count) % 2
    tones[falls == 1] = tones[falls == 1, ::-1]
    waves = tones + NOISE * rng.standard_normal(tones.shape)
    return waves.astype(np.float32)[:, :, None], falls


def load(rng: np.random.Generator) -> Splits:
    return standardize(probe(rng, draw), axes=(0, 1))


TASK = Task(
    data="audio",
    shape=(LENGTH, 1),
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.5,
    source="rising and falling tones under noise, made by this file",
    licence="none needed",
    load=load,
)
