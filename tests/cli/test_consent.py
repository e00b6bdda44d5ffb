"""What takes long is not begun unless somebody says yes."""

from pathlib import Path

import psutil
import pytest

from suite.cli import consent
from suite.cli.consent import NeedsYes, require_yes, says_yes
from suite.estimate import Range
from tests.cli.conftest import Wonderland

STUDY = """
from suite.study import Study
STUDY = Study(question="?", tasks=("tabular/wine",), architectures=("mlp",),
              factors={"norm": ("none", "layer")}, baseline={"steps": 1, "width": 4, "depth": 1}, seeds=2)
"""


def test_what_is_short_and_few_needs_no_yes() -> None:
    require_yes(consent.MANY, Range(0.0, 2 * consent.LONG))


def test_many_trials_need_a_yes() -> None:
    with pytest.raises(NeedsYes, match="10,001 trials, and more than 10,000 need --yes"):
        require_yes(consent.MANY + 1, Range(1.0, 2.0))


def test_a_long_time_needs_a_yes() -> None:
    with pytest.raises(NeedsYes, match="about 3 h 0 min, and more than 2 h 0 min needs --yes"):
        require_yes(1, Range(3600.0, 5 * 3600.0))


def test_nobody_is_asked_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not says_yes("Long.")


@pytest.mark.parametrize(
    ("typed", "meant"), [("y\n", True), ("yes\n", True), ("\n", False), ("n\n", False), ("", False)]
)
def test_only_yes_is_a_yes(monkeypatch: pytest.MonkeyPatch, typed: str, meant: bool) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return typed

        def write(self, text: str) -> int:
            return len(text)

        def flush(self) -> None:
            pass

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("sys.stderr", Terminal())
    assert says_yes("Long.") == meant


def test_a_sweep_off_the_terminal_is_refused_and_leaves_no_plan(
    wonderland: Wonderland, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "long.py").write_text(STUDY)
    monkeypatch.setattr(consent, "MANY", 3)
    done = wonderland("sweep", "long.py", "--progress", "none")
    assert done.code == 2
    assert "these are 4 trials, and more than 3 need --yes" in done.err
    assert "4 new" in done.err
    assert not (tmp_path / "runs").exists(), "nothing is left of it"
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "mine.txt").write_text("mine")
    assert wonderland("sweep", "long.py", "--progress", "none").code == 2
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["mine.txt"]
    assert not psutil.Process().children(recursive=True)


def test_a_study_whose_networks_cannot_be_matched_leaves_nothing(wonderland: Wonderland, tmp_path: Path) -> None:
    text = STUDY.replace('("mlp",)', '("mlp", "transformer")').replace("seeds=2", 'seeds=1, match="parameters"')
    text = text.replace("tabular/wine", "image/digits").replace('"width": 4, "depth": 1', '"width": 2, "heads": 32')
    (tmp_path / "unequal.py").write_text(text)
    done = wonderland("sweep", "unequal.py", "--progress", "none")
    assert done.code == 2
    assert "no width of mlp on image/digits has the parameters of the reference" in done.err
    assert not (tmp_path / "runs").exists()


def test_a_grid_that_is_too_large_is_refused_from_its_count(wonderland: Wonderland, tmp_path: Path) -> None:
    """A hundred million million arms are counted, not made."""
    levels = ", ".join(f'"{name}": tuple(range(1, 101))' for name in ("width", "depth", "heads", "kernel", "steps"))
    grid = STUDY.replace('"norm": ("none", "layer")', levels).replace('{"steps": 1, "width": 4, "depth": 1}', "{}")
    (tmp_path / "grid.py").write_text(grid)
    for verb in ("plan", "sweep"):
        done = wonderland(verb, "grid.py", *(["--yes"] if verb == "sweep" else []))
        assert done.code == 2
        assert "this study has 20,000,000,000 trials; the limit is 1,000,000" in done.err
    assert not (tmp_path / "runs").exists()
