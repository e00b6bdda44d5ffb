"""What tests of the hub share."""

from pathlib import Path

import pytest


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the hub, and an empty cache."""
    (tmp_path / "shelf").mkdir()
    monkeypatch.chdir(tmp_path / "shelf")
    monkeypatch.setenv("WONDERLAND_DATA", str(tmp_path / "cache"))
    return tmp_path / "shelf"
