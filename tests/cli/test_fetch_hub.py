"""`wonderland fetch` of what is on a hub: only what is named, and what is missing is said."""

from pathlib import Path

import pytest

from tests.cli.conftest import Wonderland

HUB = ("text/ag_news", "volume/organ_mnist3d", "sequence/permuted_mnist")


@pytest.fixture(autouse=True)
def nothing_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cache, and no network."""
    monkeypatch.setenv("WONDERLAND_DATA", str(tmp_path / "cache"))
    monkeypatch.setattr("datasets.config.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.mark.parametrize("task", HUB)
def test_a_task_of_a_hub_that_is_named_is_asked_for(wonderland: Wonderland, task: str) -> None:
    done = wonderland("fetch", task)
    assert done.code == 4
    assert done.out.startswith(f"{task}  ")
    assert "try again with a network" in done.out
    assert len(done.out.strip().splitlines()) == 1


def test_verify_says_what_is_not_here(wonderland: Wonderland) -> None:
    done = wonderland("fetch", "--verify", *HUB)
    assert done.code == 4
    assert done.out == "".join(f"{task}  is not there, or not whole\n" for task in HUB)


def test_hubs_are_left_alone_where_no_task_is_named(wonderland: Wonderland) -> None:
    done = wonderland("fetch", "--verify")
    assert not any(task in done.out for task in HUB)
