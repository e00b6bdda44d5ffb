"""Colours that people can tell apart: contrast by WCAG 2.2, distance by CIEDE2000, eyes by Machado et al. (2009)."""

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest

from dashboard import colours
from dashboard.theme import DARK, LIGHT, Palette
from suite import catalog

Floats = npt.NDArray[np.float64]

GRAPHICS, TEXT = 3.0, 4.5  # WCAG's smallest contrasts
DISTANCE = 18.0  # the palettes that most people know keep about 11

EYES: dict[str, Floats] = {
    "most": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]])
WHITE = np.array([0.95047, 1.0, 1.08883])

both = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def linear(colour: str) -> Floats:
    parts = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(float(linear(colour) @ XYZ[1]) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def lab(colour: str, eyes: Floats) -> Floats:
    ratio = XYZ @ np.clip(eyes @ linear(colour), 0, 1) / WHITE
    x, y, z = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def ciede2000(one: Floats, other: Floats) -> float:
    (l1, a1, b1), (l2, a2, b2) = one, other
    chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * np.sqrt(chroma**7 / (chroma**7 + 25**7))
    c1, c2 = np.hypot(a1 * stretch, b1), np.hypot(a2 * stretch, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a * stretch)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    hue = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    waves = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    t = 1 + sum(size * np.cos(np.radians(times * hue + shift)) for size, times, shift in waves)
    dl = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    dc = (c2 - c1) / (1 + 0.045 * chroma)
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * chroma * t)
    bend = np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    return float(np.sqrt(dl**2 + dc**2 + dh**2 - 2 * np.sqrt(chroma**7 / (chroma**7 + 25**7)) * bend * dc * dh))


def test_the_formulas_give_published_numbers() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    pair = np.array([50.0, 2.6772, -79.7751]), np.array([50.0, 0.0, -82.7485])
    assert ciede2000(*pair) == pytest.approx(2.0425, abs=1e-4)  # Sharma, Wu and Dalal (2005), pair 1
    far = np.array([50.0, 2.5, 0.0]), np.array([56.0, -27.0, -3.0])
    assert ciede2000(*far) == pytest.approx(31.9030, abs=1e-4)  # the same, pair 21


@both
def test_marks_stand_out_from_the_ground(palette: Palette) -> None:
    assert min(contrast(colour, palette.ground) for colour in palette.series) >= GRAPHICS


@both
@pytest.mark.parametrize("eyes", EYES)
def test_marks_can_be_told_apart(palette: Palette, eyes: str) -> None:
    seen = [lab(colour, EYES[eyes]) for colour in palette.series]
    assert min(ciede2000(*pair) for pair in combinations(seen, 2)) >= DISTANCE


@both
def test_text_is_readable(palette: Palette) -> None:
    grounds = (palette.ground, palette.card, palette.worse, palette.neutral, palette.better)
    assert min(contrast(palette.ink, ground) for ground in grounds) >= TEXT
    assert min(contrast(colour, palette.ground) for colour in (palette.muted, palette.accent, palette.chosen)) >= TEXT
    assert contrast(palette.chosen, "#ffffff") >= 3.7


@both
@pytest.mark.parametrize("eyes", EYES)
def test_worse_and_better_can_be_told_apart(palette: Palette, eyes: str) -> None:
    assert ciede2000(*(lab(colour, EYES[eyes]) for colour in (palette.worse, palette.better))) >= DISTANCE


def test_an_entity_looks_the_same_whoever_else_is_there() -> None:
    names = catalog.architecture_names()
    every = colours.of_architectures(names, LIGHT)
    for place, name in enumerate(names):
        alone = colours.of_architectures([name], LIGHT)
        assert (alone.colours[0], alone.markers[0]) == (every.colours[place], every.markers[place])


def test_levels_look_the_same_whoever_else_is_there() -> None:
    order = ["none", "batch", "layer", "rms"]
    assert colours.of_levels(["rms"], order, DARK).colours == colours.of_levels(order, order, DARK).colours[3:]


def test_a_marker_goes_to_the_same_entity_in_both_modes() -> None:
    names = catalog.architecture_names()
    assert colours.of_architectures(names, LIGHT).markers == colours.of_architectures(names, DARK).markers


def test_no_two_of_many_look_the_same() -> None:
    many = len(LIGHT.series) * len(colours.MARKERS)
    assert len({colours.look(place, LIGHT) for place in range(many)}) == many


def test_names_that_the_catalogue_does_not_know_have_a_look() -> None:
    found = colours.of_architectures(["zeta", "mlp", "alpha"], LIGHT)
    assert len(set(zip(found.colours, found.markers, strict=True))) == 3


def test_modes_have_as_many_colours() -> None:
    assert len(LIGHT.series) == len(DARK.series)
