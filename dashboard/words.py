"""Words around the numbers: times and amounts as people read them, and what stands in the rows of tables."""

import shlex
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd
import streamlit as st

from suite.analysis import text
from suite.analysis.contrast import ALL

NONE_SEEN = "none seen"  # an interaction that is not decided


def clock(moment: float) -> str:
    """A time since 1970 on the viewer's clock; with the date unless that is today: 12:04:31."""
    zone = _zone(st.context.timezone)
    then, now = datetime.fromtimestamp(moment, zone), datetime.now(zone)
    return f"{then:%H:%M:%S}" if then.date() == now.date() else f"{then:%Y-%m-%d %H:%M}"


def _zone(name: str | None) -> tzinfo:
    """The viewer's time zone; UTC where this machine does not know it."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def amount(value: float) -> str:
    """A count to three digits: 18.8 k, 187 M; "-" where there is none."""
    return text.amount(value)


def seconds(value: float) -> str:
    """A time: 0.62 s; "-" where there is none."""
    return text.seconds(value)


def share(value: float) -> str:
    """93%; "-" where there is none."""
    return "-" if value != value else f"{value:.0%}"


def command(*words: str) -> str:
    """A line for the terminal, in which every word is taken as it is."""
    return shlex.join(words)


def effects(rows: pd.DataFrame) -> list[str]:
    """Differences with their intervals: +0.113 [+0.064, +0.162]."""
    return [text.effect(*values) for values in zip(rows["effect"], rows["low"], rows["high"], strict=True)]


def scores(rows: pd.DataFrame) -> list[str]:
    """Scores with their intervals: 0.935 [0.921, 0.949]; "missing" where there is none."""
    numbers = zip(rows["mean"], rows["low"], rows["high"], strict=True)
    return ["missing" if values[0] != values[0] else text.score(*values) for values in numbers]


def ranks(rows: pd.DataFrame) -> list[str]:
    """Ranks as ranges: 1-3; "-" where not ranked."""
    places = rows[["rank_low", "rank_high"]].astype("float64")
    return [text.ranks(low, high) for low, high in places.itertuples(index=False)]


def changes(rows: pd.DataFrame, side: str) -> list[str]:
    """One side of interactions: norm none → batch."""
    columns = (rows[f"{part}_{side}"] for part in ("factor", "reference", "level"))
    return [f"{factor} {reference} → {level}" for factor, reference, level in zip(*columns, strict=True)]


def moves(rows: pd.DataFrame, side: str) -> list[str]:
    """One side of interactions in short, without its reference: norm batch."""
    return [f"{factor} {level}" for factor, level in zip(rows[f"factor_{side}"], rows[f"level_{side}"], strict=True)]


def between(rows: pd.DataFrame, one: str, other: str) -> pd.Series:
    """Which interactions are those of these two factors."""
    a, b = rows["factor_a"], rows["factor_b"]
    return ((a == one) & (b == other)) | ((a == other) & (b == one))


def of_all(rows: pd.DataFrame) -> list[str]:
    """How many comparisons there are of those asked for: 51 of 54."""
    return [f"{n} of {n + lost}" for n, lost in zip(rows["n_pairs"], rows["n_missing"], strict=True)]


def decided(rows: pd.DataFrame, whose: str) -> str:
    """2 of 3 interactions of norm and depth are decided."""
    known = rows["effect"].notna() & (rows["verdict"] != NONE_SEEN)
    return f"{int(known.sum())} of {text.count(len(rows), 'interaction')} {whose} are decided."


def by_level(rows: pd.DataFrame, levels: Sequence[object], part: str = "task") -> pd.DataFrame:
    """Effects level by level in the study's order, the pool over all parts first."""
    order = {str(level): place for place, level in enumerate(levels)}
    placed = rows.assign(place=rows["level"].map(str).map(order), part=rows[part] != ALL)
    return placed.sort_values(["place", "part", part], ignore_index=True).drop(columns=["place", "part"])


def headed(names: Iterable[str], most: int = 4) -> str:
    """Names in a sentence; of many, the first few and how many more there are."""
    listed = list(names)
    rest = len(listed) - most
    return text.listed(listed if rest <= 0 else [*listed[:most], f"{rest} more"])
