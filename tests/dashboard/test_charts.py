"""Charts of tables with known numbers: what is drawn, in which order, and what is told."""

from typing import Any

import altair as alt
import pandas as pd
import pytest
from altair.utils.schemapi import SchemaValidationError

from dashboard import charts, grids
from dashboard.theme import DARK, LIGHT, Palette

TASKS = ("all", "image/digits", "series/mnist1d")


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def palette(request: pytest.FixtureRequest) -> Palette:
    return request.param


def board() -> pd.DataFrame:
    """Two that tie, one that is worse, one that cannot be ranked."""
    nan = float("nan")
    frame = pd.DataFrame(
        {
            "architecture": ["cnn", "gru", "mlp", "transformer"],
            "rank_low": [1, 1, 3, None],
            "rank_high": [2, 2, 3, None],
            "tie_group": ["a", "a", "b", ""],
            "mean": [0.91, 0.9, 0.7, nan],
            "low": [0.89, 0.87, 0.65, nan],
            "high": [0.93, 0.93, 0.75, nan],
            "unit": "accuracy",
            "n_seeds": 3,
        }
    )
    return frame.astype({"rank_low": "Int64", "rank_high": "Int64"})


def effects(architectures: tuple[str, ...] = ("all",), tasks: tuple[str, ...] = TASKS) -> pd.DataFrame:
    """Batch helps everywhere, layer is undecided; one cell is lost."""
    rows = [
        {
            **{"factor": "norm", "level": level, "reference": "none", "task": task, "architecture": architecture},
            **{"unit": "accuracy", "effect": effect, "low": effect - 0.05, "high": effect + 0.05, "n_pairs": 6},
            "verdict": "better" if effect > 0.05 else "inconclusive",
        }
        for level, effect in (("layer", -0.02), ("batch", 0.11))
        for task in tasks
        for architecture in architectures
    ]
    return pd.DataFrame(rows)


def drawn(chart: alt.LayerChart) -> dict[str, Any]:
    """The specification, which Altair checks against Vega-Lite's schema."""
    return chart.to_dict(validate=True)


def rows_of(chart: alt.LayerChart, column: str) -> list[list[Any]]:
    """The values of a column in every data set that has it."""
    found = drawn(chart)["datasets"].values()
    return [[row[column] for row in rows] for rows in found if rows and column in rows[0]]


def test_what_vega_lite_does_not_know_is_found_when_that_is_asked(palette: Palette) -> None:
    wrong = charts.ranks(board(), palette)
    wrong.bounds = "nobody"
    assert wrong.to_dict()["bounds"] == "nobody"
    with pytest.raises(SchemaValidationError, match="no parameter named 'bounds'"):
        drawn(wrong)


def test_ranks_are_drawn_best_first_and_the_unranked_left_out(palette: Palette) -> None:
    assert rows_of(charts.ranks(board(), palette), "architecture") == [["cnn", "gru", "mlp"]]


def test_a_bar_joins_the_rows_that_tie(palette: Palette) -> None:
    chart = charts.ranks(board(), palette)
    assert rows_of(chart, "first") == [[pytest.approx(-0.42)]]
    assert rows_of(chart, "last") == [[pytest.approx(1.42)]]


def test_ranks_are_told() -> None:
    said = charts.ranks(board(), LIGHT).description
    assert said == (
        "cnn has the highest accuracy, 0.910 [0.890, 0.930] (3 seeds), but cannot be told apart from gru. "
        "Not ranked: scores are missing for transformer."
    )


def test_a_board_of_one_without_an_interval(palette: Palette) -> None:
    one = board().head(1).assign(low=float("nan"), high=float("nan"))
    assert "[no interval]" in str(charts.ranks(one, palette).description)
    assert drawn(charts.ranks(one, palette))


def test_a_forest_goes_level_by_level_with_the_pool_first(palette: Palette) -> None:
    chart = charts.forest(effects(), ["none", "batch", "layer"], palette)
    assert rows_of(chart, "level") == [["batch"] * 3 + ["layer"] * 3]
    assert rows_of(chart, "task") == [[*TASKS, *TASKS]]
    assert rows_of(chart, "zero") == [[0.0]]
    assert chart.description == "batch +0.110 [+0.060, +0.160] better; layer -0.0200 [-0.0700, +0.0300] inconclusive"


def test_the_scale_of_a_forest_holds_zero(palette: Palette) -> None:
    spec = drawn(charts.forest(effects().query("level == 'batch'"), ["none", "batch"], palette))
    low, high = spec["layer"][1]["encoding"]["x"]["scale"]["domain"]
    assert low < 0 < 0.16 < high


def test_a_heat_map_is_centred_and_says_what_is_missing(palette: Palette) -> None:
    cells = effects(("cnn", "mlp"), ("image/digits", "series/mnist1d")).query("level == 'batch'").reset_index(drop=True)
    cells.loc[3, ["effect", "low", "high"]] = float("nan")
    chart = grids.heat(cells, ["mlp", "cnn"], palette)
    spec = drawn(chart)
    assert spec["layer"][0]["encoding"]["color"]["scale"]["domain"] == [pytest.approx(-0.11), 0, pytest.approx(0.11)]
    assert rows_of(chart, "shown") == [["+0.11", "+0.11", "+0.11", "–"]]
    assert spec["layer"][0]["encoding"]["x"]["sort"] == ["mlp", "cnn"]
    assert str(chart.description).startswith("3 of 4 cells")


def test_a_heat_map_of_nothing(palette: Palette) -> None:
    cells = effects(("cnn",)).assign(effect=float("nan"), low=float("nan"), high=float("nan"))
    assert drawn(grids.heat(cells, ["cnn"], palette))


def test_dependence_tells_every_effect(palette: Palette) -> None:
    simple = effects(tasks=("all",)).query("level == 'batch'")
    both = pd.concat([simple.assign(depth=2), simple.assign(depth=8, effect=0.3, low=0.2, high=0.4)])
    chart = charts.dependence(both.astype({"depth": object}), "depth", [2, 8], ["none", "batch"], palette)
    assert chart.description == (
        "batch at depth 2 +0.110 [+0.060, +0.160] better; batch at depth 8 +0.300 [+0.200, +0.400] better"
    )
    assert drawn(chart)


def test_a_curve_tells_where_it_began_and_ended(palette: Palette) -> None:
    points = pd.DataFrame({"step": [0, 50, 100], "loss": [2.3, 1.1, 0.45]})
    said = charts.curve(points, "loss", "training loss", palette).description
    assert said == "training loss went from 2.30 at step 0 to 0.450 at step 100."


def test_names_cannot_break_out_of_a_label(palette: Palette) -> None:
    evil = board().assign(architecture=['"]; alert(1); ["', "a\\", "<b>", "x"])
    spec = drawn(charts.ranks(evil, palette))
    label = spec["layer"][0]["encoding"]["y"]["axis"]["labelExpr"]
    assert label.startswith(r'["1-2   \"]; alert(1); [\"", "1-2   a\\", ')
    assert label.endswith("[datum.value]")
