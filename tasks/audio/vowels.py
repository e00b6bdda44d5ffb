"""Vowels of American English, synthesized from measured formants: which of ten was said? Cepstra, frame by frame.

Fundamental frequency and formants are the averages over men, women and children that Peterson and Barney (1952),
Control Methods Used in a Study of the Vowels, JASA 24, table II, give for each vowel. A voice is a train of pulses sent
through three resonators in a row (Klatt 1980, Software for a Cascade/Parallel Formant Synthesizer, JASA 67). Speakers
differ in their size, which scales all formants, and every utterance a little in each; how much is chosen by us.
"""

import numpy as np
from scipy.signal import lfilter

from tasks.audio._spectrum import mfcc
from tasks.probe import probe
from tasks.split import standardize
from tasks.task import Splits, Task

VOWELS = ("heed", "hid", "head", "had", "hod", "hawed", "hood", "who'd", "hud", "heard")
# Hertz, (kind of speaker, F0 to F3, vowel).
MEASURED = np.array(
    [
        [
            [136, 135, 130, 127, 124, 129, 137, 141, 130, 133],
            [270, 390, 530, 660, 730, 570, 440, 300, 640, 490],
            [2290, 1990, 1840, 1720, 1090, 840, 1020, 870, 1190, 1350],
            [3010, 2550, 2480, 2410, 2440, 2410, 2240, 2240, 2390, 1690],
        ],
        [
            [235, 232, 223, 210, 212, 216, 232, 231, 221, 218],
            [310, 430, 610, 860, 850, 590, 470, 370, 760, 500],
            [2790, 2480, 2330, 2050, 1220, 920, 1160, 950, 1400, 1640],
            [3310, 3070, 2990, 2850, 2810, 2710, 2680, 2670, 2780, 1960],
        ],
        [
            [272, 269, 260, 251, 256, 263, 276, 274, 261, 261],
            [370, 530, 690, 1010, 1030, 680, 560, 430, 850, 560],
            [3200, 2730, 2610, 2320, 1370, 1060, 1410, 1170, 1590, 1820],
            [3730, 3600, 3570, 3320, 3170, 3180, 3310, 3260, 3360, 2160],
        ],
    ],
    float,
)
RATE, LENGTH = 10_000, 1000
BANDWIDTHS = (60.0, 90.0, 150.0)  # hertz, chosen by us, the same for all vowels
PITCH, SIZE, CARE = 0.12, 0.05, 0.04  # deviation of the logarithm: of F0, of all formants together, of each formant
NOISE = 0.05  # beside the voice
WIDTH, HOP, BANDS, KEPT = 250, 125, 24, 13
FRAMES = (LENGTH - WIDTH) // HOP + 1


def resonator(frequency: float, bandwidth: float) -> tuple[list[float], list[float]]:
    """Klatt's: y = a x + b y' + c y'', of gain one at 0 Hz; the coefficients of x and of y."""
    c = -np.exp(-2 * np.pi * bandwidth / RATE)
    b = 2 * np.exp(-np.pi * bandwidth / RATE) * np.cos(2 * np.pi * frequency / RATE)
    return [1 - b - c], [1.0, -b, -c]


def voice(pitch: float, phase: float) -> np.ndarray:
    """Pulses whose pitch falls by a tenth, made dull by the larynx (12 dB an octave) and bright by the lips (6 dB)."""
    turns = phase + np.cumsum(pitch * np.linspace(1.0, 0.9, LENGTH)) / RATE
    pulses = np.diff(np.floor(turns), prepend=0.0)
    return lfilter([1.0, -1.0], [1.0], lfilter(*resonator(0.0, 100.0), pulses))


def utterance(fundamental: float, formants: np.ndarray, phase: float) -> np.ndarray:
    """The vowel as a wave, (LENGTH,), of deviation one."""
    wave = voice(fundamental, phase)
    for frequency, bandwidth in zip(formants, BANDWIDTHS, strict=True):
        wave = lfilter(*resonator(frequency, bandwidth), wave)
    return wave / wave.std()


def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Cepstra, (count, FRAMES, KEPT), and vowels, as many of each, by speakers of all three kinds."""
    vowels = rng.permutation(count) % len(VOWELS)
    measured = MEASURED[rng.integers(0, len(MEASURED), count), :, vowels]
    fundamentals = measured[:, 0] * np.exp(PITCH * rng.standard_normal(count))
    formants = measured[:, 1:] * np.exp(SIZE * rng.standard_normal((count, 1)) + CARE * rng.standard_normal((count, 3)))
    waves = np.stack([*map(utterance, fundamentals, formants, rng.random(count))])
    waves += NOISE * rng.standard_normal(waves.shape)
    cepstra = mfcc(waves, rate=RATE, width=WIDTH, hop=HOP, bands=BANDS, kept=KEPT)
    return cepstra.astype(np.float32), vowels


def load(rng: np.random.Generator) -> Splits:
    return standardize(probe(rng, draw), axes=(0, 1))


TASK = Task(
    data="audio",
    shape=(FRAMES, KEPT),
    target="class",
    outputs=len(VOWELS),
    metric="accuracy",
    chance=0.1,
    source="synthesized by this file from the formants that Peterson and Barney (1952) measured, table II",
    licence="none needed",
    load=load,
)
