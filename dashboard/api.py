"""What other programs may read from a running dashboard: whether it is ready, a leaderboard, a record. All as JSON."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard import store
from dashboard.store import Unreadable
from suite import document
from suite.answer import ALL

PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def ready(request: Request) -> Response:
    """200 while the store can be read, else 503 and why."""
    try:
        return _answered({"ready": True, "studies": len(store.studies())})
    except Unreadable as problem:
        return _answered({"ready": False, "error": str(problem)}, 503)


def leaderboard(request: Request) -> Response:
    """What `wonderland leaderboard STUDY --task TASK --json` says; ?study= and ?task= as on the page."""
    try:
        studies = store.studies()
        study = request.query_params.get("study") or next(iter(studies), "")
        if study not in studies:
            return _answered({"error": f"no study {study!r}; there is {', '.join(studies) or 'none'}"}, 404)
        answer = store.snapshot(study).answer
        with store.readable():
            board = answer.leaderboard
    except Unreadable as problem:
        return _answered({"error": str(problem)}, 503)
    rows = board[board["task"] == request.query_params.get("task", ALL)]
    return _answered({"study": study, "records": answer.counts, "leaderboard": document.rows(rows)})


def record(request: Request) -> Response:
    """One record as it is in the ledger, by its id or the beginning of it."""
    try:
        with store.readable():
            _, found = store.store().find(request.path_params["id"])
    except Unreadable as problem:
        return _answered({"error": str(problem)}, 404)
    return Response(found.to_json(), media_type="application/json", headers=PRIVATE)


def _answered(said: dict[str, Any], status: int = 200) -> Response:
    whole = json.loads(json.dumps({"schema": document.SCHEMA, **said}, allow_nan=False))
    return JSONResponse(whole, status, headers=PRIVATE)


ROUTES = (
    Route("/api/ready", ready),
    Route("/api/leaderboard.json", leaderboard),
    Route("/api/record/{id}.json", record),
)
