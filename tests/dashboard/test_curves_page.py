"""Curves: means of known runs, the arms worth seeing first, and what is said of what is not drawn."""

from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dashboard import colours, lines, thinning
from dashboard.theme import DARK, LIGHT, Palette
from suite import learning
from suite.analysis import text
from suite.answer import Answer, answer
from suite.store import Store
from tests.dashboard.test_charts import drawn, rows_of
from tests.dashboard.test_pages import fresh
from tests.dashboard.viewer import charts, page, told

assert fresh  # an autouse fixture
ARM = "transformer: norm batch, residual add, depth 2"


@pytest.fixture
def study(runs: Path, made: ModuleType) -> Answer:
    store: Store = made.store_of(runs)
    return answer(store, "first")


def of_one(study: Answer, value: str = "valid") -> learning.Curves:
    return learning.curves(study, learning.arms(study), [ARM], ["image/digits"], value)


def test_every_arm_has_a_name_of_its_own(study: Answer) -> None:
    known = learning.arms(study)
    assert len(known) == 64 == known["arm"].nunique()
    assert known["arm"].iloc[0] == "mlp: norm none, residual none, depth 2"


def test_means_are_students_over_seeds(study: Answer) -> None:
    means = of_one(study).means
    runs = [
        record
        for record in study.records
        if (record.trial.task, record.trial.architecture) == ("image/digits", "transformer")
        and (record.trial.tricks.norm, record.trial.tricks.residual, record.trial.size.depth) == ("batch", "add", 2)
    ]
    ends = np.array([record.result.curve[-1].valid for record in runs])
    half = stats.t.ppf(0.975, 2) * ends.std(ddof=1) / np.sqrt(3)
    last = means.iloc[-1]
    assert (last["step"], last["n"]) == (100, 3)
    assert last["mean"] == pytest.approx(ends.mean(), abs=1e-12)
    assert (last["low"], last["high"]) == pytest.approx((ends.mean() - half, ends.mean() + half), abs=1e-12)


def test_a_run_that_stopped_counts_as_far_as_it_came(runs: Path, made: ModuleType) -> None:
    store = made.store_of(runs, outcome=lambda trial: "diverged" if trial.seed == 2 else "finished")
    means = of_one(answer(store, "first")).means.set_index("step")
    assert (means.loc[30, "n"], means.loc[40, "n"]) == (3, 2)
    ends = learning.ends(of_one(answer(store, "first")))
    assert (ends["n"].iloc[0], ends["n_runs"].iloc[0]) == (2, 3)


def test_first_come_the_top_3_and_the_reference(study: Answer) -> None:
    board = study.leaderboard
    top = board[board["task"] == "image/digits"].head(3)
    names = learning.preselected(study, learning.arms(study), "image/digits")
    assert [name.split(":")[0] for name in names] == [*top["architecture"], top["architecture"].iloc[0]]
    assert names[-1].endswith("norm none, residual none, depth 2")
    first = top.iloc[0]
    assert names[0].endswith(f"norm {first['norm']}, residual {first['residual']}, depth {first['depth']}")


def test_a_few_arms_are_all_drawn(study: Answer) -> None:
    few = learning.arms(study).head(4)
    assert learning.preselected(study, few, "image/digits") == list(few["arm"])


def test_the_page_draws_a_chart_per_task_and_their_key(study: Answer) -> None:
    found = charts(page("curves"))
    assert len(found) == 4
    assert found[0].startswith("The key to 4 lines: ")
    assert all(alt.startswith("validation accuracy ended with ") for alt in found[1:])


def test_the_number_on_the_page_is_the_mean(study: Answer) -> None:
    app = page("curves", task="image/digits", arms=ARM)
    last = of_one(study).means.iloc[-1]
    number = text.score(last["mean"], last["low"], last["high"])
    assert list(app.dataframe[0].value["At the last step"]) == [number]
    assert f"{ARM} ended highest on image/digits at {number} (3 seeds), of 1 arm drawn and 64" in app.text[1].value


