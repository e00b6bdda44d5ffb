"""The command line in this process, in an empty folder: what it says, and its exit code."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from suite.cli.main import main
from suite.store import Store
from tests.records import record
from tests.test_store import filled


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: object
    out: str
    err: str


Wonderland = Callable[..., Done]


@pytest.fixture
def unchanged_environment() -> Iterator[None]:
    """Switches are set in the environment, which is that of all tests."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def wonderland(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    unchanged_environment: None,
) -> Wonderland:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WONDERLAND_RUNS", raising=False)

    def run(*words: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["wonderland", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Done(ended.value.code or 0, said.out, said.err)

    return run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two studies of two factors, one seed each."""
    records = [record(0, depth=depth, norm=norm) for depth in (2, 8) for norm in ("none", "layer")]
    filled(tmp_path / "runs", "second", records)
    return filled(tmp_path / "runs", "second_half", records[:1])
