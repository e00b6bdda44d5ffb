"""Pictures of every page, light and dark, wide and narrow, for documents and for a look at all of them.

    make screenshots [RUNS=runs]                                # or, in its own words:
    python -m tests.dashboard.screenshots shots                 # of made-up records
    python -m tests.dashboard.screenshots shots --runs runs     # of a store; it is only read

Needs Chromium at /usr/bin/chromium.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from suite.store import Store
from tests.dashboard import conftest as made
from tests.dashboard.browser.visit import CHROMIUM, PAGES, SWITCHES, opened, serving

SCHEMES = ("light", "dark")
WIDTHS = (1280, 375)


def pages(store: Store) -> Iterator[tuple[str, str]]:
    """Names of pictures, and addresses: every page, a record, a concept, and a draft."""
    for address, title in PAGES.items():
        yield title.lower(), address
    study = store.studies()[0]
    record = store.records(study)[0]
    yield "compare-profiles", f"compare?study={study}&part=Profiles"
    yield "record-one", f"record?study={study}&id={record.id}"
    yield "coverage-concept", "coverage?concept=9.4.1+Residual+connection"
    yield "compose-draft", "compose?new_tasks=image/digits&new_architectures=mlp&new_vary=depth&vary_depth=2,+8"


def draw(browser: Any, address: str, store: Store, folder: Path) -> None:
    for scheme in SCHEMES:
        for width in WIDTHS:
            watched = opened(browser, address, scheme, width)
            for name, page in pages(store):
                watched.visit(page)
                watched.picture(folder / f"{name}-{scheme}-{width}.png")
            watched.page.close()
            for wrong in watched.wrong:
                print(wrong)


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m tests.dashboard.screenshots", description=__doc__)
    words.add_argument("folder", type=Path)
    words.add_argument("--runs", type=Path, help="a store; without it, one is made up")
    given = words.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        store = Store(given.runs.absolute()) if given.runs else made.store_of(Path(temporary) / "runs")
        if not given.runs:
            made.sweep(store)
            made.ran(store, made.study_trials()[4:172])
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)
        with serving(store.root, Path(temporary) / "log") as address:
            draw(browser, address, store, given.folder)
        browser.close()


if __name__ == "__main__":
    main()