def test_the_loss_is_best_where_it_is_lowest(study: Answer) -> None:
    names = [ARM, "mlp: norm none, residual none, depth 8"]
    found = learning.curves(study, learning.arms(study), names, ["image/digits"], "loss")
    best = learning.ends(found).sort_values("mean").iloc[0]
    app = page("curves", task="image/digits", measure="Training loss")
    assert "ended lowest on image/digits" in app.text[1].value
    assert best["arm"] == ARM


def test_many_points_are_thinned_and_it_is_said(study: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = of_one(study)
    assert thinning.thinned(whole, traces=True)[1] == 1
    monkeypatch.setattr(thinning, "MOST_POINTS", 40)  # of 11 of the mean, and 33 of three runs
    thin, every = thinning.thinned(whole, traces=True)
    assert (every, thinning.thinned(whole, traces=False)[1]) == (2, 1)
    assert list(thin.means["step"]) == [0, 20, 40, 60, 80, 100]
    assert list(thin.runs["step"]) == [0, 20, 40, 60, 80, 100] * 3
    assert list(thin.means["mean"]) == list(whole.means["mean"][::2])
    assert "Only one point in 2" not in told(page("curves", task="image/digits", arms=ARM))
    assert "Only one point in 2" in told(page("curves", task="image/digits", arms=ARM, traces="true"))


def test_single_runs_are_drawn_when_asked_for(study: Answer) -> None:
    assert page("curves", traces="true", task="image/digits").toggle(key="traces").value is True
    found = of_one(study)
    looks = colours.of_arms([ARM], {ARM: "transformer"}, LIGHT)
    around = found.means[["low", "mean", "high"]]
    chart = lines.learning(found.means, looks, ("image/digits", "score"), LIGHT, 300, around, found.runs)
    assert sum(map(len, rows_of(chart, "seed"))) == 33
    assert drawn(chart)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_arms_look_like_their_architecture(palette: Palette) -> None:
    owners = {"mlp: a": "mlp", "mlp: b": "mlp", "cnn: a": "cnn"}
    looks = colours.of_arms(["mlp: a", "mlp: b", "cnn: a"], owners, palette)
    mlp, cnn = (colours.of_architectures([name], palette) for name in ("mlp", "cnn"))
    assert looks.colours == (*mlp.colours, *mlp.colours, *cnn.colours)
    assert looks.dashes[0] != looks.dashes[1]


def test_lines_of_one_colour_differ_in_their_dashes() -> None:
    """Of 42 architectures or more, some look alike."""
    names = [f"a{place:02}" for place in range(43)]
    looks = colours.dashed(colours.of_levels(names, names, LIGHT))
    assert (looks.colours[0], looks.markers[0]) == (looks.colours[42], looks.markers[42])
    assert looks.dashes[0] != looks.dashes[6]
    assert looks.dashes[:6] == (colours.DASHES[0],) * 6


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_arms_of_one_architecture_differ_in_colour_and_keep_it(palette: Palette) -> None:
    owners = {"mlp: a": "mlp", "mlp: b": "mlp", "mlp: c": "mlp"}
    every, some = (colours.of_arms(names, owners, palette) for names in (list(owners), ["mlp: c"]))
    assert len(set(every.colours)) == 3
    assert some.colours == every.colours[2:]


def test_records_without_a_curve_say_so(runs: Path, made: ModuleType) -> None:
    record = made.record(made.study_trials()[0])
    bare = record.result.model_copy(update={"curve": ()})
    made.write(runs, [record.model_copy(update={"result": bare})])
    assert "kept a learning curve" in told(page("curves"))


def test_curves_are_thinned_run_by_run() -> None:
    runs = pd.DataFrame({"task": "t", "arm": "a", "seed": [0] * 5 + [1] * 4, "step": [0, 1, 2, 3, 4, 0, 1, 2, 3]})
    kept = thinning._each(runs, ["task", "arm", "seed"], 3)
    assert list(kept["step"]) == [0, 3, 4, 0, 3]
