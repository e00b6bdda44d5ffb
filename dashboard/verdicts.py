"""Verdicts of all studies: a row per claim with its evidence; a study is judged again only when it has changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import store
from dashboard.store import Unreadable, readable
from suite import catalog
from suite.claim import Claim
from suite.study import StudyError
from suite.study_file import load

NOT_RUN = "not run"
VERDICTS = ("supported", "refuted", "equivalent", "inconclusive", NOT_RUN)
COLUMNS = {
    "claim": "str",
    "study": "str",
    "verdict": "str",
    "says": "str",
    "source": "str",
    "expects": "str",
    "margin": "float64",
    "effect": "float64",
    "low": "float64",
    "high": "float64",
    "p_holm": "float64",
    "unit": "str",
    "n_seeds": "int64",
    "n_tasks": "int64",
    "n_pairs": "int64",
    "n_missing": "int64",
    "sentence": "str",
    "again": "str",  # what to give to `wonderland sweep`
}


@dataclass(frozen=True)
class Verdicts:
    """All claims, those of the store's studies first; how much was read, and what could not be."""

    rows: pd.DataFrame
    records: int
    studies: int
    newest: float | None
    unreadable: dict[str, str]


@dataclass(frozen=True)
class Judged:
    """The claims of one study, as rows, and how much was read for them."""

    rows: list[dict[str, Any]]
    records: int
    newest: float | None


def every() -> Verdicts:
    """The claims of the studies in the store, and of those in the catalogue that are not there yet."""
    names, here = store.studies(), store.store()
    found, unreadable = list[Judged](), dict[str, str]()
    for name in names:
        try:
            with readable():
                token = tuple(stamp for stamp in here.changed(name) if stamp[0] != "status.json")
                found.append(_judged(here.root, name, token))
        except Unreadable as problem:
            unreadable[name] = str(problem)
    rows = [row for judged in found for row in judged.rows]
    rows += [row for row in _planned() if row["study"] not in names]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    newest = max((judged.newest for judged in found if judged.newest), default=None)
    return Verdicts(frame, sum(judged.records for judged in found), len(names), newest, unreadable)


@st.cache_data(max_entries=512, show_spinner=False)
def _judged(root: Path, name: str, token: store.Token) -> Judged:
    """The claims of a study as it stands; root and token say which store that is, and when."""
    found = store.snapshot(name)
    answer = found.answer
    again = answer.plan.given or name
    if not answer.records:
        return Judged(_not_run(name, answer.plan.claims, again), 0, found.newest)
    rows = [
        _row(name, one.claim, again)
        | {
            "verdict": one.verdict,
            **{column: getattr(one, column) for column in ("effect", "low", "high", "p_holm", "unit", "sentence")},
            **{column: getattr(one, column) for column in ("n_seeds", "n_tasks", "n_pairs", "n_missing")},
        }
        for one in answer.verdicts
    ]
    return Judged(rows, len(answer.records), found.newest)


@cache
def _planned() -> tuple[dict[str, Any], ...]:
    """The claims of all studies of the catalogue, as if none had been run."""
    rows = list[dict[str, Any]]()
    for name in catalog.study_names():
        try:
            rows += _not_run(name, load(name)[1].claims, name)
        except (StudyError, LookupError, AttributeError):
            continue  # no study, or one that somebody is still writing
    return tuple(rows)


def _not_run(name: str, claims: Sequence[Claim], again: str) -> list[dict[str, Any]]:
    return [_row(name, claim, again) for claim in claims]


def _row(name: str, claim: Claim, again: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("effect", "low", "high", "p_holm"), float("nan"))
    counts = dict.fromkeys(("n_seeds", "n_tasks", "n_pairs", "n_missing"), 0)
    return {
        "claim": claim.id,
        "study": name,
        "verdict": NOT_RUN,
        "says": claim.says,
        "source": claim.source,
        "expects": claim.expects,
        "margin": claim.margin,
        "unit": "",
        "sentence": f"{claim.id} is not run yet",
        "again": again,
        **nothing,
        **counts,
    }
