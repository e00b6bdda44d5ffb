"""Audio: spectra against slow formulas, and what is to be heard is found again by other means than the loader's."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.signal import argrelmax, lfilter
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from suite import catalog
from suite.seeds import numpy_stream
from tasks.audio import chirps, chirps_logmel, japanese_vowels, vowels
from tasks.audio._spectrum import FLOOR, filters, frames, hertz, log_mel, mel, mfcc, power
from tasks.fetch import is_here
from tasks.series._ucr import official
from tasks.task import Split, Splits

CHANCE = (0.45, 0.55)  # three standard deviations of a thousand coins

WAVES = np.random.default_rng(0).standard_normal((3, 400))


@cache
def load(name: str) -> Splits:
    return catalog.task(name).load(numpy_stream(name, 0, "data"))


def numbers(split: Split) -> np.ndarray:
    """In double precision; of a waveform without the axis of channels, (examples, time)."""
    assert isinstance(split.inputs, np.ndarray)
    values = split.inputs.astype(np.float64)
    return values[..., 0] if values.shape[-1] == 1 else values


def discriminant(train: np.ndarray, test: np.ndarray, splits: Splits) -> float:
    """Accuracy of linear discriminant analysis on test."""
    model: Any = LinearDiscriminantAnalysis().fit(train.reshape(len(train), -1), splits.train.targets)
    return float(model.score(test.reshape(len(test), -1), splits.test.targets))


def test_power_is_that_of_the_fourier_sum_of_each_frame() -> None:
    """Term by term from the definition, frames cut by hand, the window that of a whole period."""
    width, hop = 64, 24
    n = np.arange(width)
    window = np.sin(np.pi * n / width) ** 2
    starts = range(0, 400 - width + 1, hop)
    waves = np.exp(-2j * np.pi * np.outer(n, np.arange(width // 2 + 1)) / width)
    expected = np.stack([np.abs((WAVES[:, at : at + width] * window) @ waves) ** 2 for at in starts], 1)
    assert power(WAVES, width, hop).shape == (3, 15, 33)
    np.testing.assert_allclose(power(WAVES, width, hop), expected, rtol=1e-9, atol=1e-9)


def test_power_of_a_tone_on_a_bin_is_where_it_should_be() -> None:
    """A Hann window spreads a cosine of amplitude one over three bins, of (W/4)², and a quarter of that beside it."""
    width = 64
    found = power(np.cos(2 * np.pi * 10 * np.arange(width) / width), width, width)[0]
    expected = np.zeros(33)
    expected[[9, 10, 11]] = np.array([0.25, 1, 0.25]) * (width / 4) ** 2
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_frames_lie_inside_and_are_a_hop_apart() -> None:
    cut = frames(np.arange(11.0), 4, 3)
    np.testing.assert_array_equal(cut, [[0, 1, 2, 3], [3, 4, 5, 6], [6, 7, 8, 9]])


def test_mel_has_its_fixed_points_and_its_inverse() -> None:
    assert mel(0) == 0
    assert mel(1000) == pytest.approx(1000, abs=0.02)
    assert mel(700 * 9) == pytest.approx(2595)
    heights = np.linspace(0, 8000, 50)
    np.testing.assert_allclose(hertz(mel(heights)), heights, atol=1e-8)


@pytest.mark.parametrize(("bands", "width", "rate"), [(24, 128, 8000), (24, 250, 10_000), (40, 512, 16_000)])
def test_filters_are_triangles_between_points_even_on_the_mel_scale(bands: int, width: int, rate: int) -> None:
    """They join the points by straight lines; neighbours together weigh one; none is empty."""
    bank = filters(bands, width, rate)
    assert bank.shape == (width // 2 + 1, bands)
    points = hertz(np.arange(bands + 2) * mel(rate / 2) / (bands + 1))
    heights = np.arange(width // 2 + 1) * rate / width
    for band in range(bands):
        expected = np.interp(heights, points[band : band + 3], [0, 1, 0], left=0, right=0)
        np.testing.assert_allclose(bank[:, band], expected, atol=1e-12)
    inner = (heights >= points[1]) & (heights <= points[-2])
    np.testing.assert_allclose(bank[inner].sum(1), 1)
    assert (bank.sum(0) > 0).all()


def test_log_mel_is_the_logarithm_of_weighted_power() -> None:
    found = log_mel(WAVES, rate=8000, width=128, hop=32, bands=24)
    assert found.shape == (3, (400 - 128) // 32 + 1, 24)
    expected = power(WAVES, 128, 32)[1, 4] @ filters(24, 128, 8000)[:, 7]
    assert found[1, 4, 7] == pytest.approx(np.log(expected + FLOOR))
    np.testing.assert_allclose(log_mel(0 * WAVES, rate=8000, width=128, hop=32, bands=24), np.log(FLOOR))


def test_cepstra_are_an_orthonormal_cosine_transform_of_log_mel() -> None:
    bands, form = 24, {"rate": 8000, "width": 128, "hop": 32, "bands": 24}
    k, m = np.arange(bands)[:, None], np.arange(bands)
    cosines = np.sqrt(2 / bands) * np.cos(np.pi * k * (m + 0.5) / bands) / np.where(k == 0, np.sqrt(2), 1)
    np.testing.assert_allclose(cosines @ cosines.T, np.eye(bands), atol=1e-12)
    logs, cepstra = log_mel(WAVES, **form), mfcc(WAVES, **form, kept=bands)
    np.testing.assert_allclose(cepstra, logs @ cosines.T, atol=1e-9)
    np.testing.assert_allclose(np.square(cepstra).sum(-1), np.square(logs).sum(-1))
    np.testing.assert_array_equal(mfcc(WAVES, **form, kept=5), cepstra[..., :5])


def loudest(waves: np.ndarray) -> np.ndarray:
    """The bin of the strongest sine in each wave."""
    return np.abs(np.fft.rfft(waves, 1024)).argmax(-1)


def test_a_chirp_falls_where_its_end_is_lower_than_its_beginning() -> None:
    """The strongest sine of the first third, against that of the last."""
    for split in (load("audio/chirps").train, load("audio/chirps").test):
        third = chirps.LENGTH // 3
        falls = loudest(numbers(split)[:, :third]) > loudest(numbers(split)[:, -third:])
        assert (falls == split.targets).mean() > 0.98


def test_chirps_sweep_an_octave_at_an_even_pace() -> None:
    """Correlated with sweeps that do so, up and down, nearly every wave is loudest in its own direction."""
    split = load("audio/chirps").test
    time = np.arange(chirps.LENGTH) / chirps.RATE
    start = np.geomspace(chirps.LOWEST, chirps.HIGHEST, 120)[:, None]
    sweeps = np.exp(2j * np.pi * start * (time + time**2 / (2 * chirps.LENGTH / chirps.RATE)))
    rises, falls = (np.abs(waves @ sweeps.T).max(1) for waves in (numbers(split), numbers(split)[:, ::-1]))
    assert ((falls > rises) == split.targets).mean() > 0.99


def test_a_chirp_played_backwards_has_the_other_answer() -> None:
    split, third = load("audio/chirps").test, chirps.LENGTH // 3
    backwards = numbers(split)[:, ::-1]
    falls = loudest(backwards[:, :third]) > loudest(backwards[:, -third:])
    assert (falls == split.targets).mean() < 0.02


def test_samples_without_order_spectra_and_linear_models_do_not_know_a_chirp() -> None:
    splits = load("audio/chirps")
    train, test = numbers(splits.train), numbers(splits.test)
    sorted_train, sorted_test = (np.sort(waves, 1)[:, ::8] for waves in (train, test))
    assert CHANCE[0] < discriminant(sorted_train, sorted_test, splits) < CHANCE[1]
    train_spectra, test_spectra = (np.abs(np.fft.rfft(waves))[:, :220] for waves in (train, test))  # up to 3,400 Hz
    assert CHANCE[0] < discriminant(train_spectra, test_spectra, splits) < CHANCE[1]
    assert CHANCE[0] < discriminant(train, test, splits) < CHANCE[1]


def test_one_moment_of_a_chirp_knows_three_cases_of_four_at_best() -> None:
    """At the start, rising tones are at 400 to 1,600 Hz, falling ones at 800 to 3,200, evenly in octaves."""
    split, third = load("audio/chirps").test, chirps.LENGTH // 3
    begins = loudest(numbers(split)[:, :third]) * chirps.RATE / 1024
    accuracies = [((begins > bound) == split.targets).mean() for bound in np.geomspace(400, 3200, 40)]
    assert 0.65 < max(accuracies) < 0.79
    splits = load("audio/chirps_logmel")
    train, test = numbers(splits.train), numbers(splits.test)
    for moment in (0, -1):
        assert 0.6 < discriminant(train[:, moment], test[:, moment], splits) < 0.75
    middle = chirps_logmel.FRAMES // 2
    assert CHANCE[0] < discriminant(train[:, middle], test[:, middle], splits) < CHANCE[1]


def test_a_chirp_in_mel_falls_where_its_loudest_band_does() -> None:
    splits, third = load("audio/chirps_logmel"), chirps_logmel.FRAMES // 3
    for split in (splits.train, splits.test):
        first, last = (part.mean(1).argmax(1) for part in (numbers(split)[:, :third], numbers(split)[:, -third:]))
        assert ((first > last) == split.targets).mean() > 0.95


def test_frames_without_order_do_not_know_a_chirp_in_mel() -> None:
    splits = load("audio/chirps_logmel")
    train, test = numbers(splits.train), numbers(splits.test)
    assert CHANCE[0] < discriminant(train.mean(1), test.mean(1), splits) < CHANCE[1]
    assert CHANCE[0] < discriminant(np.sort(train, 1), np.sort(test, 1), splits) < CHANCE[1]


def test_vowels_are_told_apart_by_the_mean_cepstrum() -> None:
    splits = load("audio/vowels")
    train, test = numbers(splits.train).mean(1), numbers(splits.test).mean(1)
    assert discriminant(train, test, splits) == pytest.approx(0.93, abs=0.025)
    loudness = discriminant(train[:, :1], test[:, :1], splits)
    assert loudness < 0.4, "it is the shape of the spectrum, not how loud it is"


def test_a_resonator_has_gain_one_at_rest_and_its_peak_and_width_where_they_are_asked() -> None:
    numerator, denominator = vowels.resonator(1500.0, 90.0)
    assert sum(numerator) / sum(denominator) == pytest.approx(1)
    (pole,) = (root for root in np.roots(denominator) if root.imag > 0)
    assert np.angle(pole) * vowels.RATE / (2 * np.pi) == pytest.approx(1500)
    assert -np.log(np.abs(pole)) * vowels.RATE / np.pi == pytest.approx(90)


@pytest.mark.parametrize("kind", range(len(vowels.MEASURED)))
@pytest.mark.parametrize("vowel", range(len(vowels.VOWELS)))
def test_formants_are_peaks_of_what_is_synthesized(kind: int, vowel: int) -> None:
    """Of the spectrum of the utterance over that of the voice alone, at a pitch low enough to have harmonics there."""
    formants = vowels.MEASURED[kind, 1:, vowel]
    phases, taper = np.arange(20) / 20, np.hanning(vowels.LENGTH)
    said, source = (
        np.square(np.abs(np.fft.rfft(np.stack(waves) * taper, 8192))).mean(0)
        for waves in (
            [vowels.utterance(40.0, formants, phase) for phase in phases],
            [vowels.voice(40.0, phase) for phase in phases],
        )
    )
    peaks = argrelmax(said / source)[0] * vowels.RATE / 8192
    for formant in formants:
        assert np.abs(peaks - formant).min() < 0.06 * formant


def test_the_voice_is_a_train_of_pulses_whose_pitch_falls_by_a_tenth() -> None:
    """Found back by undoing the lips and the larynx."""
    numerator, denominator = vowels.resonator(0.0, 100.0)
    pulses = lfilter(denominator, numerator, np.cumsum(vowels.voice(500.0, 0.3)))
    np.testing.assert_allclose(pulses, pulses.round(), atol=1e-6)
    at = np.flatnonzero(pulses.round())
    assert len(at) == pytest.approx(500 * 0.95 * vowels.LENGTH / vowels.RATE, abs=1)
    assert np.diff(at)[:5].mean() == pytest.approx(vowels.RATE / 500, rel=0.03)
    assert np.diff(at)[-5:].mean() == pytest.approx(vowels.RATE / 450, rel=0.03)


def test_the_larynx_takes_twelve_decibels_an_octave_and_the_lips_give_six() -> None:
    push = np.zeros(vowels.RATE)
    push[0] = 1
    larynx = np.abs(np.fft.rfft(lfilter(*vowels.resonator(0.0, 100.0), push)))
    lips = np.abs(np.fft.rfft(lfilter([1.0, -1.0], [1.0], push)))
    assert 20 * np.log10(larynx[400] / larynx[800]) == pytest.approx(12, abs=1)
    assert 20 * np.log10(lips[800] / lips[400]) == pytest.approx(6, abs=0.2)


def test_vowels_are_said_by_all_three_kinds_of_speakers_and_formants_are_ordered() -> None:
    assert vowels.MEASURED.shape == (3, 4, len(vowels.VOWELS))
    assert (np.diff(vowels.MEASURED, axis=1) > 0).all(), "F0 < F1 < F2 < F3"
    assert (np.diff(vowels.MEASURED[:, 0], axis=0) > 0).all(), "men, women, children"
    assert np.bincount(vowels.draw(np.random.default_rng(0), 50)[1]).tolist() == [5] * 10


def japanese() -> tuple[Split, Split]:
    if not all(map(is_here, japanese_vowels.FILES)):
        pytest.skip("audio/japanese_vowels is not on this machine; wonderland fetch brings it")
    return official(japanese_vowels.FILES)


def test_japanese_vowels_have_their_sizes_speakers_and_lengths() -> None:
    train, test = japanese()
    assert np.bincount(train.targets).tolist() == [30] * 9
    assert np.bincount(test.targets).tolist() == [31, 35, 88, 44, 29, 24, 40, 50, 29]
    for split, longest in ((train, 26), (test, 29)):
        lengths = np.isfinite(numbers(split)[:, :, 0]).sum(1)
        assert (lengths.min(), lengths.max()) == (7, longest)
    assert numbers(train)[0, 0, 0] == pytest.approx(1.860936)


def test_japanese_vowels_keep_the_official_test_part_and_are_told_apart_by_the_mean_frame() -> None:
    train, test = japanese()
    splits = load("audio/japanese_vowels")
    assert [len(part) for part in (splits.train, splits.valid, splits.test)] == [216, 54, 370]
    np.testing.assert_array_equal(splits.test.targets, test.targets)
    whole = Splits(train, splits.valid, test)
    assert discriminant(np.nanmean(numbers(train), 1), np.nanmean(numbers(test), 1), whole) > 0.95


def test_japanese_references_are_compared_with_what_we_have() -> None:
    found = {one.architecture: (one.score, one.spread) for one in japanese_vowels.TASK.references if one.architecture}
    assert found == {"mlp": (0.976, 0.002), "cnn": (0.993, 0.002), "resnet": (0.992, 0.003)}
