"""Wording: the pieces that findings are put together from. Names and levels are data and shown as they are."""

import pandas as pd

from suite.analysis import text
from suite.trial import Level


def changing(factor: str, reference: Level, level: Level) -> str:
    return f"changing {factor} from {reference} to {level}"


def worth(row: pd.Series) -> str:
    """A difference with its interval."""
    return text.effect(row["effect"], row["low"], row["high"])


def certainty(row: pd.Series) -> str:
    return "there is no second seed" if pd.isna(row["p"]) else f"Holm p {text.p_value(row['p_holm'])}"


def conclusion(interaction: pd.Series, at_reference: str, at_level: str, other_alone: str) -> str:
    """What a decided interaction means, given the verdicts on b without and with a, and on a without b."""
    a, b = (f"{interaction[f'factor_{x}']} {interaction[f'level_{x}']}" for x in "ab")
    without = f"{interaction['factor_a']} {interaction['reference_a']}"
    if interaction["verdict"] == "synergy":
        if (at_reference, at_level) == ("worse", "better"):
            return f"{b} hurts with {without} and helps with {a}"
        return f"{a} and {b} give more together than the sum of each alone"
    if (at_reference, at_level) == ("better", "worse"):
        return f"{b} helps with {without} and hurts with {a}"
    if at_reference == other_alone == "better":
        return f"{a} and {b} {'' if at_level == 'better' else 'at least '}partly replace each other"
    return f"{a} and {b} give less together than the sum of each alone"


def clearest(rows: pd.DataFrame) -> pd.Series:
    """The row with the smallest p; without any p, the one with the largest effect."""
    size = rows["effect"].abs()
    ordered = rows.assign(size=size).sort_values(["p", "size"], ascending=[True, False], kind="stable")
    return ordered.iloc[0]


def largest(rows: pd.DataFrame) -> pd.Series:
    return rows.iloc[int(rows["effect"].abs().to_numpy().argmax())]
