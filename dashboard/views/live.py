"""Live: what is running, whether it is healthy, and what went wrong."""

import pandas as pd
import streamlit as st

from dashboard import failures, frame, lanes, store, tables, theme, words
from suite import timeline
from suite.analysis import text
from suite.answer import Answer
from suite.display import ago, duration, left
from suite.record import OUTCOMES
from suite.store import Plan, Status

EVERY = 2.0  # seconds between two looks while a sweep runs
RUNNING = "running"
HOW = (
    "A bar is a trial, from its beginning to its record. What did not finish has another colour, and a long line at "
    "its end. The files have every trial. Sweeps of earlier versions kept no times."
)


def show() -> None:
    study = frame.opened(needs_records=False).answer
    status = store.status(study.plan.name)
    if status is None:
        frame.empty("Nothing is running", "This study has not been swept from here yet.", frame.resume(study.plan))
    else:
        alive = status.state == RUNNING
        paused = alive and st.toggle("Pause", key="pause", help="Stop looking again every two seconds.")
        st.fragment(_sweep, run_every=EVERY if alive and not paused else None)(study.plan, alive)
    _others(study.plan.name)
    if status is None or status.state != RUNNING:
        failures.of(study)
    if status is not None:
        _timeline(study, status)
    frame.terminal("wonderland", "status", study.plan.name, "--timeline")


def _timeline(study: Answer, status: Status) -> None:
    """Slot by slot; it is drawn once, for a chart that moves while somebody looks at it is of no use."""
    st.subheader("What ran when?", anchor=False)
    rows = timeline.of_sweep(store.store(), study.plan.name, status, study.table)
    said = f"{timeline.sentence(rows, status)}."
    st.text(said, width="stretch")
    if rows.empty:
        return
    drawn = timeline.bars(rows)
    frame.draw(lanes.timeline(drawn, theme.current(), said), "timeline")
    if len(drawn) < len(rows) or "id" not in drawn:
        st.caption(f"{len(rows):,} trials are more than can be drawn one by one; darker is busier.")
    each = timeline.slots(rows)
    shown = pd.DataFrame(
        {
            "Slot": each["slot"],
            "Trials": each["trials"],
            "Busy": [words.share(value) for value in each["share"]],
            "Longest": each["longest"].map(words.seconds),
        }
    )
    frame.tabulate(shown, rows, f"{study.plan.name}-timeline", said, frame.right("Busy", "Longest"))
    st.caption(HOW)


def _others(name: str) -> None:
    """Other studies that are being swept now."""
    for other in store.studies():
        status = store.status(other) if other != name else None
        if status and status.state == RUNNING:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(f"{other} is running too.", width="content")
                st.page_link("views/live.py", label="Look at it", query_params={"study": other})


def _sweep(plan: Plan, was_alive: bool) -> None:
    name = plan.name
    with frame.guarded():  # looks again without the rest of the page
        status = store.status(name)
        if status is None or (was_alive and status.state != RUNNING):
            st.rerun()  # the page's other parts change with the end of the sweep
            return
        _headline(plan, status)
        answered = status.cached + status.done
        share = answered / status.total if status.total else 1.0
        st.progress(min(share, 1.0), text=f"{answered:,} of {status.total:,} trials ({share:.0%})")
        _counts(status)
        if status.state == RUNNING:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.caption("Stop it in a terminal", width="content")
                st.code(words.command("wonderland", "stop", name), language=None, width="content")
        if status.running and status.state == RUNNING:
            _workers(status)
        if status.state == RUNNING and status.failures:
            failures.so_far(name, status)


def _headline(plan: Plan, status: Status) -> None:
    seen = ago(status.beat)
    with st.container(horizontal=True, vertical_alignment="center"):
        if status.state == RUNNING:
            st.badge("Running", color="blue", icon=":material/play_circle:")
            told = ", ".join(part for part in (f"on {status.host}, last seen {seen}", left(status)) if part)
        elif status.state == "lost":
            st.badge("Lost", color="red", icon=":material/error:")
            told = f"Last seen {seen} on {status.host}. What was answered is safe; resume with:"
        else:
            frame.badge(status.state.capitalize(), good=status.state == "done")
            took = duration(status.beat - status.started)
            because = f", as {status.why}" if status.why else ""
            told = f"Nothing running; the last sweep ended {words.clock(status.beat)}, {seen}, after {took}{because}."
        st.text(told, width="stretch")
    if status.state == "lost":
        st.code(frame.resume(plan), language=None, width="content")


def _counts(status: Status) -> None:
    """Outcomes that happened, and where the rest stands."""
    numbers: dict[str, int | str] = {
        failures.word(outcome): status.outcomes[outcome] for outcome in OUTCOMES if status.outcomes.get(outcome)
    }
    numbers |= {
        "Reused": status.cached,
        "To do": max(status.total - status.cached - status.done, 0),
        "Slots": status.slots,
        "Per minute": _pace(status),
    }
    with st.container(horizontal=True, gap="small"):
        for label, number in numbers.items():
            st.metric(label, number if isinstance(number, str) else f"{number:,}", border=True, width=120)


def _pace(status: Status) -> str:
    """Trials answered in a minute, over the whole sweep."""
    minutes = (status.beat - status.started) / 60
    return text.number(status.done / minutes) if status.done and minutes > 0 else "-"


def _workers(status: Status) -> None:
    rows = sorted(status.running, key=lambda trial: -trial.seconds)
    shown = pd.DataFrame(
        {
            "Running": [trial.id for trial in rows],
            "For": [words.seconds(trial.seconds) for trial in rows],
            "What": [f"{trial.architecture} on {trial.task}" for trial in rows],
        }
    )
    said = f"{text.count(len(rows), 'trial')} running, the longest for {words.seconds(rows[0].seconds)}."
    tables.plainly(shown, said)


show()
