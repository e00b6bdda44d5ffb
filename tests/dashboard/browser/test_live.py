"""Live in a browser: a sweep is followed to its end, looking stops with it, and nobody's focus is taken."""

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from suite.store import Store
from tests.dashboard.browser.visit import ROOT, opened, serving

STUDY = """
from suite.study import Study
STUDY = Study(question="Does depth help?", tasks=("tabular/wine",), architectures=("mlp",),
              factors={"depth": (1, 2), "norm": ("none", "layer")}, baseline={"steps": 400, "width": 32}, seeds=12)
"""


def test_a_running_sweep_is_followed_to_its_end(open_page, runs: Path, made: ModuleType) -> None:  # type: ignore[no-untyped-def]
    store = made.Store(runs)
    watched = open_page()
    watched.visit("live?study=first")
    watched.page.get_by_text("Failures so far").wait_for()
    try:
        made.sweep(store, "done")
        watched.page.get_by_text("Nothing running; the last sweep ended").wait_for(timeout=10_000)
        watched.page.get_by_text("Failures (51 of 480 runs)").wait_for()
    finally:
        made.sweep(store)


def test_looking_again_takes_no_focus(open_page) -> None:  # type: ignore[no-untyped-def]
    watched = open_page()
    watched.visit("live?study=first")
    watched.page.get_by_role("switch", name="Pause").focus()
    before = watched.page.evaluate("() => document.activeElement.outerHTML.slice(0, 80)")
    watched.page.wait_for_timeout(5000)  # two looks
    assert watched.page.evaluate("() => document.activeElement.outerHTML.slice(0, 80)") == before


def test_a_paused_page_stands_still(open_page, runs: Path, made: ModuleType) -> None:  # type: ignore[no-untyped-def]
    watched = open_page()
    watched.visit("live?study=first")
    watched.page.get_by_text("Pause", exact=True).click()
    watched.page.wait_for_timeout(3000)  # for the page to begin to draw itself again
    watched.settle()
    try:
        made.sweep(made.Store(runs), "done")
        watched.page.wait_for_timeout(5000)
        assert watched.page.get_by_text("Running", exact=True).count() > 0
        watched.page.get_by_text("Pause", exact=True).click()
        watched.page.get_by_text("Nothing running; the last sweep ended").wait_for()
    finally:
        made.sweep(made.Store(runs))


def test_a_lost_sweep_says_so_and_how_to_resume(open_page, runs: Path, made: ModuleType) -> None:  # type: ignore[no-untyped-def]
    try:
        made.sweep(made.Store(runs), "lost", age=240)
        watched = open_page()
        watched.visit("live?study=first")
        watched.page.get_by_text("Last seen 4 min", exact=False).wait_for()
        assert watched.page.get_by_text("wonderland sweep first").count() == 1
    finally:
        made.sweep(made.Store(runs))


def test_a_real_sweep(chromium, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """The page is opened before there is anything, and shows the trials of a sweep as they are answered."""
    (tmp_path / "wine.py").write_text(STUDY)
    runs = tmp_path / "runs"
    words = [sys.executable, "-c", "from suite.cli.main import main; main()", "sweep", "wine.py", "--slots", "1"]
    with serving(runs, tmp_path / "log") as address, (tmp_path / "sweep").open("w") as output:
        watched = opened(chromium, address)
        watched.visit("live")
        watched.page.get_by_text("Nothing to see yet").wait_for()
        sweep = subprocess.Popen(
            words, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=output, stderr=output
        )
        try:
            while sweep.poll() is None and not (runs / "wine" / "status.json").exists():
                watched.page.wait_for_timeout(200)
            watched.visit("live?study=wine")
            watched.page.get_by_text("wonderland stop wine").wait_for()
            watched.page.get_by_text("Nothing running; the last sweep ended").wait_for(timeout=200_000)
        finally:
            sweep.wait(timeout=200)
        assert sweep.returncode == 0, (tmp_path / "sweep").read_text()
        assert watched.page.get_by_text("48 of 48 trials (100%)").count() == 1
        watched.visit("record?study=wine")
        assert len(Store(runs).records("wine")) == 48
        watched.page.close()
    assert watched.wrong == []
