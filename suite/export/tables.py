"""The answer's tables as CSV: numbers in full, unknown ones empty, and no cell that is a formula to a spreadsheet."""

from dataclasses import asdict
from typing import Any

import pandas as pd

from suite.analysis.claims import Judgement
from suite.analysis.table import table
from suite.answer import Answer
from suite.display import printable
from suite.reproduction.kept import Kept

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\x00")


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


def csv(frame: pd.DataFrame) -> str:
    """The frame as CSV, its texts guarded."""
    if frame.columns.empty:
        return ""
    safe = frame.copy()
    for place, name in enumerate(frame.columns):
        safe.isetitem(place, [guarded(value) for value in frame[name]])
    safe.columns = [guarded(str(name)) for name in frame.columns]
    return safe.to_csv(index=False, lineterminator="\n")


def guarded(value: Any) -> Any:
    """A text that no spreadsheet computes and no terminal obeys; anything else as it is."""
    if not isinstance(value, str):
        return value
    return printable(f"'{value}" if value.startswith(FORMULA) else value)


def _evidence(one: Judgement) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if name != "claim"}


def _pairs(numerics: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in numerics.items())
