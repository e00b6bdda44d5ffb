"""Effects: what each trick changes, where, and what was held fixed meanwhile."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from dashboard import charts, findings, frame, grids, scope, theme, units, words
from dashboard.store import readable
from suite.analysis import text
from suite.analysis.estimates import NEW, THESE
from suite.analysis.needed import said
from suite.answer import ALL, Answer

HOW = (
    "Paired by task, architecture, seed and all other settings; bars are 95% intervals over seeds. "
    "Diamonds pool over all rows below them; circles are single tasks, or architectures. The normalised score is 0 at "
    "the best constant answer and 1 at perfection. Needed: seeds that would probably decide what is not decided. p is "
    "Holm's, over all levels of all factors."
)
MARGIN = "The shaded band is the margin that the study declares: what lies inside does not matter."
MISSING = "Faint cells are undecided. A dashed cell has lost all its pairs; an empty one has no runs."
REACHES = {"These tasks": THESE, "New tasks": NEW}
CONFIDENCE = 0.95
MOST = 60  # rows of a forest that can still be read


def show() -> None:
    study = frame.opened().answer
    factors = {name: levels for name, levels in study.plan.factors.items() if len(levels) > 1}
    with readable():
        frame.finding(study.finding)
        effects = study.effects
    if not factors:
        board = words.command("wonderland", "leaderboard", study.plan.name)
        frame.empty("Nothing was varied", "This study has no factor with two levels or more; it compares:", board)
        return
    with st.container(horizontal=True):
        factor = st.selectbox("Factor", list(factors), key="factor", bind="query-params", width=frame.PICKER)
        rows = effects[effects["factor"] == factor]
        task = scope.task([name for name in study.plan.tasks if (rows["task"] == name).any()])
        architecture = scope.architecture([n for n in study.plan.architectures if (rows["architecture"] == n).any()])
    with st.container(horizontal=True):
        unit, reach = units.chosen(), _reach(study)
    if reach == NEW:
        with readable():
            effects = study.effects_for(NEW, CONFIDENCE)
        rows = effects[effects["factor"] == factor]
    if not rows["effect"].notna().any():
        status = words.command("wonderland", "status", study.plan.name)
        frame.empty("No pairs yet", "No two finished runs differ in this factor alone.", status)
        return
    rows = units.shown_in(unit, rows, study.table)
    _forest(study, rows, factor, task, architecture, study.plan.margin if unit == units.OWN else 0.0)
    place, fixed = st.columns([11, 9], gap="large")
    with place:
        _where(study, rows, factor)
    with fixed:
        _fixed(study, factor)
    if len(factors) > 1:
        asked = {"study": study.plan.name, "factor": factor}
        st.page_link("views/interactions.py", label="Does it depend on another factor?", query_params=asked)
    options = ["--factor", factor, *scope.options(task, architecture), *(["--scope", NEW] if reach == NEW else [])]
    frame.terminal("wonderland", "effects", study.plan.name, *options)


def _reach(study: Answer) -> str:
    """What pooled intervals hold for; with one task there is nothing to ask."""
    if len(study.plan.tasks) == 1:
        return THESE
    picked = st.segmented_control(
        "Pools hold for", [*REACHES], default="These tasks", required=True, key="reach", bind="query-params"
    )
    return REACHES[picked or "These tasks"]


def _forest(study: Answer, rows: pd.DataFrame, factor: str, task: str, architecture: str, margin: float) -> None:
    """A margin is in the unit of each row, so it is one band only where every row has its own."""
    st.subheader("What does it change?", anchor=False)
    levels, by = study.plan.factors[factor], "task" if task == ALL else "architecture"
    rows = _scoped(rows, task, architecture, alone=len(study.plan.architectures) == 1)
    if rows.empty or not rows["effect"].notna().any():
        st.text("There is no pair of finished runs here.", width="stretch")
        return
    st.text(findings.worths(rows[rows[by].isin([ALL, architecture])]), width="stretch")
    drawn, listed = st.columns([2, 3], gap="medium")
    with drawn:
        few = rows if len(rows) <= MOST else rows[rows[by] == ALL]
        chart = charts.forest(few, levels, theme.current(), by, margin)
        frame.draw(chart, "forest")
        if len(few) < len(rows):
            st.caption(
                f"The {len(few)} pools of {len(rows):,} rows; the table has all, a task or architecture its own."
            )
    with listed:
        ordered = words.by_level(rows, levels, by)
        name = f"{study.plan.name}-effects-{factor}"
        frame.tabulate(_shown(ordered, by), rows, name, frame.described(chart), frame.right("Effect", "Needed", "p"))
    st.caption(f"{HOW} {MARGIN}" if margin else HOW)


def _scoped(rows: pd.DataFrame, task: str, architecture: str, *, alone: bool) -> pd.DataFrame:
    """A row per task, unless one is asked for: then per architecture, where the study is not of one alone."""
    if task == ALL:
        return rows[rows["architecture"] == architecture]
    inside = rows[rows["task"] == task]
    return inside if architecture == ALL and not alone else inside[inside["architecture"] == architecture]


def _shown(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    shown = pd.DataFrame(
        {
            "Level": rows["level"].map(str),
            by.capitalize(): rows[by],
            "Effect": words.effects(rows),
            "Pairs": words.of_all(rows),
            "Seeds": rows["n_seeds"],
            "Needed": rows["seeds_needed"].map(said),
            "p": rows["p_holm"].map(text.p_value),
            "Verdict": rows["verdict"],
            "Mixed with": rows["aliases"],
        }
    )
    unused = [
        *([] if rows["aliases"].any() else ["Mixed with"]),
        *(["Needed"] if (shown["Needed"] == "-").all() else []),
    ]
    return shown.drop(columns=unused)


def _where(study: Answer, rows: pd.DataFrame, factor: str) -> None:
    if len(study.plan.tasks) == len(study.plan.architectures) == 1:
        st.subheader("Where does it help?", anchor=False)
        st.text("This study has one task and one architecture, so it cannot tell.", width="stretch")
        return
    st.subheader("Where does it help?", anchor=False)
    levels = [str(level) for level in study.plan.factors[factor][1:]]
    level = st.selectbox("Level", levels, key="level", bind="query-params", width=frame.PICKER)
    cells = rows[(rows["level"].map(str) == level) & (rows["task"] != ALL) & (rows["architecture"] != ALL)]
    frame.draw(grids.heat(cells, study.plan.architectures, theme.current()), "heat")
    st.caption(MISSING)


def _fixed(study: Answer, factor: str) -> None:
    st.subheader("What was held fixed?", anchor=False)
    facts = _facts(study, factor)
    shown = pd.DataFrame({"What": list(facts), "How": list(facts.values())})
    said = f"{text.count(len(study.plan.baseline), 'setting')} fixed by the study, the rest at their defaults."
    frame.tabulate(shown, shown, f"{study.plan.name}-fixed-{factor}", said)


def _facts(study: Answer, factor: str) -> dict[str, str]:
    plan = study.plan
    others = {name: levels for name, levels in plan.factors.items() if name != factor}
    facts = {
        "changes": _levels({factor: plan.factors[factor]}),
        "averaged over": "; ".join([_levels(others)] if others else ["no other factor"]),
        "in": f"{text.count(len(plan.tasks), 'task')}, {text.count(len(plan.architectures), 'architecture')}, "
        f"{text.count(plan.seeds, 'seed')}",
        "fixed": ", ".join(f"{name} {level}" for name, level in plan.baseline.items()) or "nothing",
        "all else": "at its default",
        "design": plan.design,
    }
    return facts | {f"ignored by {name}": ", ".join(ignored) for name, ignored in plan.inert.items()}


def _levels(factors: Mapping[str, Sequence[object]]) -> str:
    """norm none, batch; depth 2, 8."""
    return "; ".join(f"{name} {', '.join(map(str, levels))}" for name, levels in factors.items())


show()
