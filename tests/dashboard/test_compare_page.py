"""Compare: its charts are those of known tables, and what cannot be said of all together is said of one task."""

from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from dashboard import colours, contests
from dashboard.theme import DARK, LIGHT, Palette
from suite import versus
from suite.answer import answer
from tests.dashboard.test_charts import board, drawn, rows_of
from tests.dashboard.test_pages import fresh
from tests.dashboard.viewer import page, told

assert fresh  # an autouse fixture
NAMES = ["cnn", "gru", "mlp"]


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def palette(request: pytest.FixtureRequest) -> Palette:
    return request.param


def test_a_standing_goes_down_with_its_ties(palette: Palette) -> None:
    rows = pd.DataFrame({"competitor": NAMES, "value": [1.2, 1.9, 2.9], "low": float("nan"), "high": float("nan")})
    rows = rows.assign(told=["1.20", "1.90", "2.90"], tie_group=["a", "a", ""])
    chart = contests.standing(rows, "average rank", colours.of_architectures(NAMES, palette), palette)
    assert drawn(chart)
    assert max(rows_of(chart, "competitor"), key=len) == NAMES
    assert rows_of(chart, "tie") == [["a"]]
    assert chart.description == "cnn is first of 3 competitors: average rank 1.20."


def profiled() -> pd.DataFrame:
    """All above 0.6; then cnn falls at 0.9, gru and mlp at 0.8."""
    falls = {"cnn": 0.9, "gru": 0.8, "mlp": 0.8}
    rows = [(name, t / 10, float(t / 10 < falls[name])) for name in NAMES for t in range(11)]
    found = pd.DataFrame(rows, columns=["competitor", "threshold", "share"])
    return found.assign(low=found["share"] - 0.1, high=found["share"] + 0.1)


def test_profiles_begin_where_the_first_run_is_lost_and_grey_the_rest(palette: Palette) -> None:
    looks = colours.dashed(colours.of_architectures(["cnn", "gru"], palette))
    chart = contests.profiles(profiled(), ["cnn", "gru"], looks, palette)
    low, high = drawn(chart)["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert (low, high) == (pytest.approx(0.74), 1)
    assert min(min(values) for values in rows_of(chart, "threshold")) == 0.8
    assert {name for values in rows_of(chart, "competitor")[:1] for name in values} == {"mlp"}


def test_who_beats_whom_is_on_either_side_of_a_half(palette: Palette) -> None:
    rows = pd.DataFrame({"competitor": "cnn", "other": ["gru", "mlp"], "improvement": [0.9, 0.55], "n_tasks": 2})
    rows = rows.assign(improvement_low=[0.7, 0.4], improvement_high=[1.0, 0.7], n_pairs=6)
    chart = contests.chances(rows, palette)
    assert drawn(chart)
    assert rows_of(chart, "sure")[0] == [True, False]
    assert str(chart.description).startswith("cnn is more often better or worse than 1 of 2 others")


def test_seeds_needed_are_cut_off_at_the_most_and_said(palette: Palette) -> None:
    rows = board().assign(seeds_needed=pd.array([201, 12, None, None], dtype="Int64"))
    chart = contests.seeds(rows, palette)
    assert drawn(chart)
    assert rows_of(chart, "pair")[0] == ["cnn from gru", "gru from mlp"]
    assert rows_of(chart, "needed")[0] == [200, 12]
    assert rows_of(chart, "told")[0] == ["> 200", "12"]


def test_the_page_says_what_the_command_says(runs: Path, made: ModuleType) -> None:
    told_of = answer(made.store_of(runs), "first").compare("norm", "image/digits")
    app = page("compare", by_what="norm", task="image/digits", part="Strengths")
    table = app.dataframe[0].value
    assert list(table["Elo"]) == list(versus.bradley_terry(told_of.bradley_terry)["elo"])
    assert versus.headline(told_of).removesuffix(".")[1:] in app.text[1].value
    assert "wonderland compare first --by norm --task image/digits" in told(app)


def test_where_nobody_has_every_task_only_meetings_are_compared(runs: Path, made: ModuleType) -> None:
    trials = [
        trial
        for trial in made.study_trials()
        if trial.architecture in ("mlp", "cnn") and (trial.architecture, trial.task) != ("mlp", "series/mnist1d")
    ]
    made.write(runs, [made.record(trial) for trial in trials])
    app = page("compare")
    assert "choose a task for all the rest" in told(app)
    assert set(app.dataframe[0].value["Competitor"]) == {"mlp", "cnn"}
