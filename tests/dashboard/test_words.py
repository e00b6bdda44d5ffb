"""Times and amounts as people read them."""

import pandas as pd
import pytest

from dashboard import findings, words


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (999, "999"), (9_400, "9.4 k"), (187_500_000, "188 M"), (3.2e12, "3.2 T"), (float("nan"), "-")],
)
def test_amounts_have_three_digits(value: float, said: str) -> None:
    assert words.amount(value) == said


@pytest.mark.parametrize(("value", "said"), [(0.62, "0.62 s"), (12.345, "12.3 s"), (float("nan"), "-")])
def test_seconds_have_three_digits(value: float, said: str) -> None:
    assert words.seconds(value) == said


def test_a_time_zone_that_is_unknown_here_is_no_reason_to_fail() -> None:
    assert [str(words._zone(name)) for name in (None, "", "Nowhere/Land", "../etc", "UTC")] == ["UTC"] * 5


def test_a_command_takes_every_word_as_it_is() -> None:
    assert words.command("wonderland", "show", "a b; rm -rf /") == "wonderland show 'a b; rm -rf /'"


def test_of_many_names_the_first_few() -> None:
    assert words.headed("abcdef") == "a, b, c, d and 2 more"
    assert words.headed("ab") == "a and b"


def test_nothing_to_rank() -> None:
    empty = pd.DataFrame(columns=["architecture", "rank_low"])
    assert findings.standing(empty) == "There is nothing to rank yet."
