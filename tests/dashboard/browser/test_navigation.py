"""Getting about: by links, by keyboard, by Back, by an address that somebody sent; and taking things along."""

from pathlib import Path
from types import ModuleType
from urllib.parse import parse_qs, urlsplit

import pandas as pd

from suite.answer import answer
from suite.store import Store
from tests.dashboard.browser.visit import PAGES


def test_every_page_by_its_link_and_back(open_page) -> None:  # type: ignore[no-untyped-def]
    watched = open_page()
    watched.visit("?")
    titles = list(PAGES.values())
    for title in titles[1:]:
        watched.page.get_by_role("link", name=title, exact=True).first.click()
        watched.arrive(title)
    for title in reversed(titles[:-1]):
        watched.page.go_back()
        watched.arrive(title)


def test_every_page_by_keyboard(open_page) -> None:  # type: ignore[no-untyped-def]
    """Tab goes through the pages in their order, what has the focus is seen to have it, and Enter follows."""
    watched = open_page()
    watched.visit("?")
    page, met = watched.page, []
    page.evaluate("() => document.activeElement.blur()")
    for _ in range(25):
        page.keyboard.press("Tab")
        met.append(page.evaluate("() => document.activeElement.innerText || ''").strip())
    reached = [name for name in met if name in PAGES.values()]
    assert list(dict.fromkeys(reached)) == list(PAGES.values())
    page.get_by_role("link", name="Coverage", exact=True).first.focus()
    page.keyboard.press("Enter")
    watched.arrive("Coverage")


def test_the_study_stays_chosen_from_page_to_page(open_page) -> None:  # type: ignore[no-untyped-def]
    watched = open_page()
    watched.visit("leaderboard?study=first&task=image/digits")
    watched.page.get_by_role("link", name="Effects", exact=True).first.click()
    watched.arrive("Effects")
    assert "study=first" in watched.page.url


def test_a_link_to_a_record_holds(open_page, made: ModuleType) -> None:  # type: ignore[no-untyped-def]
    trial = made.study_trials()[5]
    watched = open_page()
    watched.visit(f"record?study=first&id={trial.id}")
    watched.page.get_by_text(f"{trial.architecture} on {trial.task}, seed 0, of study first").wait_for()
    assert watched.page.get_by_text(f"wonderland reproduce {trial.id}").first.is_visible()
    assert trial.id in watched.page.url


def test_a_row_of_the_list_opens_its_record(open_page) -> None:  # type: ignore[no-untyped-def]
    watched = open_page()
    watched.visit("record")
    grid = watched.page.locator(".stDataFrameGlideDataEditor").first
    grid.wait_for()
    first = {"x": 40, "y": 52}  # cells are drawn on a canvas, which takes a click only where the pointer rests
    grid.hover(position=first)
    watched.page.wait_for_timeout(400)
    with watched.page.expect_popup() as popup:
        grid.click(position=first)
    assert f"{watched.base}/record?study=first&id=" in popup.value.url
    popup.value.close()


def test_a_draft_is_in_the_address_and_a_link_brings_it_back(open_page) -> None:  # type: ignore[no-untyped-def]
    watched = open_page()
    watched.visit("compose?new_tasks=image%2Fdigits&new_architectures=mlp&new_vary=depth&vary_depth=2%2C+8")
    watched.page.get_by_text("wonderland sweep mine.py").wait_for()
    name = watched.page.get_by_label("Name", exact=True)
    name.fill("deep")
    name.press("Enter")
    watched.page.get_by_text("wonderland sweep deep.py").wait_for()
    asked = parse_qs(urlsplit(watched.page.url).query)
    assert asked["new_name"] == ["deep"]
    assert asked["new_tasks"] == ["image/digits"]
    watched.page.reload()
    watched.settle()
    watched.page.get_by_text("wonderland sweep deep.py").wait_for()


def test_a_study_of_the_catalogue_fills_the_form(open_page) -> None:  # type: ignore[no-untyped-def]
    watched = open_page()
    watched.visit("compose")
    watched.page.get_by_label("Begin from").fill("h30")
    watched.page.keyboard.press("Enter")
    watched.page.get_by_role("link", name="Fill the form with h30_residual_depth").click()
    watched.page.get_by_text("wonderland sweep my_h30_residual_depth.py").wait_for()


def test_what_is_downloaded_is_the_table(open_page, runs: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """The file has every digit of the analysis, as one that reads the ledger gets it."""
    watched = open_page()
    watched.visit("effects?study=first&factor=residual")
    watched.page.get_by_role("button", name="Download", exact=True).first.click()
    with watched.page.expect_download() as download:
        watched.page.get_by_role("button", name="Download CSV").first.click()
    download.value.save_as(tmp_path / "effects.csv")
    found = pd.read_csv(tmp_path / "effects.csv")
    effects = answer(Store(runs), "first").effects
    whole = effects[(effects["factor"] == "residual") & (effects["task"] == "all") & (effects["architecture"] == "all")]
    row = found[(found["task"] == "all") & (found["architecture"] == "all")]
    assert row["effect"].to_list() == whole["effect"].to_list()
    with watched.page.expect_download() as download:
        watched.page.get_by_role("button", name="Download LaTeX").first.click()
    download.value.save_as(tmp_path / "effects.tex")
    assert (tmp_path / "effects.tex").read_text().startswith("\\begin{tabular}")


def test_a_command_can_be_copied(open_page) -> None:  # type: ignore[no-untyped-def]
    watched = open_page()
    watched.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=watched.base)
    watched.visit("leaderboard?study=first")
    line = watched.page.locator("[data-testid=stCode]").last
    line.hover()
    line.get_by_role("button", name="Copy").click()
    assert watched.page.evaluate("() => navigator.clipboard.readText()").startswith("wonderland leaderboard first")
