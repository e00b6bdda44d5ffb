"""The standing: intervals of ranks from the rows alone, against plain numpy; what is missing is shown."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from suite.board import beside, state
from suite.board.entry_rules import scored
from suite.board.line import AnyLine, Classical, Judged, Row, Stamp
from suite.board.rules import findings
from suite.board.standing import Standing
from suite.reproduction.kept import Kept
from tests.board import made
from tests.board.test_attacks import better_duplicate, board_with, changed

TOGETHER = "image+series"


def standing(lines: list[AnyLine] | None = None) -> Standing:
    board = made.board(lines)
    return Standing(board, findings(board))


def unit(name: str, task: str) -> np.ndarray:
    """Normalised scores over seeds: 0 is chance and 1 is perfect."""
    known = made.FACTS.tasks[task]
    tests = np.array([made.score(name, task, seed, made.RATES[1]) for seed in made.SEEDS])
    return (tests - known.chance) / (1 - known.chance)


def test_tasks_that_the_same_entries_accept_are_ranked_together_and_each_alone() -> None:
    assert list(standing().scopes) == [TOGETHER, "image/digits", "series/mnist1d", "tabular/friedman"]
    together = standing().ranking(TOGETHER)
    assert set(together["entry"]) == {"mlp", "cnn", "gru", "lstm"}, "who accepts more is compared on these too"
    alone = standing().ranking("tabular/friedman")
    assert alone["entry"].tolist() == ["mlp"]


@pytest.mark.parametrize("scope", [TOGETHER, "image/digits"])
def test_ranks_agree_with_plain_numpy(scope: str) -> None:
    """Paired t-tests over seeds with Holm's correction, each written out here."""
    tasks = standing().scopes[scope]
    names = ["cnn", "gru", "lstm", "mlp"]
    units = {name: np.stack([unit(name, task) for task in tasks]) for name in names}
    pairs = [(a, b) for n, a in enumerate(names) for b in names[n + 1 :]]
    raw = []
    for a, b in pairs:
        apart = units[a] - units[b]
        v = apart.var(axis=1, ddof=1) / 3
        freedom = v.sum() ** 2 / (v**2 / 2).sum()
        raw.append(2 * stats.t.sf(abs(apart.mean() / (np.sqrt(v.sum()) / len(tasks))), freedom))
    adjusted, most = {}, 0.0
    for place, index in enumerate(np.argsort(raw)):
        most = max(most, min(1.0, raw[index] * (len(raw) - place)))
        adjusted[pairs[index]] = most
    better = {
        (a, b): adjusted[tuple(sorted((a, b)))] < 0.05 and units[a].mean() > units[b].mean()  # type: ignore[index]
        for a in names
        for b in names
        if a != b
    }
    found = standing().ranking(scope).set_index("entry")
    for name in names:
        others = [other for other in names if other != name]
        assert found.loc[name, "rank_low"] == 1 + sum(better[other, name] for other in others)
        assert found.loc[name, "rank_high"] == 4 - sum(better[name, other] for other in others)
    means = {name: units[name].mean() for name in names}
    assert found.index.tolist() == sorted(names, key=lambda name: -means[name])
    if len(tasks) > 1:
        assert found["mean"].to_dict() == pytest.approx(means, abs=1e-12)
    else:
        tests = {name: means[name] * 0.9 + 0.1 for name in names}
        assert found["mean"].to_dict() == pytest.approx(tests, abs=1e-12)


def test_seeds_that_would_tell_neighbours_apart_stand_beside_them() -> None:
    found = standing().ranking("image/digits").set_index("entry")
    assert found.loc["lstm", "seeds_needed"] > 3, "lstm and gru are a tie on three seeds"
    assert pd.isna(found.loc["mlp", "seeds_needed"]), "nobody is behind the last"


def test_a_quarantined_entry_is_not_ranked_and_its_reason_is_kept() -> None:
    board = board_with(better_duplicate())
    seen = Standing(board, findings(board))
    assert set(seen.ranking(TOGETHER)["entry"]) == {"mlp", "cnn", "lstm"}
    assert "duplicate" in {finding.rule for finding in seen.findings}
    cells = seen.cells.set_index(["entry", "task"])["cell"]
    assert cells["gru", "image/digits"] == "quarantined"
    assert cells["cnn", "tabular/friedman"] == "not accepted"
    assert cells["mlp", "tabular/friedman"] == "scored"


