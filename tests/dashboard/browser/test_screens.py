"""Every page on every screen: nothing fails, nothing is fetched from elsewhere, nothing is wider than the window."""

from types import ModuleType

import pytest

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


def test_a_chart_can_be_taken_along_as_a_picture(open_page) -> None:  # type: ignore[no-untyped-def]
    watched = open_page()
    watched.visit("leaderboard")
    watched.page.locator("[data-testid=stVegaLiteChart]").first.hover()
    with watched.page.expect_download() as download:
        watched.page.get_by_label("Download as PNG").first.click()
    assert download.value.suggested_filename.endswith(".png")
