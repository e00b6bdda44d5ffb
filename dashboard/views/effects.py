"""Effects: what each trick changes, where, and on what that depends."""

import pandas as pd
import streamlit as st

from dashboard import charts, frame, theme, words
from dashboard.store import readable
from suite.analysis import text
from suite.analysis.interactions import simple_effects
from suite.answer import ALL, Answer

HOW = (
    "Paired by task, architecture, seed and all other settings; bars are 95% intervals over seeds. "
    "Diamonds pool all tasks in the normalised score (0 is the best constant answer, 1 is perfect); "
    "circles are single tasks in their own metric. p is Holm's, over all levels of all factors."
)
MISSING = "Faint numbers are undecided. A dashed cell has lost all its pairs; an empty one has no runs."


def show() -> None:
    study = frame.opened().answer
    factors = {name: levels for name, levels in study.plan.factors.items() if len(levels) > 1}
    with readable():
        frame.finding(study.finding)
        effects = study.effects
    if not factors:
        frame.empty("Nothing was varied", "This study has no factor with two levels or more.", "wonderland leaderboard")
        return
    factor = st.selectbox("Factor", list(factors), key="factor", bind="query-params", width=frame.PICKER)
    rows = effects[effects["factor"] == factor]
    if not rows["effect"].notna().any():
        frame.empty("No pairs yet", "No two finished runs differ in this factor alone.", "wonderland status")
        return
    _forest(study, rows[rows["architecture"] == ALL], factor)
    place, relation = st.columns(2, gap="large")
    with place:
        _where(study, rows, factor)
    with relation:
        _depends(study, factor)
    _interactions(study, factor)
    frame.terminal("wonderland", "effects", study.plan.name, "--factor", factor)


def _forest(study: Answer, rows: pd.DataFrame, factor: str) -> None:
    levels = study.plan.factors[factor]
    drawn, listed = st.columns([9, 11], gap="medium")
    with drawn:
        chart = charts.forest(rows, levels, theme.current())
        frame.draw(chart, "forest")
    with listed:
        ordered = words.by_level(rows, levels)
        shown = pd.DataFrame(
            {
                "Level": ordered["level"].map(str),
                "Task": ordered["task"],
                "Effect": words.effects(ordered),
                "Pairs": ordered["n_pairs"],
                "Lost": ordered["n_missing"],
                "p": ordered["p_holm"].map(text.p_value),
                "Verdict": ordered["verdict"],
            }
        )
        frame.tabulate(
            shown, rows, f"{study.plan.name}-effects-{factor}", frame.described(chart), frame.right("Effect", "p")
        )
    st.caption(HOW)


def _where(study: Answer, rows: pd.DataFrame, factor: str) -> None:
    levels = [str(level) for level in study.plan.factors[factor][1:]]
    st.subheader("Where does it help?", anchor=False)
    level = st.selectbox("Level", levels, key="level", bind="query-params", width=frame.PICKER)
    cells = rows[(rows["level"].map(str) == level) & (rows["task"] != ALL) & (rows["architecture"] != ALL)]
    frame.draw(charts.heat(cells, theme.current()), "heat")
    st.caption(MISSING)


def _depends(study: Answer, factor: str) -> None:
    st.subheader("On what does it depend?", anchor=False)
    others = [name for name, levels in study.plan.factors.items() if name != factor and len(levels) > 1]
    if not others:
        st.text("A dependence needs a second factor, crossed with this one: design factorial.", width="stretch")
        return
    by = st.selectbox("Depending on", others, key="by", bind="query-params", width=frame.PICKER)
    with readable():
        rows = simple_effects(study.table, study.plan.factors, factor, by)
    rows = rows[(rows["task"] == ALL) & (rows["architecture"] == ALL)]
    if rows["effect"].notna().any():
        frame.draw(
            charts.dependence(rows, by, study.plan.factors[by], study.plan.factors[factor], theme.current()),
            "dependence",
        )
        st.caption("Effect over all tasks at each level of the other factor. Equal heights would mean no interaction.")
    else:
        st.text("These two factors were not crossed, so this cannot be told.", width="stretch")


def _interactions(study: Answer, factor: str) -> None:
    with readable():
        rows = study.interactions
    here = (rows["task"] == ALL) & (rows["architecture"] == ALL)
    rows = rows[here & ((rows["factor_a"] == factor) | (rows["factor_b"] == factor)) & rows["effect"].notna()]
    if rows.empty:
        return
    st.subheader("Interactions", anchor=False)
    shown = pd.DataFrame(
        {
            "Change": words.changes(rows, "a"),
            "Together with": words.changes(rows, "b"),
            "Difference of differences": words.effects(rows),
            "Pairs": rows["n_pairs"],
            "Seeds": rows["n_seeds"],
            "p": rows["p_holm"].map(text.p_value),
            "Verdict": rows["verdict"],
        }
    )
    decided = int((rows["verdict"] != "none seen").sum())
    said = f"{decided} of {text.count(len(rows), 'interaction')} of {factor} with other factors are decided."
    frame.tabulate(
        shown, rows, f"{study.plan.name}-interactions-{factor}", said, frame.right("Difference of differences", "p")
    )


show()
