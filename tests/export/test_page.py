"""The page in a real browser, from a file: no requests, no scripts, data as text, the numbers of the analysis."""

from pathlib import Path

import pytest

from suite import report
from suite.answer import answer
from suite.export.bundle import export
from suite.export.drawing import Mark, chart
from suite.store import Store
from tests.records import record

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = ("--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")
api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
browser_only = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}")


def seen(path: Path, width: int = 1200, mode: str = "light") -> dict[str, object]:
    """What a browser makes of the page, and what it asked for and complained about meanwhile."""
    asked, wrong = list[str](), list[str]()
    with api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=list(SWITCHES))
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=mode)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(path.absolute().as_uri())
        found = {
            "title": page.title(),
            "text": page.inner_text("body"),
            "images": page.locator("img, script, iframe").count(),
            "width": page.evaluate("document.documentElement.scrollWidth"),
            "ground": page.evaluate("getComputedStyle(document.body).backgroundColor"),
            "told": [desc.text_content() for desc in page.locator("svg[role=img] desc").all()],
        }
        browser.close()
    return found | {"asked": asked, "wrong": wrong}


@browser_only
def test_data_is_text_and_nothing_is_fetched(bundle: Path) -> None:
    found = seen(bundle / "index.html")
    assert found["title"] == "first: Wonderland"
    assert found["images"] == 0
    assert str(found["text"]).count('<img src=x onerror="document.title=1">') == 2, "in the question and in the claim"
    assert "\\x1b[2J" in str(found["text"])
    assert found["asked"] == [(bundle / "index.html").absolute().as_uri()]
    assert found["wrong"] == []


@browser_only
def test_numbers_are_those_of_the_analysis(store: Store, bundle: Path) -> None:
    found, known = seen(bundle / "index.html"), answer(store, "first")
    text, told = str(found["text"]), str(found["told"])
    assert known.finding in " ".join(text.split())
    for frame, column in (
        (report.effects(report.scope(known.effects)), "effect"),
        (report.interactions(report.scope(known.interactions)), "interaction"),
        (report.leaderboard(known.leaderboard[known.leaderboard["task"] == "image/digits"]), "score"),
    ):
        assert len(frame)
        for said in frame[column]:
            assert said in text
    assert [judged.sentence in text for judged in known.verdicts] == [True]
    assert report.effects(report.scope(known.effects))["effect"].iloc[0] in told


@browser_only
def test_it_fits_a_phone_and_the_dark(bundle: Path) -> None:
    small = seen(bundle / "index.html", width=375, mode="dark")
    assert small["width"] == 375
    assert small["ground"] == "rgb(14, 17, 23)"


@browser_only
def test_one_record_is_enough_for_a_page(tmp_path: Path) -> None:
    from tests.export.conftest import stored

    one = stored(tmp_path / "runs", [record(0, depth=2, norm="none")])
    found = seen(export(one, "first", tmp_path / "bundle", by="Alice") / "index.html")
    assert "1 of 1 records" in str(found["text"])
    assert found["wrong"] == []


def test_a_drawing_puts_numbers_where_they_belong() -> None:
    """Zero and one lie 6% of the range inside the ends, at 230 and 560."""
    drawn = chart("c", "two", "accuracy", [Mark("a", 0.0, 0.0, 0.0, "0"), Mark("b", 1.0, float("nan"), 1.0, "1")])
    assert "translate(247.7 23.0)" in drawn
    assert "translate(542.3 53.0)" in drawn
    assert drawn.count('class="bar') == 1, "there is no bar for what has no interval"
    assert '<desc id="c-told">a 0; b 1</desc>' in drawn


def test_a_name_in_a_drawing_is_text() -> None:
    drawn = chart("c", "<b>", "</svg>", [Mark("<script>", 0.5, 0.4, 0.6, "&", "better")], zero=True)
    assert "<script>" not in drawn
    assert "<b>" not in drawn
    assert drawn.count("</svg>") == 1
