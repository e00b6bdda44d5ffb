"""One stage for all tests here, and a world of its own for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.world import Stage, World


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.close()


@pytest.fixture
def world(stage: Stage, tmp_path: Path) -> World:
    return World(stage, tmp_path / "w")
