"""The board that is published with the product: nobody is in quarantine, and cheap rows come out the same again."""

import pytest

from suite.analysis.search import TUNING_SEED
from suite.board.line import Row
from suite.board.look import look
from suite.board.protocol import board_study, path
from suite.board.standing import Standing
from suite.reproduction.verdict import compare
from suite.train import train

CHEAP = 5  # rows that are trained again, each of another task
QUICK = ("tabular", "image", "audio", "graph", "sequence", "series", "volume", "multimodal")  # types that load at once


@pytest.fixture(scope="module")
def standing() -> Standing:
    return look()


def test_nobody_is_in_quarantine(standing: Standing) -> None:
    assert standing.findings == ()


def test_it_asks_what_its_study_asks(standing: Standing) -> None:
    """Without loading data; what the data is was checked when it was published."""
    study, facts = board_study(), standing.board.facts
    asked = (study.tasks, study.baseline, study.tune, study.seeds, TUNING_SEED)
    assert (tuple(facts.tasks), facts.baseline, facts.tune, facts.seeds, facts.tuning_seed) == asked


def test_it_is_wide_enough(standing: Standing) -> None:
    assert len(standing.board.facts.tasks) >= 8
    assert len({task.partition("/")[0] for task in standing.board.facts.tasks}) >= 6
    assert len(standing.board.entries) >= 40
    assert standing.board.classical


def test_cheap_rows_come_out_the_same_again(standing: Standing) -> None:
    """To the last bit in the same numerics class, and within the tolerance in another, also where code moved since."""
    rows = cheapest(standing)
    assert len(rows) == CHEAP
    for row in rows:
        verdict = compare(row.record, train(row.record.trial))
        assert verdict.kind in ("bit-exact", "equivalent"), f"{row.id}: {verdict.reason}"


def cheapest(standing: Standing) -> list[Row]:
    """The quickest row of each of some tasks."""
    found = dict[str, Row]()
    every = [row for rows in standing.rows.values() for row in rows]
    for row in sorted(every, key=lambda row: row.record.cost.seconds):
        trial = row.record.trial
        if row.record.outcome == "finished" and trial.task.partition("/")[0] in QUICK:
            found.setdefault(trial.task, row)
            if len(found) == CHEAP:
                break
    return list(found.values())


def test_the_guide_names_its_version(standing: Standing) -> None:
    guide = path().with_name("README.md").read_text(encoding="utf-8")
    assert f"`{standing.board.facts.asked}`" in guide
