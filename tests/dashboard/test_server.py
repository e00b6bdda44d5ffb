"""The command that starts the server: private, quiet, and the same from every folder."""

import sys
from pathlib import Path

import pytest
from streamlit import config

from dashboard.server import APP, command
from dashboard.store import store


def test_it_is_private_and_quiet() -> None:
    words = command(8501)
    assert words[:5] == [sys.executable, "-m", "streamlit", "run", str(APP)]
    for option in (
        "--server.address=127.0.0.1",
        "--server.headless=true",
        "--server.enableXsrfProtection=true",
        "--browser.gatherUsageStats=false",
        "--client.showErrorDetails=none",
        "--server.allowedHosts=localhost",
    ):
        assert option in words


def test_opened_to_others_it_takes_every_name() -> None:
    assert not [word for word in command(80, "0.0.0.0") if "allowedHosts" in word]


def test_every_option_exists() -> None:
    names = [word[2:].split("=")[0] for word in command(0) if word.startswith("--") and "." in word.split("=")[0]]
    known = config.get_config_options()
    assert [name for name in names if name not in known] == []


def test_the_store_is_found_from_every_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = command(0, runs="runs")
    monkeypatch.chdir("/")
    monkeypatch.setattr(sys, "argv", [str(APP), *words[words.index("--") + 1 :]])
    assert store().root == tmp_path / "runs"


def test_without_a_word_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [str(APP)])
    monkeypatch.setenv("WONDERLAND_RUNS", "/elsewhere")
    assert store().root == Path("/elsewhere")
    monkeypatch.delenv("WONDERLAND_RUNS")
    assert store().root == Path("runs")
