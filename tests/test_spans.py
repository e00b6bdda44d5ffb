"""When trials ran, and in which slot."""

from pathlib import Path

from suite.estimate import Estimate
from suite.progress import Progress
from suite.spans import FILE, Span, Spans, read
from tests.records import record


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_trial_is_in_the_slot_that_became_free_for_it(tmp_path: Path) -> None:
    """Of two workers, one of which trains a long and the other three short ones; `d` is heard of before `b` ends."""
    clock = Clock()
    spans = Spans(tmp_path, clock)
    news = [("a", 0.0, ""), ("b", 0.0, ""), ("c", 2.0, "a"), ("d", 4.9, ""), ("", 5.0, "b"), ("e", 6.0, "d"),
            ("", 7.0, "e"), ("", 9.0, "c")]  # fmt: skip
    began = dict[str, float]()
    for begins, now, ends in news:
        clock.now = 1000.0 + now
        if ends:
            spans.end(ends, clock.now - began[ends])
        if begins:
            began[begins] = clock.now
            spans.begin(begins)
    slots = {span.id: span.slot for span in read(tmp_path)}
    assert slots == {"a": 1, "c": 1, "b": 2, "d": 2, "e": 2}
    assert Span(id="d", slot=2, began=1005.0, ended=1006.0) in read(tmp_path), "no two in one slot at a time"
    assert [span.id for span in read(tmp_path, since=1006.5)] == ["e", "c"]


def test_a_beginning_that_was_heard_too_late_is_moved_but_not_into_the_one_before(tmp_path: Path) -> None:
    """News comes in bundles, so the beginning of a short trial is heard together with its end."""
    clock = Clock()
    spans = Spans(tmp_path, clock)
    spans.begin("a")
    clock.now = 1002.0
    spans.end("a", 2.0)
    clock.now = 1003.0
    for id in ("b", "c"):
        spans.begin(id)
        spans.end(id, 0.4 if id == "b" else 0.3)
    assert [(span.began, span.ended) for span in read(tmp_path)][1:] == [(1002.6, 1003.0), (1003.0, 1003.0)]


def test_what_the_workers_took_along_has_no_span(tmp_path: Path) -> None:
    spans = Spans(tmp_path)
    spans.begin("a")
    spans.interrupt()
    spans.end("a", 1.0)
    assert read(tmp_path) == ()


def test_a_damaged_file_costs_the_lines_that_are_damaged(tmp_path: Path) -> None:
    spans = Spans(tmp_path)
    spans.begin("a")
    spans.end("a", 0.1)
    with (tmp_path / FILE).open("ab") as file:
        file.write(b'{"id": 3}\n\xff\xfe\n{"id":"b","slot":1,"beg')
    assert [span.id for span in read(tmp_path)] == ["a"]
    assert read(tmp_path / "nothing") == ()


def test_a_link_is_neither_read_nor_written(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("kept")
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / FILE).symlink_to(precious)
    spans = Spans(tmp_path / "study")
    spans.begin("a")
    spans.end("a", 0.1)
    assert precious.read_text() == "kept"
    assert read(tmp_path / "study") == ()


def test_the_progress_of_a_sweep_keeps_them(tmp_path: Path) -> None:
    one = record()
    progress = Progress([one.trial], [], Estimate([], [one.trial]), Spans(tmp_path))
    progress.begin(one.id)
    progress.finish(one)
    (span,) = read(tmp_path)
    assert (span.id, span.slot) == (one.id, 1)
    assert 0.4 < span.ended - span.began < 0.6, "half a second by the record"
