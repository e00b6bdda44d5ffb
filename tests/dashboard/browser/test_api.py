"""What other programs read from a running dashboard."""

import http.client
import json
from pathlib import Path
from types import ModuleType
from typing import Any

from suite import document
from suite.answer import answer
from suite.record import Record
from suite.store import Store


def asked(server: str, path: str, host: str = "127.0.0.1") -> tuple[int, Any]:
    """The status and the document of a GET."""
    port = int(server.rpartition(":")[2])
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("GET", path, headers={"Host": f"{host}:{port}"})
        reply = line.getresponse()
        body = reply.read()
        json_there = "json" in (reply.headers["Content-Type"] or "")
        return reply.status, json.loads(body) if json_there else body
    finally:
        line.close()


def test_it_says_that_it_is_ready(server: str) -> None:
    assert asked(server, "/api/ready") == (200, {"schema": document.SCHEMA, "ready": True, "studies": 1})


def test_a_leaderboard_is_that_of_the_command_line(server: str, runs: Path) -> None:
    status, found = asked(server, "/api/leaderboard.json?study=first&task=image/digits")
    board = answer(Store(runs), "first").leaderboard
    assert status == 200
    assert found["leaderboard"] == document.rows(board[board["task"] == "image/digits"])
    assert found["records"] == {"there": 480, "planned": 480}


def test_a_study_that_is_not_there(server: str) -> None:
    status, found = asked(server, "/api/leaderboard.json?study=secnod")
    assert (status, found["error"]) == (404, "no study 'secnod'; there is first")


def test_a_record_is_that_of_the_ledger(server: str, runs: Path, made: ModuleType) -> None:
    id = made.study_trials()[3].id
    status, found = asked(server, f"/api/record/{id[:8]}.json")
    assert status == 200
    assert Record.from_json(json.dumps(found)) == Store(runs).find(id)[1]


def test_a_record_that_is_not_there(server: str) -> None:
    status, found = asked(server, "/api/record/ffffffffffff.json")
    assert status == 404
    assert "the nearest are" in found["error"]


def test_pages_of_others_read_nothing(server: str) -> None:
    for path in ("/api/ready", "/api/leaderboard.json", "/", "/_stcore/health"):
        assert asked(server, path, "evil.example")[0] == 400
        assert asked(server, path, "localhost")[0] == 200
