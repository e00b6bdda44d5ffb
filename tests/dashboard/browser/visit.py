"""The real server and a real browser: started, watched, and stopped."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashboard.server import command, free_port

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = ("--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")
PAGES = {
    "": "Home",
    "leaderboard": "Leaderboard",
    "compare": "Compare",
    "effects": "Effects",
    "interactions": "Interactions",
    "curves": "Curves",
    "cost": "Cost",
    "claims": "Claims",
    "live": "Live",
    "record": "Record",
    "coverage": "Coverage",
    "compose": "Compose",
}
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"
ROOT = Path(__file__).parents[3]
PATIENCE = 60.0  # seconds for the server to start
DRAWN = 600  # milliseconds that charts take to fit themselves to their place
TALLEST = 5000  # pixels of a picture
PROBES = ("/_stcore/health", "/_stcore/host-config")  # asked for below a page's own path first, by design


@dataclass
class Watched:
    """A browser page, and what went wrong or elsewhere while it was open."""

    page: Any
    base: str
    wrong: list[str] = field(default_factory=list)

    def visit(self, address: str) -> None:
        self.page.goto(f"{self.base}/{address}")
        self.settle()

    def settle(self) -> None:
        self.page.wait_for_selector(SETTLED, timeout=60_000)
        self.page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')")

    def arrive(self, title: str) -> None:
        """Wait until the page of that title is drawn."""
        self.page.get_by_role("heading", level=1, name=title, exact=True).wait_for(timeout=60_000)
        self.settle()

    def titles(self) -> list[str]:
        found: list[str] = self.page.get_by_role("heading", level=1).all_inner_texts()
        return found

    def is_as_wide_as_its_window(self) -> bool:
        return bool(self.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))

    def picture(self, path: Path) -> None:
        """The whole page, which scrolls inside itself."""
        was = self.page.viewport_size
        tall = self.page.evaluate("() => document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight")
        self.page.set_viewport_size({"width": was["width"], "height": min(int(tall) + 60, TALLEST)})
        self.page.wait_for_timeout(DRAWN)
        self.page.screenshot(path=path)
        self.page.set_viewport_size(was)

    def request(self, request: Any) -> None:
        if not request.url.startswith((self.base, self.base.replace("http", "ws", 1), "data:", "blob:")):
            self.wrong.append(f"asked {request.url}")

    def console(self, message: Any) -> None:
        if message.type == "error" and not str(message.location.get("url", "")).endswith(PROBES):
            self.wrong.append(f"console: {message.text} at {message.location}")


def opened(browser: Any, base: str, scheme: str = "light", width: int = 1280, height: int = 800) -> Watched:
    """A new page whose errors and requests are noted."""
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": height}, accept_downloads=True)
    watched = Watched(page, base)
    page.on("request", watched.request)
    page.on("console", watched.console)
    page.on("pageerror", lambda error: watched.wrong.append(f"page: {error}"))
    return watched


@contextmanager
def serving(runs: Path, log: Path) -> Iterator[str]:
    """The address of a server that shows the store at `runs`, until it is not needed any more."""
    port = free_port()
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
