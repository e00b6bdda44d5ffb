"""What ran when, as tables: counted by hand."""

import numpy as np
import pandas as pd
import pytest

from suite import timeline
from suite.spans import Span
from suite.store import Status
from tests.test_store import status

RECORDS = pd.DataFrame(
    {"id": ["a", "b"], "task": ["t", "t"], "architecture": ["mlp", "cnn"], "outcome": ["finished", "diverged"]}
)


def span(id: str, slot: int, began: float, ended: float) -> Span:
    return Span(id=id, slot=slot, began=100 + began, ended=100 + ended)


def rows() -> pd.DataFrame:
    found = [span("b", 2, 1, 3), span("a", 1, 0, 4), span("gone", 1, 4, 10)]
    return timeline.spans(found, 100.0, RECORDS)


def swept(done: int) -> Status:
    return status(done=done, started=100.0)


def test_spans_are_seconds_since_the_sweep_began_with_what_ran() -> None:
    found = rows()
    assert found[["slot", "began", "ended", "id"]].to_numpy().tolist() == [
        [1, 0.0, 4.0, "a"],
        [1, 4.0, 10.0, "gone"],
        [2, 1.0, 3.0, "b"],
    ]
    assert found["outcome"].tolist() == ["finished", "not in the ledger", "diverged"]


def test_slots_say_how_busy_they_were() -> None:
    found = timeline.slots(rows())
    assert found["trials"].tolist() == [2, 1]
    np.testing.assert_allclose(found["busy"], [10, 2])
    np.testing.assert_allclose(found["share"], [1.0, 0.2])
    assert (
        timeline.sentence(rows(), swept(4)) == "2 slots were busy 60% of 10 s; 3 of 4 trials of this sweep have times"
    )


def test_what_nobody_wrote_down_is_said() -> None:
    nothing = timeline.spans([], 100.0, RECORDS)
    assert timeline.sentence(nothing, swept(7)) == "0 of 7 trials of this sweep have times"
    assert timeline.slots(nothing).empty
    assert timeline.bars(nothing).empty


def test_few_are_bars_of_their_own() -> None:
    assert timeline.bars(rows())["busy"].tolist() == [1.0, 1.0, 1.0]


def test_many_are_stretches_whose_busy_seconds_are_the_same() -> None:
    """A slot that trains for 0.6 s out of every second, and one for 0.2 s."""
    found = [span(f"{slot}-{n}", slot, n, n + (0.6 if slot == 1 else 0.2)) for slot in (1, 2) for n in range(500)]
    whole = timeline.spans(found, 100.0, RECORDS)
    drawn = timeline.bars(whole, most=200)
    assert len(drawn) == 200
    assert drawn["trials"].sum() == 1000
    seconds = drawn.assign(busy=drawn["busy"] * (drawn["ended"] - drawn["began"])).groupby("slot")["busy"].sum()
    np.testing.assert_allclose(seconds, [300, 100], rtol=1e-9)
    assert drawn.loc[drawn["slot"] == 1, "busy"].median() == pytest.approx(0.6, abs=0.05)
