"""Every page on every screen: nothing fails, nothing is fetched from elsewhere, nothing is wider than the window."""

from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from dashboard.theme import DARK, LIGHT
from tests.dashboard.browser.visit import PAGES


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 375), ("light", 320)])
def test_every_page(scheme: str, width: int, open_page, made: ModuleType) -> None:  # type: ignore[no-untyped-def]
    """320 pixels are what is left of 1,280 at a zoom of 400%."""
    watched = open_page(scheme, width)
    record = f"record?id={made.study_trials()[5].id}"
    for address, title in {**PAGES, record: "Record"}.items():
        watched.visit(address)
        assert watched.page.locator("[data-testid=stException]").count() == 0
        assert watched.page.get_by_text("This page failed").count() == 0
        assert watched.titles() == [title]
        assert watched.is_as_wide_as_its_window(), address


def test_charts_have_words(open_page) -> None:  # type: ignore[no-untyped-def]
    watched = open_page()
    watched.visit("effects?factor=residual")
    watched.page.get_by_label("add +0.").first.wait_for()


SVG = "{http://www.w3.org/2000/svg}"
WITH_CHARTS = {"light": ("leaderboard", "effects?factor=residual", "interactions"), "dark": ("curves", "cost")}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_chart_can_be_taken_along_as_a_drawing(scheme: str, open_page, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Each file is an SVG that stands alone: it has what the chart says as its title, its ground, and the marks."""
    watched = open_page(scheme)
    for address in WITH_CHARTS[scheme]:
        watched.visit(address)
        buttons = watched.page.get_by_role("button", name="Download SVG of")
        buttons.first.wait_for()
        drawn = watched.page.locator("[data-testid=stVegaLiteChart] svg.marks")
        drawn.first.wait_for()
        assert buttons.count() == drawn.count() == watched.page.locator("[data-testid=stVegaLiteChart]").count()
        for place in range(buttons.count()):
            with watched.page.expect_download() as download:
                buttons.nth(place).click()
            assert download.value.suggested_filename.endswith(".svg")
            download.value.save_as(tmp_path / "chart.svg")
            whole = ElementTree.parse(tmp_path / "chart.svg").getroot()
            assert whole.tag == f"{SVG}svg"
            assert whole[0].tag == f"{SVG}title"
            assert len(whole[0].text or "") > 10
            ground = {"light": LIGHT, "dark": DARK}[scheme].ground
            assert (whole[1].tag, whole[1].get("fill")) == (f"{SVG}rect", ground)
            assert len(list(whole.iter(f"{SVG}path"))) > 1
            seen = [word.strip() for word in drawn.nth(place).locator("text").all_text_contents() if word.strip()]
            kept = {"".join(word.itertext()).strip() for word in whole.iter(f"{SVG}text")}
            assert set(seen) <= kept


def test_a_drawing_opens_in_a_browser(open_page, chromium, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    watched = open_page()
    watched.visit("effects?factor=residual")
    with watched.page.expect_download() as download:
        watched.page.get_by_role("button", name="Download SVG of forest").click()
    download.value.save_as(tmp_path / "forest.svg")
    page = chromium.new_page()
    page.goto((tmp_path / "forest.svg").as_uri())
    assert page.title().startswith("add +0.")
    assert page.get_by_text("difference from residual none").count() == 1
    page.close()


def test_a_chart_can_be_taken_along_as_a_picture(open_page, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    watched = open_page()
    watched.visit("leaderboard")
    with watched.page.expect_download() as download:
        watched.page.get_by_role("button", name="Download PNG of ranks").click()
    assert download.value.suggested_filename == "ranks.png"
    download.value.save_as(tmp_path / "ranks.png")
    head = (tmp_path / "ranks.png").read_bytes()[:24]
    width, height = (int.from_bytes(head[place : place + 4], "big") for place in (16, 20))
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert width > 1000
    assert height > 100
