"""Compose: a study built by clicking. It gives the plan, the file and the command, and runs nothing."""

from typing import Any, Final, get_args

import pandas as pd
import streamlit as st

from dashboard import asking, downloads, draft, frame, planning, words
from dashboard.draft import Draft
from dashboard.store import Unreadable
from suite import catalog
from suite.analysis import text
from suite.design import DesignName
from suite.display import duration, size
from suite.study import Study, StudyError
from suite.study_file import load

URL: Final = "query-params"
MATCHES = ("none", "parameters", "flops")
FEW = 6  # reasons that are read one by one; more are a table
HOW = (
    "Nothing runs here: the page gives a file and a command. All that is chosen stands in the address, so a draft can "
    "be sent to somebody."
)


def show() -> None:
    st.caption(HOW)
    _begin()
    left, right = st.columns([11, 9], gap="large")
    try:
        with left:
            made = _form()
        study = draft.study(made)
    except (StudyError, ValueError) as problem:
        with right:
            _unfinished(str(problem))
        return
    with right:
        _files(made)
        _plan(made, study)


def _begin() -> None:
    """Fill the form with a study of the catalogue, by a link to this page."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            "Begin from", catalog.study_names(), index=None, placeholder="a study of the catalogue", key="begin_from",
            width=frame.PICKER,
        )  # fmt: skip
        if name:
            st.page_link(
                "views/compose.py", label=f"Fill the form with {name}", query_params=draft.address(*load(name))
            )


def _form() -> Draft:
    """The widgets, each of which writes itself into the address."""
    name = st.text_input("Name", "mine", key="new_name", bind=URL, max_chars=64)
    question = st.text_input("Question", key="new_question", bind=URL, placeholder="What is this study to answer?")
    tasks = st.multiselect("Tasks", catalog.task_names(), key="new_tasks", bind=URL)
    architectures = st.multiselect("Architectures", catalog.architecture_names(), key="new_architectures", bind=URL)
    vary = st.multiselect("Factors to vary", list(draft.FIELDS), key="new_vary", bind=URL)
    factors = {factor: asking.levels("vary", factor) for factor in vary}
    rest = [factor for factor in draft.FIELDS if factor not in vary]
    fix = st.multiselect("Settings to fix, other than the defaults", rest, key="new_fix", bind=URL)
    baseline = {factor: level for factor in fix for level in asking.fixed(factor)}
    narrow, wide = st.columns(2)
    design = wide.selectbox("Design", get_args(DesignName), key="new_design", bind=URL)
    seeds = narrow.number_input("Seeds", min_value=1, max_value=1000, value=5, key="new_seeds", bind=URL)
    looks = asking.looks()
    match = st.segmented_control("Networks of equal", MATCHES, default="none", required=True, key="new_match", bind=URL)
    left = [factor for factor in rest if factor not in fix]
    return Draft(
        name, question or "", tuple(tasks), tuple(architectures), factors, baseline, design, int(seeds),
        match or "none", asking.rows(tasks, architectures), asking.forbidden(factors), asking.tuned(left), looks,
        asking.margin(), asking.claims(factors, tasks, architectures), asking.resources(),
    )  # fmt: skip


def _unfinished(why: str) -> None:
    with st.container(border=True):
        st.subheader("Not a study yet", anchor=False)
        st.text(f"{why[:1].upper()}{why[1:]}.", width="stretch")


def _files(made: Draft) -> None:
    st.subheader("The file", anchor=False)
    st.code(draft.as_python(made), language=None, wrap_lines=True)
    with st.container(horizontal=True, gap="small"):
        downloads.one(f"{made.name}.py", lambda: draft.as_python(made), f"{made.name}.py", "text/x-python", "py")
        downloads.one(f"{made.name}.json", lambda: draft.as_json(made), f"{made.name}.json", "application/json", "js")
    st.caption("Then, where the file is:")
    lines = [words.command("wonderland", verb, f"{made.name}.py") for verb in ("plan", "sweep")]
    st.code("\n".join(lines), language=None, wrap_lines=True)


def _plan(made: Draft, study: Study) -> None:
    """The plan, made when it is asked for, because that imports torch and counts networks."""
    st.subheader("The plan", anchor=False)
    st.text(f"At most {text.count(study.size, 'trial')}.", width="stretch")
    if study.size > planning.MOST:
        st.text(f"That is more than the {planning.MOST:,} that a page plans; plan it in a terminal.", width="stretch")
        return
    if st.button("Plan it", key="plan", icon=":material/calculate:"):
        st.session_state["planned"] = draft.as_json(made)
    if st.session_state.get("planned") != draft.as_json(made):
        return
    try:
        found = planning.planned(made)
    except Unreadable as problem:
        frame.notice(str(problem))
        return
    _counts(found)
    _impossible(found["reasons"])


def _counts(found: dict[str, Any]) -> None:
    numbers = {
        "New": f"{found['new']:,}",
        "Cached": f"{found['cached']:,}",
        "Stale": f"{found['stale']:,}",
        "Impossible": f"{found['impossible']:,}",
    }
    with st.container(horizontal=True, gap="small"):
        for label, number in numbers.items():
            st.metric(label, number, border=True, width=100)
    seconds = found["seconds"]
    low, high = duration(seconds["low"]), duration(seconds["high"])
    least, most = size(found["bytes"]["low"]), size(found["bytes"]["high"])
    slots = text.count(seconds["slots"], "slot")
    st.text(f"{low} to {high} on {slots} of this machine, {least} to {most} of disk.", width="stretch")


def _impossible(reasons: list[dict[str, Any]]) -> None:
    """Pairs that cannot meet, and why; they are left out of the sweep."""
    if not reasons:
        return
    shown = pd.DataFrame(reasons).rename(columns=str.capitalize)
    left_out = sum(reason["trials"] for reason in reasons)
    said = f"{text.count(len(reasons), 'reason')} for which {text.count(left_out, 'trial')} cannot be."
    st.text(said, width="stretch")
    if len(reasons) > FEW:
        frame.tabulate(shown, shown, "impossible", said)
        return
    for one in reasons:
        st.text(f"{one['task']} with {one['architecture']}: {one['reason']}.", width="stretch")


show()
