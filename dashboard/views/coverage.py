"""Coverage: the book, chapter by chapter, and how much of it is implemented, tested, asked and answered."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from dashboard import age, book, concept, frame
from suite.analysis import text
from suite.book import table
from suite.book.sayings import CHAPTERS, CLAIMS, INVARIANTS
from suite.book.standing import Standing, base

WHOLE = "All chapters"
ROWS, CLAIMED, EXACT = "Concepts", "Claims", "Invariants"
SHOWN: dict[str, Callable[[Standing], bool]] = {
    "Everything": lambda one: True,
    "Gaps": lambda one: bool(one.row.gap),
    "Asked": lambda one: bool(one.studies),
    "Answered": lambda one: one.answered,
}
HOW = (
    "A concept is something that the book defines. It is implemented where the suite has a level, an architecture, a "
    "task or a part for it; tested where a test checks it; asked where a study of the catalogue states a claim on it; "
    "and answered where records in this store decide one."
)
WIDTHS = {"Concept": 260, "In the suite": 290, "Tests": 190, "Claims": 80, "Studies": 160, "Verdicts": 150}  # pixels
SHARES = ("implemented", "tested", "asked", "answered")


def show() -> None:
    rows, unread = book.standings()
    age.show(text.count(len(rows), "concept"), None, running=False)
    said = _sentence(rows)
    frame.finding(said)
    for problem in unread:
        frame.notice(f"Left out, as it cannot be read: {problem}")
    _chapters(table.by_chapter(rows), said)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = st.segmented_control(
            "Look at", [ROWS, CLAIMED, EXACT], default=ROWS, required=True, key="look", bind="query-params"
        )
        chapter = st.selectbox(
            "Chapter", [WHOLE, *map(_chapter, CHAPTERS)], key="book_chapter", bind="query-params", width=frame.PICKER
        )
        only = st.selectbox("Show", list(SHOWN), key="show", bind="query-params", width=frame.PICKER)
    number = chapter.partition(" ")[0]
    kept = [one for one in rows if (chapter == WHOLE or one.row.chapter == number) and SHOWN[only](one)]
    if view == CLAIMED:
        _claims(kept)
    elif view == EXACT:
        _invariants(kept)
    else:
        _concepts(kept, len(rows))
    gaps = ["--gaps"] if only == "Gaps" else []
    frame.terminal("wonderland", "coverage", *([] if chapter == WHOLE else [number]), *gaps)


def _sentence(rows: Sequence[Standing]) -> str:
    """192 of 205 concepts of the book are implemented and 190 tested; studies ask about 40 and have answered 12."""
    built, tested, asked, answered = (
        sum(test(one) for one in rows)
        for test in (
            lambda one: one.row.implemented,
            lambda one: one.row.tested,
            lambda one: bool(one.studies),
            lambda one: one.answered,
        )
    )
    return (
        f"{built} of {len(rows)} concepts that the book defines are implemented, and {tested} tested. "
        f"Studies of the catalogue ask about {asked}, and the records of this store answer {answered}."
    )


def _chapter(number: str) -> str:
    return f"{number} {CHAPTERS[number]}"


def _chapters(counted: pd.DataFrame, said: str) -> None:
    """Shares as bars beside each other, so that what lags behind is seen; the counts are in the files."""
    shares = {name.capitalize(): 100 * counted[name] / counted["rows"] for name in SHARES}
    shown = pd.DataFrame(
        {"Chapter": counted["chapter"], "Title": counted["title"], "Concepts": counted["rows"], **shares}
    )
    bar = st.column_config.ProgressColumn(format="%.0f%%", min_value=0, max_value=100)
    frame.tabulate(shown, counted, "chapters", said, {name.capitalize(): bar for name in SHARES})
    st.caption(HOW)


def _concepts(kept: Sequence[Standing], all_of_them: int) -> None:
    if not kept:
        st.text("No concept of the book is so.", width="stretch")
        return
    names = [f"{one.row.section} {one.row.name}" for one in kept]
    hint = "choose one to see all that stands for it"
    picked = st.selectbox("One concept", names, index=None, placeholder=hint, key="concept", bind="query-params")
    if picked in names:
        concept.card(kept[names.index(picked)])
    full = table.detail(kept)
    shown = full.drop(columns="missing").rename(columns=str.capitalize)
    shown["Section"] = [_link(one) for one in kept]
    shown["In the suite"] = [_where(*pair) for pair in zip(kept, full["in the suite"], strict=True)]
    columns = {name: st.column_config.TextColumn(width=width) for name, width in WIDTHS.items()}
    columns["Section"] = st.column_config.LinkColumn(display_text=r"#(.*)", width=70)
    said = f"{len(kept)} of {text.count(all_of_them, 'concept')}, {sum(bool(one.row.gap) for one in kept)} missing."
    frame.tabulate(shown, full, "concepts", said, columns)
    st.caption(said)


def _where(one: Standing, where: str) -> str:
    return f"missing: {one.row.gap}" if one.row.gap else where


def _link(one: Standing) -> str:
    """This page with that concept open; what stands after # is shown."""
    asked = {"book_chapter": _chapter(one.row.chapter), "concept": f"{one.row.section} {one.row.name}"}
    return f"/coverage?{urlencode(asked)}#{one.row.section}"


def _claims(kept: Sequence[Standing]) -> None:
    """Claims that only trials can answer, each with its studies and verdicts."""
    names = sorted({claim for one in kept for claim in one.row.claims})
    found: dict[str, list[str]] = {}
    for verdict in dict.fromkeys(verdict for one in kept for verdict in one.verdicts):
        found.setdefault(base(verdict.claim), []).append(f"{verdict.claim} {verdict.verdict} ({verdict.study})")
    studies = book.asked()
    shown = pd.DataFrame(
        {
            "Claim": names,
            "Says": [CLAIMS[name] for name in names],
            "Asked by": [", ".join(studies.get(name, ())) or "-" for name in names],
            "Verdicts": [", ".join(found.get(name, ())) or "-" for name in names],
        }
    )
    decided = sum(name in found for name in names)
    said = f"{text.count(len(names), 'claim')}, {decided} with a verdict in this store."
    frame.tabulate(shown, shown, "claims", said)
    st.caption(said)


def _invariants(kept: Sequence[Standing]) -> None:
    """What is exactly so, and is checked by a test that a second or two suffices for."""
    names = [name for name in INVARIANTS if any(name in one.row.tests for one in kept)]
    places = {name: dict.fromkeys(one.row.section for one in kept if name in one.row.tests) for name in names}
    shown = pd.DataFrame(
        {
            "Invariant": names,
            "Says": [INVARIANTS[name] for name in names],
            "Sections": [", ".join(places[name]) for name in names],
            "Test": [f"pytest tests/invariants -k {name.lower()}" for name in names],
        }
    )
    said = f"{text.count(len(names), 'exact invariant')}, each with a test."
    frame.tabulate(shown, shown, "invariants", said)
    st.caption(said)


show()
