"""Cost: whether a better score is worth what it takes."""

import pandas as pd
import streamlit as st

from dashboard import findings, frame, scope, theme, tradeoff, words
from dashboard.amounts import COSTS, Amount
from dashboard.store import readable
from suite import spending
from suite.analysis import text
from suite.answer import ALL, Answer

HOW = (
    "Vertical bars are 95% intervals over seeds, horizontal ones go from the cheapest seed to the dearest. The dashed "
    "steps are the front: nobody there is beaten for less or the same. Grey points are beaten; they are shown all the "
    "same. The share says in how many of 1,000 other draws of the seeds one would be on the front."
)
EVERYWHERE = "All machines"


def show() -> None:
    whole = frame.opened().answer
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with readable():
            together = bool((whole.pareto["task"] == ALL).any())
        tasks = [name for name in whole.plan.tasks if (whole.table["task"] == name).any()]
        task = scope.task(tasks, together=together)
        label = st.segmented_control(
            "Cost", list(COSTS), default="Parameters", required=True, key="cost", bind="query-params"
        )
        cost = COSTS[label or "Parameters"]
        study, machine = _on_one_machine(whole) if cost == spending.BY_MACHINE else (whole, [])
    if cost == spending.BY_MACHINE:
        _mixed(whole, study)
    with readable():
        entries = spending.entries(study, task, cost)
    if entries.empty:
        why = "Nobody finished every task that is asked for; choose one task, or see what failed:"
        frame.empty("Nothing to compare", why, words.command("wonderland", "status", study.plan.name))
        return
    amount = Amount(cost)
    frame.finding(findings.frontier(entries, amount))
    _front(study, entries, amount)
    _table(study, entries, amount)
    asked = [*scope.options(task, ALL), *([] if cost == COSTS["Parameters"] else ["--cost", cost]), *machine]
    frame.terminal("wonderland", "cost", study.plan.name, *asked)


def _on_one_machine(study: Answer) -> tuple[Answer, list[str]]:
    """Seconds of different machines cannot be compared: those of the busiest, unless another is chosen.

    The words that say the same to a command stand beside.
    """
    there = spending.machines(study)
    if len(there) < 2:
        return study, []
    names = [*there, EVERYWHERE]
    picked = st.selectbox("Machine", names, key="machine", bind="query-params", width=frame.PICKER)
    if picked == EVERYWHERE:
        return study, ["--machine", "all"]
    return spending.on(study, picked), [] if picked == names[0] else ["--machine", picked]


def _mixed(whole: Answer, study: Answer) -> None:
    """A warning where seconds of several machines stand beside each other, and what was left out where not."""
    there = spending.machines(whole)
    if len(there) < 2:
        return
    listed = text.listed([f"{name} ({count:,})" for name, count in there.items()])
    ran = f"These runs are of {len(there)} machines, whose seconds cannot be compared: {listed}."
    kept = f" Shown are {len(study.records):,} of {len(whole.records):,} records, those of one machine."
    frame.notice(ran + (kept if len(study.records) < len(whole.records) else " Shown are all of them together."))


def _front(study: Answer, entries: pd.DataFrame, amount: Amount) -> None:
    st.subheader("Is it worth it?", anchor=False)
    several = len(study.plan.architectures) > 1
    order = sorted(study.pareto["competitor"].unique())
    looks = tradeoff.looks(list(entries["competitor"]), order, theme.current(), architectures=several)
    frame.draw(tradeoff.front(entries, amount, looks, theme.current()), "front")
    known = set(study.pareto["competitor"]) | (set(study.plan.architectures) if several else set())
    absent = sorted(known - set(entries["competitor"]))
    if absent:
        missing = f"Not drawn, because a task or all finished runs are missing: {words.headed(absent)}."
        st.text(missing, width="stretch")
    st.caption(HOW)


def _table(study: Answer, entries: pd.DataFrame, amount: Amount) -> None:
    """The front first, then those that it beats."""
    st.subheader("Who is on the front?", anchor=False)
    rows = entries.sort_values(["front", "paid"], ascending=[False, True])
    paid = f"{amount.label[:1].upper()}{amount.label[1:]}"
    shown = pd.DataFrame(
        {
            "On the front": ["yes" if there else "" for there in rows["front"]],
            "Competitor": rows["competitor"],
            "Score": words.scores(rows),
            paid: rows["paid"].map(amount.number),
            "From": rows["least"].map(amount.number),
            "To": rows["most"].map(amount.number),
            "Share of draws": ["-" if share != share else f"{share:.0%}" for share in rows["front_share"]],
            "Seeds": rows["n_seeds"],
            "Failed": rows["n_failed"],
        }
    )
    if (rows["least"] == rows["most"]).all():
        shown = shown.drop(columns=["From", "To"])
    name = f"{study.plan.name}-front-{amount.name}"
    columns = frame.right("Score", paid, "From", "To", "Share of draws")
    frame.tabulate(shown, rows, name, findings.frontier(entries, amount), columns)


show()
