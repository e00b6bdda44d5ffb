"""The answer's tables, as a bundle holds them."""

from dataclasses import asdict
from typing import Any

import pandas as pd

from suite.analysis.claims import Judgement
from suite.analysis.table import table
from suite.answer import Answer
from suite.reproduction.kept import Kept


def tables(answer: Answer, kept: tuple[Kept, ...]) -> dict[str, pd.DataFrame]:
    """Every table of the bundle, by its name."""
    return {**computed(answer), "reproductions": reproductions(kept)}


def computed(answer: Answer) -> dict[str, pd.DataFrame]:
    """Those that come from plan and records alone."""
    return {
        "records": table(answer.records),
        "effects": answer.effects,
        "interactions": answer.interactions,
        "leaderboard": answer.leaderboard,
        "claims": claims(answer.verdicts),
        "references": answer.references,
        "failures": answer.failures,
    }


def claims(verdicts: list[Judgement]) -> pd.DataFrame:
    """A row per claim: what it says, and the verdict with its evidence."""
    said = ("id", "says", "source", "expects", "margin")
    return pd.DataFrame([{**{name: getattr(one.claim, name) for name in said}, **_evidence(one)} for one in verdicts])


def reproductions(kept: tuple[Kept, ...]) -> pd.DataFrame:
    """A row per verdict on a record that was trained again."""
    columns = ["id", "verdict", "when", "against", "moved", "times", "commit", "words"]
    rows = [{**one.model_dump(), "against": _pairs(one.against), "moved": ", ".join(one.moved)} for one in kept]
    return pd.DataFrame(rows, columns=columns)


def _evidence(one: Judgement) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if name != "claim"}


def _pairs(numerics: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in numerics.items())
