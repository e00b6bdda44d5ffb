"""What a sweep of a draft would do: asked of `wonderland plan` in a process of its own, which may import torch."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import draft
from dashboard.draft import Draft
from dashboard.store import Unreadable, store

COMMAND = (sys.executable, "-c", "from suite.cli.main import main; main()")
PATIENCE = 120  # seconds
MOST = 20_000  # trials that a page plans; a terminal plans any number


def planned(made: Draft) -> dict[str, Any]:
    """The plan as one document. Unreadable says what the command said."""
    with st.spinner("Planning; nothing is run"):
        return _plan(made.name, draft.as_json(made), str(store().root.absolute()))


@st.cache_data(ttl="5m", max_entries=32, show_spinner=False)
def _plan(name: str, study: str, runs: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.json"
        path.write_text(study, encoding="utf-8")
        words = [*COMMAND, "plan", str(path), "--json", "--runs", runs]
        try:
            ended = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, cwd=folder, check=False)
        except subprocess.TimeoutExpired:
            raise Unreadable(f"planning took more than {PATIENCE} s; plan it in a terminal") from None
    if ended.returncode:
        raise Unreadable(ended.stderr.strip().removeprefix("wonderland: ") or "the plan cannot be made")
    found: dict[str, Any] = json.loads(ended.stdout)
    return found
