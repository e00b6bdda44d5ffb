"""The real server in a real browser: pages without errors, nothing fetched from elsewhere, links that hold.

Screenshots of every page, in both modes and two widths, go to the folder that WONDERLAND_SCREENSHOTS names.
"""

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest

from dashboard.server import command, free_port

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = ("--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")
PAGES = {"": "Leaderboard", "effects": "Effects", "live": "Live", "record": "Record"}
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"
ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds for the server to start
PROBES = ("/_stcore/health", "/_stcore/host-config")  # asked for below a page's own path first, by design

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}")
api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")


@dataclass
class Watched:
    """A browser page, and what went wrong or elsewhere while it was open."""

    page: api.Page  # type: ignore[valid-type]
    base: str
    wrong: list[str] = field(default_factory=list)

    def visit(self, address: str) -> None:
        self.page.goto(f"{self.base}/{address}")
        self.settle()

    def settle(self) -> None:
        self.page.wait_for_selector(SETTLED, timeout=30_000)
        self.page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')")

    def request(self, request: api.Request) -> None:  # type: ignore[valid-type]
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.wrong.append(f"asked {request.url}")

    def console(self, message: api.ConsoleMessage) -> None:  # type: ignore[valid-type]
        if message.type == "error" and not str(message.location.get("url", "")).endswith(PROBES):
            self.wrong.append(f"console: {message.text} at {message.location}")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    return tmp_path_factory.mktemp("browser") / "runs"


@pytest.fixture(scope="module")
def server(runs: Path, made: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that shows a finished study whose sweep still runs."""
    made.sweep(made.store_of(runs))
    port = free_port()
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command(port, runs=runs), cwd="/", env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=output, stderr=output
        )
        try:
            _wait(port, process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(scope="module")
def chromium() -> Iterator[api.Browser]:  # type: ignore[valid-type]
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def open_page(server: str, chromium: api.Browser) -> Iterator[object]:  # type: ignore[valid-type]
    """Opens watched pages, and asserts in the end that nothing went wrong on them."""
    opened: list[Watched] = []

    def open(scheme: str = "light", width: int = 1280) -> Watched:
        page = chromium.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
        watched = Watched(page, server)
        page.on("request", watched.request)
        page.on("console", watched.console)
        page.on("pageerror", lambda error: watched.wrong.append(f"page: {error}"))
        opened.append(watched)
        return watched

    yield open
    for watched in opened:
        watched.page.close()
        assert watched.wrong == []


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(log.read_text())


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("dark", 375)])
def test_every_page(scheme: str, width: int, open_page, made: ModuleType, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    watched = open_page(scheme, width)
    folder = Path(os.environ.get("WONDERLAND_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    record = f"record?id={made.study_trials()[5].id}"
    for address, title in {**PAGES, record: "Record"}.items():
        watched.visit(address)
        page = watched.page
        assert page.locator("[data-testid=stException]").count() == 0
        assert page.get_by_role("heading", level=1).all_inner_texts() == [title]
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        name = f"{title.lower()}{'-one' if address == record else ''}-{scheme}-{width}.png"
        _picture(page, folder / name, width)


def _picture(page: api.Page, path: Path, width: int) -> None:  # type: ignore[valid-type]
    """The whole page, which scrolls inside itself."""
    tall = page.evaluate("() => document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight")
    page.set_viewport_size({"width": width, "height": min(int(tall) + 60, 5000)})
    page.wait_for_timeout(600)  # charts fit themselves to their place
    page.screenshot(path=path)
    page.set_viewport_size({"width": width, "height": 800})


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


def test_it_does_not_talk_to_pages_of_others(server: str) -> None:
    assert _greet(server, "localhost") == 101
    assert _greet(server, "evil.example") == 403


def test_a_link_to_a_record_holds(open_page, made: ModuleType) -> None:  # type: ignore[no-untyped-def]
    trial = made.study_trials()[5]
    watched = open_page()
    watched.visit(f"record?study=first&id={trial.id}")
    assert watched.page.get_by_text(f"{trial.architecture} on {trial.task}, seed 0, of study first").is_visible()
    assert watched.page.get_by_text(f"wonderland reproduce {trial.id}").is_visible()
    assert trial.id in watched.page.url


def test_a_row_of_the_list_opens_its_record(open_page) -> None:  # type: ignore[no-untyped-def]
    watched = open_page()
    watched.visit("record")
    grid = watched.page.locator(".stDataFrameGlideDataEditor").first
    grid.wait_for()
    first = {"x": 40, "y": 52}  # cells are drawn on a canvas, which takes a click only where the pointer rests
    grid.hover(position=first)
    watched.page.wait_for_timeout(400)
    with watched.page.expect_popup() as opened:
        grid.click(position=first)
    assert f"{watched.base}/record?study=first&id=" in opened.value.url
    opened.value.close()


def test_the_study_stays_chosen_from_page_to_page(open_page) -> None:  # type: ignore[no-untyped-def]
    watched = open_page()
    watched.visit("?study=first&task=image/digits")
    watched.page.get_by_role("link", name="Effects").first.click()
    watched.page.get_by_role("heading", level=1, name="Effects").wait_for()
    watched.settle()
    assert "study=first" in watched.page.url


def test_charts_have_words(open_page) -> None:  # type: ignore[no-untyped-def]
    watched = open_page()
    watched.visit("effects?factor=residual")
    watched.page.get_by_label("add +0.").first.wait_for()


def test_a_running_sweep_is_followed_to_its_end(open_page, runs: Path, made: ModuleType) -> None:  # type: ignore[no-untyped-def]
    store = made.Store(runs)
    watched = open_page()
    watched.visit("live")
    watched.page.get_by_text("Failures so far").wait_for()
    try:
        made.sweep(store, "done")
        watched.page.get_by_text("Nothing running; the last sweep ended").wait_for(timeout=10_000)
        watched.page.get_by_text("Failures (51 of 480 runs)").wait_for()
    finally:
        made.sweep(store)
