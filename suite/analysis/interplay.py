"""The interplay: how the worth of a study's second factor depends on its first, as a sentence."""

from collections.abc import Mapping

import pandas as pd

from suite.analysis import text
from suite.analysis.contrast import paired
from suite.analysis.effects import effects
from suite.analysis.interactions import interactions, simple_effects, three_way
from suite.analysis.scene import Scene, sample
from suite.analysis.wording import certainty, changing, clearest, conclusion, worth
from suite.trial import Level

SPELLED_OUT = 4  # levels given one by one; of more, only the two that the sentence is about


def interplay(scene: Scene) -> str | None:
    """Told at the last level of a third factor, against its first. None where the design or failures hide it."""
    if len(scene.factors) < 2 or scene.blocks.judged or not paired(scene.blocks):
        return None
    a, b, *others = scene.factors
    within = {others[0]: scene.factors[others[0]][-1]} if others else {}
    found = _interactions(scene, a, b, within)
    if found.empty:
        return None
    focus = clearest(found)
    by_a = _simple(scene, b, a, focus["level_b"], within)
    swap = changing(b, focus["reference_b"], focus["level_b"])
    head = f"{_place(within, others[1:])}{swap} moves the {scene.score} by {_listing(by_a, a, focus)}"
    if focus["verdict"] == "none seen":
        answer = f"{_average(scene, focus, within)}: {_undecided(scene, focus, len(found))}"
    else:
        answer = f": {_decided(scene, focus, found, by_a, within)}"
    return f"{head}{answer}{_elsewhere(scene, focus, others)}"


def _interactions(scene: Scene, a: str, b: str, within: Mapping[str, Level]) -> pd.DataFrame:
    rows = scene.told(interactions(scene.table, scene.factors, layout=scene.blocks.layout, within=within))
    return rows[(rows["factor_a"] == a) & (rows["factor_b"] == b)].reset_index(drop=True)


def _simple(scene: Scene, factor: str, by: str, level: Level, within: Mapping[str, Level]) -> pd.DataFrame:
    layout = scene.blocks.layout
    rows = scene.told(simple_effects(scene.table, scene.factors, factor, by, layout=layout, within=within))
    return rows[rows["level"] == level].reset_index(drop=True)


def _place(within: Mapping[str, Level], averaged: list[str]) -> str:
    parts = [f"at {name} {level}" for name, level in within.items()]
    parts += [f"averaged over {text.listed(averaged)}"] if averaged else []
    return f"{text.listed(parts)}, " if parts else ""


def _listing(by_a: pd.DataFrame, a: str, focus: pd.Series) -> str:
    """What b is worth at each level of a."""
    if len(by_a) > SPELLED_OUT:
        by_a = by_a[by_a[a].isin([focus["reference_a"], focus["level_a"]])]
    return text.listed([f"{worth(row)} with {a} {row[a]}" for _, row in by_a.iterrows()])


def _decided(
    scene: Scene, focus: pd.Series, found: pd.DataFrame, by_a: pd.DataFrame, within: Mapping[str, Level]
) -> str:
    a, b = focus["factor_a"], focus["factor_b"]
    by_b = _simple(scene, a, b, focus["level_a"], within)
    meaning = conclusion(
        focus,
        at_reference=_verdict(by_a, a, focus["reference_a"]),
        at_level=_verdict(by_a, a, focus["level_a"]),
        other_alone=_verdict(by_b, b, focus["reference_b"]),
    )
    decided = int((found["verdict"] != "none seen").sum())
    share = "all" if decided == len(found) else str(decided)
    of_many = f", the clearest of {len(found)}, {share} decided" if len(found) > 1 else ""
    return f"{meaning} (interaction {worth(focus)}, {certainty(focus)}{of_many}; {sample(scene, focus)})"


def _undecided(scene: Scene, focus: pd.Series, choices: int) -> str:
    a = focus["factor_a"]
    of_many = f", the clearest of {choices}" if choices > 1 else ""
    numbers = f"interaction with {a} {focus['level_a']} {worth(focus)}, {certainty(focus)}{of_many}"
    return f"whether {a} changes that is inconclusive ({numbers}; {sample(scene, focus)})"


def _average(scene: Scene, focus: pd.Series, within: Mapping[str, Level]) -> str:
    """What b is worth averaged over a, where nothing shows that it depends on a."""
    a, b = focus["factor_a"], focus["factor_b"]
    if within:
        ((c, last),) = within.items()
        rows = _simple(scene, b, c, focus["level_b"], {})
        rows = rows[rows[c] == last]
    else:
        rows = scene.told(effects(scene.table, scene.factors, layout=scene.blocks.layout))
        rows = rows[(rows["factor"] == b) & (rows["level"] == focus["level_b"])]
    return "".join(f", and {worth(row)} averaged over {a} ({row['verdict']})" for _, row in rows.iterrows())


def _verdict(rows: pd.DataFrame, by: str, level: Level) -> str:
    at = rows[rows[by] == level]
    return "inconclusive" if at.empty else str(at["verdict"].iloc[0])


def _elsewhere(scene: Scene, focus: pd.Series, others: list[str]) -> str:
    """The same interaction at the first level of the third factor, and whether it differs there."""
    if not others:
        return ""
    a, b, c = focus["factor_a"], focus["factor_b"], others[0]
    first, last = scene.factors[c][0], scene.factors[c][-1]
    there = _interactions(scene, a, b, {c: first})
    there = there[(there["level_a"] == focus["level_a"]) & (there["level_b"] == focus["level_b"])]
    change = scene.told(three_way(scene.table, scene.factors, (a, b, c)))
    change = change[(change[a] == focus["level_a"]) & (change[b] == focus["level_b"]) & (change[c] == last)]
    if there.empty or change.empty:
        return ""
    decided = "inconclusive" if change.iloc[0]["verdict"] == "none seen" else certainty(change.iloc[0])
    difference = f"difference {worth(change.iloc[0])}, {decided}"
    return f", while at {c} {first} that interaction is {worth(there.iloc[0])} ({difference})"
