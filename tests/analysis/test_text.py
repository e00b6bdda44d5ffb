"""Text: three significant digits, and no rounding that says more or less than the number."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from suite.analysis import text

NAN = math.nan


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.1134, "+0.113"),
        (-0.1134, "-0.113"),
        (12.34, "+12.3"),
        (1234.5, "+1234"),
        (0.00123, "+0.00123"),
        (0.0, "0.000"),
    ],
)
def test_signed(value: float, written: str) -> None:
    assert text.signed(value) == written


def test_intervals() -> None:
    assert text.effect(0.1134, 0.0641, 0.1627) == "+0.113 [+0.064, +0.163]"
    assert text.effect(-0.35, -0.44, -0.26) == "-0.350 [-0.440, -0.260]"
    assert text.score(0.9351, 0.921, 0.9492) == "0.935 [0.921, 0.949]"
    assert text.effect(0.1, NAN, NAN) == "+0.100 [no interval]"
    assert text.score(NAN, NAN, NAN) == text.effect(NAN, NAN, NAN) == text.number(NAN) == "unknown"


def test_a_bound_that_is_not_zero_does_not_look_like_it() -> None:
    assert text.effect(0.41, 0.0004, 0.8196) == "+0.4100 [+0.0004, +0.8196]"
    assert text.effect(0.0, -0.1, 0.1) == "0.000 [-0.100, +0.100]"


def test_an_interval_does_not_look_like_a_point() -> None:
    assert text.score(0.98761, 0.98759, 0.98763) == "0.98761 [0.98759, 0.98763]"
    assert text.score(1.0, 1.0, 1.0) == "1.00 [1.00, 1.00]"


@given(some.floats(-100, 100), some.floats(0, 10))
def test_the_bounds_of_a_written_interval_hold_the_written_mean(mean: float, half: float) -> None:
    written = text.effect(mean, mean - half, mean + half)
    middle, low, high = (float(part) for part in written.replace("[", "").replace("]", "").replace(",", "").split())
    assert low <= middle <= high


def test_small_words() -> None:
    assert [text.p_value(p) for p in (0.00004, 0.0496, 0.5, 1.0, NAN)] == ["<0.001", "0.0496", "0.5", "1", "unknown"]
    assert [text.ranks(1, 3), text.ranks(2, 2), text.ranks(NAN, NAN)] == ["1-3", "2", "-"]
    assert [text.count(1, "seed"), text.count(1200, "run"), text.count(2, "entry", "entries")] == [
        "1 seed",
        "1,200 runs",
        "2 entries",
    ]
    assert [text.listed([]), text.listed(["a"]), text.listed(["a", "b"]), text.listed(["a", "b", "c"], "or")] == [
        "",
        "a",
        "a and b",
        "a, b or c",
    ]


def test_what_rounds_to_zero_has_no_sign() -> None:
    assert [text.whole(value) for value in (-0.4, 0.4, -0.6, 63.7, NAN)] == ["0", "0", "-1", "+64", "unknown"]
    assert [text.hundredths(value) for value in (-0.004, 0.114, -0.114)] == ["0.00", "+0.11", "-0.11"]
    assert text.number(-0.0) == "0.000"
    assert text.score(0.5, -0.0, 0.9) == "0.500 [0.000, 0.900]"


def test_an_end_at_1_costs_no_digit() -> None:
    assert text.score(0.98, 0.952, 1.0) == "0.980 [0.952, 1.000]"
    assert text.score(0.98, 0.952, 1.007) == "0.98 [0.95, 1.01]"


def test_amounts_and_times() -> None:
    assert [text.amount(value) for value in (650, 18_800, 1.87e8, NAN)] == ["650", "18.8 k", "187 M", "-"]
    assert [text.seconds(value) for value in (0.6204, 57, 3471.2, NAN)] == ["0.62 s", "57 s", "3,471 s", "-"]
