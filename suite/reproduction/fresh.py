"""A fresh process that trains a record's trial again, and the place in which it runs."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from suite import catalog
from suite.backend import ENVIRONMENT
from suite.protocol import plain
from suite.record import Record

SCRIPT = Path(__file__).with_name("again.py")


class Lost(Exception):
    """The process ended without a record; the message says how."""


@dataclass(frozen=True)
class Place:
    """Which interpreter runs, and in which folder the code lies. `commit` is the one checked out there, if any was."""

    tree: Path = field(default_factory=lambda: catalog.root("suite").parent)
    python: str = sys.executable
    commit: str | None = None


def train_again(record: Record, place: Place) -> Record:
    """The record that the same trial gives now. Raises Lost."""
    trial = record.trial
    order = {
        "id": record.id,
        "execution": record.provenance.execution,
        "trials": [trial.model_dump(), trial.model_dump(exclude_defaults=True) | {"protocol": trial.protocol}],
    }
    answer = subprocess.run(
        [place.python, "-P", str(SCRIPT)],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        errors="replace",
        env=plain(os.environ) | ENVIRONMENT | {"PYTHONPATH": _path(place)},
        check=False,
    )
    if answer.returncode:
        last = answer.stderr.strip().splitlines()[-1:] or ["no message"]
        raise Lost(f"the process that trained again ended with code {answer.returncode}: {last[0]}")
    try:
        return Record.from_json(answer.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        raise Lost("the process that trained again gave no record") from None


def _path(place: Place) -> str:
    """The tree first, so that its code is imported and not what is installed."""
    return os.pathsep.join([str(place.tree), *filter(None, [os.environ.get("PYTHONPATH")])])
