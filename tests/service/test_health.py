"""What compose asks: well only if the part answers, and as a client would meet it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from suite.service import health, secrets

ASKED: list[tuple[str, str, str | None, str | None]] = []


class Answers(BaseHTTPRequestHandler):
    code = 200

    def do_GET(self) -> None:
        ASKED.append((self.command, self.path, self.headers["Host"], self.headers["Authorization"]))
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(self.code)
        self.end_headers()

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Answers]]:
    """A server in place of every part's."""
    ASKED.clear()
    with HTTPServer(("127.0.0.1", 0), Answers) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        ask, port = health._ask, listening.server_port

        def there(address: str, *more: object) -> None:
            path = address.partition("127.0.0.1:")[2].partition("/")[2]
            ask(f"http://127.0.0.1:{port}/{path}", *more)  # type: ignore[arg-type]

        monkeypatch.setattr(health, "_ask", there)
        monkeypatch.setattr(secrets, "read", lambda name: f"the {name}")
        monkeypatch.setattr(Answers, "code", 200)
        yield Answers
        listening.shutdown()


@pytest.mark.parametrize("part", ["dashboard", "head", "worker"])
def test_a_part_that_answers_is_well(part: str, server: type[Answers]) -> None:
    health.PARTS[part]()
    assert len(ASKED) == 1


def test_mlflow_is_asked_by_its_name_with_an_account_down_to_the_database(server: type[Answers]) -> None:
    health.mlflow()
    assert [(method, path) for method, path, _, _ in ASKED] == [
        ("GET", "/health"),
        ("POST", "/api/2.0/mlflow/experiments/search"),
    ]
    assert ASKED[1][2] == "mlflow:5000"
    assert (
        ASKED[1][3] == "Basic c3dlZXBlcjp0aGUgbWxmbG93X3N3ZWVwZXJfcGFzc3dvcmQ="
    )  # sweeper:the mlflow_sweeper_password


@pytest.mark.parametrize("code", [401, 403, 500])
@pytest.mark.parametrize("part", list(health.PARTS))
def test_a_part_that_refuses_or_fails_is_not_well(
    part: str, code: int, server: type[Answers], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "code", code)
    with pytest.raises(OSError, match=str(code)):
        health.PARTS[part]()
