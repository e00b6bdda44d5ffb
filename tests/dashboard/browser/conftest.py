"""A server that shows a finished study whose sweep still runs, and a browser whose pages are watched."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.dashboard.browser.visit import CHROMIUM, SWITCHES, Watched, opened, serving


@pytest.fixture(scope="package")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("browser") / "runs"


@pytest.fixture(scope="package")
def server(runs: Path, made: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the server."""
    store = made.store_of(runs)
    made.sweep(store)
    made.ran(store, made.study_trials()[:168])
    with serving(runs, tmp_path_factory.mktemp("server") / "log") as address:
        yield address


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def open_page(server: str, chromium: Any) -> Iterator[Any]:
    """Opens watched pages, and asserts in the end that nothing went wrong on them."""
    pages: list[Watched] = []

    def open(scheme: str = "light", width: int = 1280, height: int = 800) -> Watched:
        pages.append(opened(chromium, server, scheme, width, height))
        return pages[-1]

    yield open
    for watched in pages:
        watched.page.close()
        assert watched.wrong == []
