"""Live: what is running, whether it is healthy, and what went wrong."""

import pandas as pd
import streamlit as st

from dashboard import frame, store, words
from suite.analysis import text
from suite.answer import Answer
from suite.display import ago, duration, left
from suite.record import OUTCOMES
from suite.store import Status

EVERY = 2.0  # seconds between two looks while a sweep runs
RUNNING = "running"


def show() -> None:
    study = frame.opened(needs_records=False).answer
    status = store.status(study.plan.name)
    if status is None:
        resume = f"wonderland sweep {study.plan.name}"
        frame.empty("Nothing is running", "This study has not been swept from here yet.", resume)
    else:
        alive = status.state == RUNNING
        st.fragment(_sweep, run_every=EVERY if alive else None)(study.plan.name, alive)
    if status is None or status.state != RUNNING:
        _failures(study)
    frame.terminal("wonderland", "status", study.plan.name)


def _sweep(name: str, was_alive: bool) -> None:
    with frame.guarded():  # looks again without the rest of the page
        status = store.status(name)
        if status is None or (was_alive and status.state != RUNNING):
            st.rerun()  # the page's other parts change with the end of the sweep
            return
        _headline(name, status)
        answered = status.cached + status.done
        share = answered / status.total if status.total else 1.0
        st.progress(min(share, 1.0), text=f"{answered:,} of {status.total:,} trials ({share:.0%})")
        _counts(status)
        if status.running:
            _workers(status)
        if status.state == RUNNING and status.failures:
            _failures_so_far(name, status)


def _headline(name: str, status: Status) -> None:
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
            told = f"Nothing running; the last sweep ended {words.clock(status.beat)}, {seen}, after {took}."
        st.text(told, width="stretch")
    if status.state == "lost":
        st.code(words.command("wonderland", "sweep", name), language="bash", width="content")


def _counts(status: Status) -> None:
    """Outcomes that happened, and where the rest stands."""
    numbers = {_word(outcome): status.outcomes[outcome] for outcome in OUTCOMES if status.outcomes.get(outcome)}
    numbers |= {
        "Reused": status.cached,
        "To do": max(status.total - status.cached - status.done, 0),
        "Slots": status.slots,
    }
    with st.container(horizontal=True, gap="small"):
        for label, number in numbers.items():
            st.metric(label, f"{number:,}", border=True, width=120)


def _workers(status: Status) -> None:
    rows = sorted(status.running, key=lambda trial: -trial.seconds)
    shown = pd.DataFrame(
        {
            "Running": [trial.id for trial in rows],
            "Task": [trial.task for trial in rows],
            "Architecture": [trial.architecture for trial in rows],
            "For": [words.seconds(trial.seconds) for trial in rows],
        }
    )
    said = f"{text.count(len(rows), 'trial')} running, the longest for {words.seconds(rows[0].seconds)}."
    st.dataframe(frame.plain(shown), hide_index=True, alt=said, key="running", column_config=frame.right("For"))


def _failures_so_far(name: str, status: Status) -> None:
    """The failures that the sweep itself tells of, by what they say; reading the ledger so often would cost."""
    lost = pd.DataFrame([failure.model_dump() for failure in status.failures])
    groups = lost.groupby(["outcome", "message"], as_index=False).agg(n=("id", "size"), example=("id", "first"))
    groups = groups.sort_values("n", ascending=False)
    st.subheader("Failures so far", anchor=False)
    said = f"{text.count(len(lost), 'failed run')}, for {text.count(len(groups), 'reason')}."
    st.dataframe(
        frame.plain(_grouped(name, groups)),
        hide_index=True,
        alt=said,
        key="failures",
        column_config={"Example": frame.RECORD_LINK},
    )
    failed = sum(count for outcome, count in status.outcomes.items() if outcome != "finished")
    if failed > len(lost):
        st.caption(f"The first {len(lost):,} of {failed:,}; all of them are here when the sweep has ended.")


def _failures(study: Answer) -> None:
    """Failures by what they say, because one cause often hits many trials."""
    lost = study.table[study.table["outcome"] != "finished"]
    if lost.empty:
        return
    st.subheader(f"Failures ({len(lost):,} of {text.count(len(study.table), 'run')})", anchor=False)
    groups = lost.groupby(["outcome", "message"], as_index=False).agg(
        n=("id", "size"), tasks=("task", _names), architectures=("architecture", _names), example=("id", "first")
    )
    groups = groups.sort_values("n", ascending=False)
    shown = _grouped(study.plan.name, groups)
    shown.insert(3, "Tasks", groups["tasks"])
    shown.insert(4, "Architectures", groups["architectures"])
    said = f"{text.count(len(lost), 'run')} did not finish, for {text.count(len(groups), 'reason')}."
    frame.tabulate(shown, study.failures, f"{study.plan.name}-failures", said, {"Example": frame.RECORD_LINK})


def _grouped(name: str, groups: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Runs": groups["n"],
            "Outcome": groups["outcome"].map(_word),
            "Message": groups["message"],
            "Example": [frame.record_link(name, id) for id in groups["example"]],
        }
    )


def _names(column: pd.Series) -> str:
    return words.headed(sorted(set(column)), most=3)


def _word(outcome: str) -> str:
    return outcome.replace("_", " ").capitalize()


show()
