"""From a waveform to what ears hear: short-time spectrum, mel bands, their logarithm, and cepstral coefficients.

The mel scale is 2595 log10(1 + f / 700) (O'Shaughnessy 1987), the filters triangles that meet half-way on it, and MFCC
the cosine transform of their logarithms (Davis and Mermelstein 1980).
Axes: T samples, F frames, W samples of a frame, B bins, M mel bands.
"""

from functools import cache

import numpy as np
from scipy.fft import dct

FLOOR = 1e-5  # of energy, so that silence has a logarithm


def frames(waves_T: np.ndarray, width: int, hop: int) -> np.ndarray:
    """Windows of `width` samples, one each `hop` samples, that lie inside; (..., T) to (..., F, W)."""
    return np.lib.stride_tricks.sliding_window_view(waves_T, width, axis=-1)[..., ::hop, :]


def power(waves_T: np.ndarray, width: int, hop: int) -> np.ndarray:
    """Power of each frame's spectrum under a Hann window; (..., T) to (..., F, B) with B = W // 2 + 1."""
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(width) / width)
    return np.abs(np.fft.rfft(frames(waves_T, width, hop) * hann)) ** 2


def mel(hertz: np.ndarray | float) -> np.ndarray:
    """Pitch as it is heard; 1,000 Hz are 1,000 mel."""
    return 2595 * np.log10(1 + np.asarray(hertz) / 700)


def hertz(mels: np.ndarray) -> np.ndarray:
    """The other way."""
    return 700 * (10 ** (mels / 2595) - 1)


@cache
def filters(bands: int, width: int, rate: int) -> np.ndarray:
    """Triangles over the bins, as wide on the mel scale one as another, up to half the rate; (B, M)."""
    edges = hertz(np.linspace(0, mel(rate / 2), bands + 2))
    bins = np.fft.rfftfreq(width, 1 / rate)[:, None]
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    return np.maximum(0, np.minimum((bins - low) / (middle - low), (high - bins) / (high - middle)))


def log_mel(waves_T: np.ndarray, *, rate: int, width: int, hop: int, bands: int) -> np.ndarray:
    """Logarithm of the energy in each mel band of each frame; (..., T) to (..., F, M)."""
    return np.log(power(waves_T, width, hop) @ filters(bands, width, rate) + FLOOR)


def mfcc(waves_T: np.ndarray, *, rate: int, width: int, hop: int, bands: int, kept: int) -> np.ndarray:
    """The first `kept` cepstral coefficients of each frame, loudness first; (..., T) to (..., F, kept)."""
    logs = log_mel(waves_T, rate=rate, width=width, hop=hop, bands=bands)
    return dct(logs, type=2, norm="ortho", axis=-1)[..., :kept]
