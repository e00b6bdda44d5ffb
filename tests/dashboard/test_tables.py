"""Tables: their files are the table in four forms, and the plain one says the same and runs nothing."""

import io
import json
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import downloads, tables
from suite import document
from suite.answer import answer
from suite.store import Store
from tests.dashboard.test_pages import HOSTILE, fresh
from tests.dashboard.viewer import page, told

assert fresh  # an autouse fixture
FULL = pd.DataFrame(
    {"name": ["mlp", HOSTILE], "score": [0.1 + 0.2, float("nan")], "rank": pd.array([1, None], "Int64")}
)


def test_parquet_has_every_digit_and_type() -> None:
    found = pd.read_parquet(io.BytesIO(downloads.parquet(FULL)))
    pd.testing.assert_frame_equal(found, FULL)


def test_json_is_as_the_commands_print_it() -> None:
    found = json.loads(downloads.as_json(FULL))
    assert found == {"schema": document.SCHEMA, "rows": document.rows(FULL)}
    assert found["rows"][0] == {"name": "mlp", "score": 0.1 + 0.2, "rank": 1}
    assert found["rows"][1]["score"] is None


@pytest.mark.parametrize("word", [HOSTILE, "a_b_c", "*x*", "[a](http://b)", "$x$", ":smile:", "<b>", "1. x", "# x"])
def test_a_literal_word_has_no_bare_punctuation(word: str) -> None:
    said = tables.literal(word)
    assert said.replace("\\", "") == word.replace("\\", "")
    assert all(
        said[place - 1] == "\\"
        for place, letter in enumerate(said)
        if tables.PUNCTUATION.match(letter) and letter != "\\"
    )


def plainly(name: str, table: str, **query: str) -> AppTest:
    app = page(name, **query)
    app.toggle(key=f"plain-{table}").set_value(True).run()
    assert not app.exception
    return app


def test_the_plain_table_says_what_the_other_says(runs: Path, made: ModuleType) -> None:
    made.store_of(runs)
    drawn = page("leaderboard").dataframe[0].value
    read = plainly("leaderboard", "first-leaderboard").table[0].value
    assert list(read.columns) == list(drawn.columns)
    assert [tables.literal(score) for score in drawn["Score"]] == list(read["Score"])


def test_links_of_ours_are_links_and_the_rest_is_counted(runs: Path, made: ModuleType) -> None:
    made.store_of(runs)
    app = plainly("record", "first-records")
    first = answer(Store(runs), "first").table["id"].iloc[0]
    cells = app.table[0].value["Trial"]
    assert cells.iloc[0] == f"[{first}](/record?study=first&id={first})"
    assert len(cells) == tables.PLAIN
    assert "The first 20 of 480 rows" in told(app)