def test_a_run_that_failed_is_counted_and_in_no_average() -> None:
    lost = {
        "outcome": "diverged",
        "valid": None,
        "test": None,
        "weights": None,
        "curve": [],
        "message": "loss not finite",
    }
    lines = [
        made.row("gru", changed(line.record, result=lost), line.role)
        if isinstance(line, Row) and line.entry == "gru" and line.role == "score" and line.record.trial.seed == 2
        else line
        for line in made.board().lines
        if not (line.line == "aggregate" and line.entry == "gru")
    ]
    seen = standing(lines)
    assert seen.quarantined == {}
    own = seen.ranking("image/digits").set_index("entry").loc["gru"]
    units = unit("gru", "image/digits")
    assert (own["n_failed"], own["n_seeds"]) == (1, 2)
    assert own["mean"] == pytest.approx(units[:2].mean() * 0.9 + 0.1)
    assert own["mean_failed_as_chance"] == pytest.approx(units[:2].sum() / 3)


def test_the_pool_is_another_one_with_other_rows() -> None:
    one = standing()
    fewer = standing([line for line in made.board().lines if getattr(line, "entry", "") != "cnn"])
    assert one.pool("image/digits") != fewer.pool("image/digits")
    assert one.pool("tabular/friedman") == fewer.pool("tabular/friedman")
    assert one.pool("image/digits") == standing().pool("image/digits")


def judged(row: Row, kind: str, by: str = "somebody", **more: object) -> Judged:
    fields = {"id": row.id, "verdict": kind, "when": "2026-02-01T00:00:00+00:00", **more}
    asked = {"result": row.record.result.digest, "answered_by": row.record.answered_by}
    stamp = Stamp(board=made.STAMP.board, at="2026-02-01T00:00:00+00:00", by=by)
    return Judged(stamp=stamp, verdict=Kept.model_validate({**asked, **fields}))


def test_a_state_comes_from_verdicts_and_not_from_claims() -> None:
    first = scored(made.rows("gru"))[0]
    assert state.of_row(first, []) == "self-reported"
    assert state.of_row(first, [judged(first, "equivalent")]) == "reproduced within margin"
    assert state.of_row(first, [judged(first, "equivalent"), judged(first, "bit-exact")]) == "reproduced bit-exact"
    assert state.of_row(first, [judged(first, "bit-exact", by="a maintainer")]) == "verified re-run"
    assert state.of_row(first, [judged(first, "cannot", by="a maintainer")]) == "self-reported"
    assert state.of_row(first, [judged(first, "bit-exact", result="of another record")]) == "self-reported"
    assert state.of_row(first, [judged(first, "bit-exact"), judged(first, "different")]) == "quarantined"
    assert state.of_row(first, [judged(first, "different", moved=("source",))]) == "self-reported", "other code"


def test_an_entry_is_in_the_state_that_all_its_rows_are_in() -> None:
    rows = scored(made.rows("gru", ["image/digits"]))
    all_but_one = [judged(row, "bit-exact") for row in rows[1:]]
    seen = standing([*made.board().lines, *all_but_one])
    own = seen.ranking("image/digits").set_index("entry").loc["gru"]
    assert (own["state"], own["n_again"], own["n_rows"]) == ("self-reported", 2, 3)
    seen = standing([*made.board().lines, *all_but_one, judged(rows[0], "equivalent")])
    own = seen.ranking("image/digits").set_index("entry").loc["gru"]
    assert (own["state"], own["n_again"]) == ("reproduced within margin", 3)


def test_published_scores_and_baselines_stand_beside_ours() -> None:
    lines = [
        Classical(
            stamp=made.STAMP, task="image/digits", baseline="forest", seed=seed, valid=0.9, test=0.9 + 0.01 * seed
        )
        for seed in made.SEEDS
    ]
    seen = standing([*made.board().lines, *lines])
    found = beside.references(seen)
    ours = found[(found["task"] == "series/mnist1d") & (found["architecture"] == "gru")].iloc[0]
    assert (ours["published"], ours["compared"]) == (0.91, "below")
    (forest,) = beside.classical(seen).to_dict("records")
    assert forest["mean"] == pytest.approx(0.91)
    assert (forest["baseline"], forest["unit"], forest["n_seeds"]) == ("forest", "accuracy", 3)
