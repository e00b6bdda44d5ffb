"""What every page has around its content: the study, how old it is, the same in a terminal, and empty states."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from urllib.parse import urlencode

import altair as alt
import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import age, pictures, store, tables, theme, words
from dashboard.store import Snapshot, Unreadable
from suite.analysis import text
from suite.ledger import Damage
from suite.store import Plan

LONGEST_ALT = 200
SWEEP = "wonderland sweep first"
PICKER = 260  # pixels
TITLE = 240  # pixels, so that on a telephone the picker stands below every title, and not below some
RIGHT = st.column_config.TextColumn(alignment="right")
RECORD_LINK = st.column_config.LinkColumn(display_text=r"id=([0-9a-f]+)")


@contextmanager
def guarded() -> Iterator[None]:
    """Show what cannot be read as a page of its own, never as a traceback."""
    try:
        yield
    except Unreadable as problem:
        empty("This store cannot be read", str(problem), "wonderland status")


def header(title: str, *, about_a_study: bool) -> None:
    """The page's title, and on pages about a study its picker, the same on all of them and in every link.

    Nothing chosen means the last active study.
    """
    if not about_a_study:
        st.title(title, anchor=False)
        return
    studies = store.studies()
    asked = st.query_params.get("study")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.title(title, anchor=False, width=TITLE)
        if studies:
            newest = f"{studies[0]} (last active)"
            st.selectbox(
                "Study", studies, index=None, placeholder=newest, key="study", bind="query-params", width=PICKER
            )
    if asked and studies and asked not in studies:
        notice(f"There is no study {asked!r} in this store; this is {studies[0]!r}, the last active one.")


def chosen() -> str | None:
    """The name of the study that the pages are about."""
    studies = store.studies()
    picked = st.session_state.get("study")
    return picked if picked in studies else next(iter(studies), None)


def opened(*, needs_records: bool = True) -> Snapshot:
    """The study that the page is about. A page without what it needs says so and ends here."""
    name = chosen()
    if name is None:
        nothing()
        st.stop()
    with st.spinner("Reading the records"):  # shown where it takes long enough to be seen
        study = store.snapshot(name)
    st.text(study.answer.plan.question, width="stretch")
    swept = store.status(name)
    running = swept is not None and swept.state == "running"
    age.show(study.answer.coverage, study.newest, running=running, read=study.read if running else None)
    if study.damaged:
        notice(damage(study.damaged))
    if needs_records and not study.answer.records:
        planned = text.count(len(study.answer.plan.trials), "trial")
        empty(
            "No records yet",
            f"{planned} planned, none answered. Start or resume the sweep:",
            resume(study.answer.plan),
        )
        st.stop()
    return study


def resume(plan: Plan) -> str:
    """The command that sweeps the study, or goes on where a sweep ended: by its name, or the file that it came from."""
    return words.command("wonderland", "sweep", plan.given or plan.name)


def nothing() -> None:
    """A store without a study."""
    root = store.store().root
    gone = f"There is no study in {root} yet." if root.is_dir() else f"The folder {root} does not exist yet."
    empty("Nothing to see yet", f"{gone} A sweep fills it:", SWEEP)


def damage(lines: Sequence[Damage]) -> str:
    first = lines[0]
    many = text.count(len(lines), "damaged line")
    return f"{many} of the ledger left out, the first in {first.segment}, line {first.line}: {first.reason}."


def finding(sentence: str) -> None:
    """The answer, before everything else. Names in it are data, so it is text and not Markdown."""
    with st.container(border=True):
        st.text(sentence, width="stretch")


def notice(sentence: str) -> None:
    """Something a viewer should know that is no error."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.badge("Note", icon=":material/info:", color="orange")
        st.text(sentence, width="stretch")


def empty(title: str, why: str, command: str) -> None:
    """A page that has nothing to show: what is missing, and what brings it."""
    with st.container(border=True):
        st.subheader(title, anchor=False)
        st.text(why, width="stretch")
        st.code(command, language=None, width="content")


def badge(word: str, *, good: bool) -> None:
    """A state in word, icon and colour."""
    if good:
        st.badge(word, icon=":material/check_circle:", color="green")
    else:
        st.badge(word, icon=":material/error:", color="red")


def record_link(study: str, id: str) -> str:
    """Where a trial's record is shown."""
    return f"/record?{urlencode({'study': study, 'id': id})}"


def study_link(study: str) -> str:
    """Where a study's answer is shown."""
    return f"/effects?{urlencode({'study': study})}"


def draw(chart: alt.LayerChart, key: str) -> None:
    """A chart, with its description as the text that stands for it, and as files to take along."""
    alone = chart.copy(deep=False)
    alone.description = alt.Undefined  # Streamlit logs a warning about every chart that has both
    place = f"drawn-{key}"
    with st.container(key=place, gap=None):
        st.altair_chart(alone, key=key, alt=shortened(described(chart)))
        pictures.offer(place, key, described(chart), theme.current().ground)


def described(chart: alt.LayerChart) -> str:
    """What a chart says, in words."""
    assert isinstance(chart.description, str), "a chart without a description"
    return chart.description


def tabulate(
    shown: pd.DataFrame,
    full: pd.DataFrame,
    name: str,
    said: str,
    columns: Mapping[str, ColumnConfig] | None = None,
    tall: int | None = None,
) -> None:
    """A table as people read it, and its files. `said` stands for it where it cannot be seen."""
    tables.show(shown, full, name, shortened(said), columns, tall)


def terminal(*command: str) -> None:
    """The command that says the same."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("The same in a terminal", width="content")
        st.code(words.command(*command), language=None, width="content", wrap_lines=True)


def shortened(sentence: str) -> str:
    return sentence if len(sentence) <= LONGEST_ALT else f"{sentence[: LONGEST_ALT - 3].rstrip()}..."


def right(*names: str) -> dict[str, ColumnConfig]:
    """Columns of numbers that are written as text, which stand right."""
    return dict.fromkeys(names, RIGHT)
