"""What ran when, on the page Live and in a terminal."""

import json
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from dashboard import lanes
from dashboard.theme import DARK, LIGHT, Palette
from suite import timeline
from suite.spans import Span
from tests.cli.conftest import Wonderland, unchanged_environment, wonderland  # noqa: F401
from tests.dashboard.viewer import charts, page, told


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def palette(request: pytest.FixtureRequest) -> Palette:
    return request.param


def rows(many: int) -> pd.DataFrame:
    found = [Span(id=str(n), slot=1 + n % 3, began=float(n), ended=n + 2.5) for n in range(many)]
    known = [(str(n), "image/digits", "mlp", "diverged" if n == 4 else "finished") for n in range(many)]
    records = pd.DataFrame(known, columns=["id", "task", "architecture", "outcome"])
    return timeline.spans(found, 0.0, records)


def test_a_bar_a_trial_and_a_line_on_what_did_not_finish(palette: Palette) -> None:
    drawn = lanes.timeline(timeline.bars(rows(9)), palette, "3 slots").to_dict(validate=True)
    bars, lost, marks = (layer["data"]["name"] for layer in drawn["layer"])
    assert len(drawn["datasets"][bars]) == 9
    assert [row["id"] for row in drawn["datasets"][lost]] == ["4"]
    assert marks == lost


def test_more_bars_than_a_browser_draws_at_once_are_stretches(palette: Palette) -> None:
    drawn = lanes.timeline(timeline.bars(rows(3000)), palette, "3 slots").to_dict(validate=True)
    (bars,) = drawn["datasets"].values()
    assert 0 < len(bars) <= timeline.MOST


def test_the_page_and_the_terminal_say_the_same(
    runs: Path,
    made: ModuleType,
    wonderland: Wonderland,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = made.store_of(runs)
    made.sweep(store, "done")
    made.ran(store, made.study_trials()[:168])
    live = page("live")
    said = "2 slots were busy 100% of 1 min 24 s; 168 of 168 trials of this sweep have times."
    assert said in told(live)
    assert charts(live) == [said]
    monkeypatch.setenv("WONDERLAND_RUNS", str(runs))
    assert said in wonderland("status", "first", "--timeline").out.replace("\n", " ")
    there = json.loads(wonderland("status", "first", "--timeline", "--json").out)["timeline"]
    assert len(there) == 168
    assert wonderland("status", "first", "--timeline", "--csv").out.count("\n") == 169


def test_a_sweep_without_times_says_so(runs: Path, made: ModuleType) -> None:
    made.sweep(made.store_of(runs), "done")
    assert "0 of 168 trials of this sweep have times." in told(page("live"))
