"""What comes from others: names that are code, and pages of others that want to talk to the server."""

import http.client
from pathlib import Path
from types import ModuleType

from suite.store import Plan
from tests.dashboard.browser.visit import PAGES, opened, serving

EVIL = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>[a](http://evil.example)"


def test_names_are_text_in_every_page(chromium, made: ModuleType, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Names that are code are shown, letter by letter, and neither run nor linked."""
    trials = [trial.model_copy(update={"architecture": EVIL}) for trial in made.study_trials()[:48]]
    plan = made.plan().model_dump() | {
        "question": EVIL, "architectures": (EVIL,), "trials": tuple(trial.id for trial in trials),
    }  # fmt: skip
    runs = tmp_path / "runs"
    made.write(runs, [made.record(trial) for trial in trials], Plan.model_validate(plan))
    with serving(runs, tmp_path / "log") as address:
        watched = opened(chromium, address)
        for page in (*PAGES, f"record?id={trials[0].id}"):
            watched.visit(page)
            assert watched.page.title() != "taken"
            assert watched.page.locator("img[src=x], a[href*='evil.example']").count() == 0
            if page in ("", "leaderboard", "effects"):
                assert watched.page.get_by_text(EVIL, exact=False).count() > 0
        watched.page.close()
    assert watched.wrong == []


def test_an_address_is_taken_as_text(open_page) -> None:  # type: ignore[no-untyped-def]
    watched = open_page()
    watched.visit("record?id=%3Cscript%3Edocument.title%3D1%3C%2Fscript%3E&study=%3Cb%3Ex%3C%2Fb%3E")
    assert watched.page.get_by_text("There is no study '<b>x</b>' in this store").count() == 1
    assert watched.page.title() != "1"


def test_it_does_not_talk_to_pages_of_others(server: str) -> None:
    assert _greet(server, "localhost") == 101
    assert _greet(server, "evil.example") == 400


def _greet(server: str, host: str) -> int:
    """How the server answers a page that it believes to come from `host` and that wants to talk."""
    port = int(server.rpartition(":")[2])
    greeting = {
        "Host": f"{host}:{port}",
        "Origin": f"http://{host}:{port}",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", "/_stcore/stream", headers=greeting)
        return line.getresponse().status
    finally:
        line.close()
