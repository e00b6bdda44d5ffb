"""Interactions: whether two tricks help each other, replace each other, or do not care."""

import pandas as pd
import streamlit as st

from dashboard import charts, findings, frame, grids, scope, theme, words
from dashboard.store import readable
from suite.analysis import text
from suite.answer import Answer

HOW = (
    "A line per level: its difference from the reference at each level of the other factor, paired by everything else, "
    "with 95% intervals over seeds. Level lines would mean no interaction."
)
CELLS = (
    "How much the two changes together give beyond the sum of each alone: above 0 is synergy, below 0 redundancy. "
    "Faint cells are undecided; a dashed one has lost all its pairs."
)
MOST = 400  # cells that can still be read
BESIDE = 7  # columns of a matrix that fit beside its table
NUMBERS = ("Difference of differences", "p")


def show() -> None:
    study = frame.opened().answer
    factors = [name for name, levels in study.plan.factors.items() if len(levels) > 1]
    with readable():
        rows = study.interactions
    if len(factors) < 2 or rows.empty:
        _uncrossed(study, factors)
        return
    with st.container(horizontal=True):
        factor, by = _pair(factors)
        task = scope.task([name for name in study.plan.tasks if (rows["task"] == name).any()])
        architecture = scope.architecture([n for n in study.plan.architectures if (rows["architecture"] == n).any()])
    rows = rows[(rows["task"] == task) & (rows["architecture"] == architecture)]
    pair = rows[words.between(rows, factor, by)]
    frame.finding(findings.together(pair, factor, by))
    _one_pair(study, pair, factor, by, (task, architecture))
    if len(rows) > len(pair):
        _every_pair(study, rows)
    frame.terminal("wonderland", "effects", study.plan.name, "--factor", factor, *scope.options(task, architecture))


def _pair(factors: list[str]) -> tuple[str, str]:
    """Two different factors."""
    factor = st.selectbox("What changes", factors, key="factor", bind="query-params", width=frame.PICKER)
    others = [name for name in factors if name != factor]
    return factor, st.selectbox("Depending on", others, key="by", bind="query-params", width=frame.PICKER)


def _uncrossed(study: Answer, factors: list[str]) -> None:
    name = study.plan.name
    if len(factors) < 2:
        had = f"This study varies {text.listed(factors) or 'nothing'}; an interaction takes two factors."
        frame.empty("One factor has nothing to interact with", had, words.command("wonderland", "effects", name))
        return
    why = (
        f"The design {study.plan.design} never moves two of {text.listed(factors)} at once, or only mixed with others. "
        "Write design='factorial' or design='resolution_5' into the study and sweep it again:"
    )
    frame.empty("These factors were not crossed", why, words.command("wonderland", "sweep", study.plan.given or name))


def _one_pair(study: Answer, pair: pd.DataFrame, factor: str, by: str, asked: tuple[str, str]) -> None:
    st.subheader("Does the one depend on the other?", anchor=False)
    with readable():
        simple = study.simple_effects(factor, by)
    simple = simple[(simple["task"] == asked[0]) & (simple["architecture"] == asked[1])]
    if pair.empty or not simple["effect"].notna().any():
        st.text("These two factors were not crossed here, so this cannot be told.", width="stretch")
        return
    drawn, listed = st.columns([9, 11], gap="medium")
    with drawn:
        levels = study.plan.factors
        frame.draw(charts.dependence(simple, by, levels[by], levels[factor], theme.current()), "dependence")
    with listed:
        said = words.decided(pair, f"of {factor} and {by}")
        frame.tabulate(_shown(pair), pair, f"{study.plan.name}-{factor}-by-{by}", said, frame.right(*NUMBERS))
    st.caption(HOW)


def _every_pair(study: Answer, rows: pd.DataFrame) -> None:
    st.subheader("Which tricks depend on each other?", anchor=False)
    if len(rows) > MOST:
        st.text(f"{len(rows):,} cells are more than can be drawn; the table has all of them.", width="stretch")
    beside = rows.groupby("factor_a")["level_a"].nunique().sum() <= BESIDE
    drawn, listed = st.columns([9, 11], gap="medium") if beside else (st.container(), st.container())
    if len(rows) <= MOST:
        with drawn:
            frame.draw(grids.matrix(rows, theme.current()), "matrix")
    with listed:
        said = words.decided(rows, "of this study")
        frame.tabulate(_shown(rows), rows, f"{study.plan.name}-interactions", said, frame.right(*NUMBERS))
    st.caption(CELLS)


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Change": words.moves(rows, "a"),
            "With": words.moves(rows, "b"),
            "Difference of differences": words.effects(rows),
            "Pairs": words.of_all(rows),
            "Seeds": rows["n_seeds"],
            "p": rows["p_holm"].map(text.p_value),
            "Verdict": rows["verdict"],
        }
    )


show()
