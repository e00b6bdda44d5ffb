"""Progress in plain lines: one for a change, and not more often than every ten seconds."""

import json

import pytest

from suite import display
from suite.display import meter, size
from tests.test_store import status


def test_plain_progress_is_a_line_a_change_and_ten_seconds_apart(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = 1000.0
    monkeypatch.setattr("suite.display.time.monotonic", lambda: now)
    with meter("first", "plain") as show:
        for second in range(61):
            now = 1000.0 + second
            show(status(done=second // 20, total=100, cached=0))
        show(status(state="done", done=3, total=100, cached=0))
    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[1] for line in lines] == ["0/100", "1/100", "2/100", "3/100", "3/100"]


def test_json_progress_is_a_document_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with meter("first", "json") as show:
        show(status(done=1))
        show(status(state="done", done=2))
    said = capsys.readouterr()
    assert said.out == ""
    assert [json.loads(line)["done"] for line in said.err.splitlines()] == [1, 2]


@pytest.mark.parametrize("style", ["none", "auto"])
def test_no_progress_where_none_is_wanted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], style: display.ProgressStyle
) -> None:
    monkeypatch.setenv("WONDERLAND_QUIET", "1")
    with meter("first", style) as show:
        show(status())
    assert capsys.readouterr().err == ""


def test_sizes_are_told_as_people_tell_them() -> None:
    assert [size(n) for n in (0, 999, 1500, 12_345_678, 3_400_000_000)] == [
        "0 bytes",
        "999 bytes",
        "1.5 kB",
        "12 MB",
        "3.4 GB",
    ]
