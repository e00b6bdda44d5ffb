"""The board's tables as people read them, and as one document."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from suite import document
from suite.analysis import text
from suite.analysis.needed import said
from suite.board import beside
from suite.board.code import analysis_code
from suite.board.facts import Facts
from suite.board.standing import Standing


def heading(standing: Standing) -> str:
    """What board this is, in one line."""
    board, facts = standing.board, standing.board.facts
    parts = [
        f"board {version(facts)}",
        text.count(len(facts.tasks), "task"),
        text.count(len(board.entries), "entry", "entries"),
        f"{len(standing.quarantined)} in quarantine" if standing.quarantined else "",
        f"{text.count(len(board.verdicts), 'verdict')} on its rows" if board.verdicts else "no row trained again yet",
        f"opened {board.opening.stamp.at[:10]}",
    ]
    return ", ".join(filter(None, parts))


def version(facts: Facts) -> str:
    """The version that is seen here: what was asked, ranked by the code of this checkout."""
    return facts.model_copy(update={"analysis": analysis_code()}).version


def title(standing: Standing, scope: str) -> str:
    tasks = standing.scopes[scope]
    together = f"{text.count(len(tasks), 'task')} together" if len(tasks) > 1 else scope
    named = f"{scope}: {together}" if len(tasks) > 1 else together
    return f"{named} (pool {standing.pool(scope)})"


def ranking(rows: pd.DataFrame) -> pd.DataFrame:
    """A ranking: ranges of ranks, a letter shared by those who cannot be told apart, and what is known of each row."""
    numbers = zip(rows["mean"], rows["low"], rows["high"], strict=True)
    again = zip(rows["n_again"], rows["n_rows"], strict=True)
    shown = pd.DataFrame(
        {
            "rank": [text.ranks(*pair) if not pd.isna(pair[0]) else "-" for pair in _ranks(rows)],
            "entry": rows["entry"],
            "score": [text.score(*values) for values in numbers],
            "unit": rows["unit"],
            "tie": rows["tie_group"].map(text.ties),
            "seeds needed": rows["seeds_needed"].map(said),
            "state": rows["state"],
            "again": [f"{done} of {count}" for done, count in again],
            "n_seeds": rows["n_seeds"],
            "n_failed": rows["n_failed"],
            "n_missing": rows["n_missing"],
            "failed at chance, normalised": rows["mean_failed_as_chance"].map(text.number),
            "variants": rows["variants"],
            "coverage": rows["coverage"].map("{:.0%}".format),
            "parameters": rows["parameters"].round().astype("Int64"),
            "flops": rows["flops"].map(lambda flops: "-" if pd.isna(flops) else f"{flops:.2g}"),
            "seconds": rows["seconds"].round(2),
        }
    )
    lost = [name for name in ("n_failed", "n_missing") if (shown[name] != 0).any()]
    same = [name for name in ("n_failed", "n_missing") if name not in lost]
    same += [] if lost else ["failed at chance, normalised"]
    same += ["variants"] if (shown["variants"] == 1).all() else []
    return shown.drop(columns=same)


def quarantine(standing: Standing) -> pd.DataFrame:
    """Who is not ranked, and why."""
    rows = [(finding.entry or "(unknown)", finding.rule, finding.reason) for finding in standing.findings]
    return pd.DataFrame(rows, columns=["entry", "rule", "reason"])


def references(rows: pd.DataFrame) -> pd.DataFrame:
    """Published scores beside ours."""
    return pd.DataFrame(
        {
            "task": rows["task"],
            "architecture": rows["architecture"],
            "score": [text.score(*values) for values in zip(rows["mean"], rows["low"], rows["high"], strict=True)],
            "published": rows["published"].map(text.number),
            "model": rows["model"],
            "ours": rows["compared"],
            "source": rows["source"],
        }
    )


def whole(standing: Standing, scopes: Sequence[str]) -> dict[str, Any]:
    """The board as one document."""
    board = standing.board
    return {
        "board": version(board.facts),
        "published_as": board.opening.stamp.board,
        "opened": board.opening.stamp.at,
        "facts": board.facts.model_dump(mode="json"),
        "n_entries": len(board.entries),
        "quarantine": [finding._asdict() for finding in standing.findings],
        "rankings": [
            {
                "scope": scope,
                "tasks": list(standing.scopes[scope]),
                "pool": standing.pool(scope),
                "rows": document.rows(standing.ranking(scope)),
            }
            for scope in scopes
        ],
        "cells": document.rows(standing.cells),
        "references": document.rows(beside.references(standing)),
        "baselines": document.rows(beside.classical(standing)),
    }


def landing(entry: str, row: Mapping[Any, Any]) -> str:
    """Where an entry stands in a scope, as one sentence."""
    if pd.isna(row["rank_low"]):
        return f"{row['scope']}: {entry} is not ranked, as {row['coverage']:.0%} of the tasks have a finished run"
    rank = text.ranks(row["rank_low"], row["rank_high"])
    score = text.score(row["mean"], row["low"], row["high"])
    told = f"{row['scope']}: {entry} is at rank {rank} of {row['n_ranked']} (ties {row['tie_group']}) with {score}"
    needed = said(row["seeds_needed"])
    return told if needed == "-" else f"{told}; about {needed} seeds would tell it from the next"


def _ranks(rows: pd.DataFrame) -> list[tuple[Any, Any]]:
    return list(zip(rows["rank_low"], rows["rank_high"], strict=True))
