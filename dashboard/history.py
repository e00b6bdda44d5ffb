"""How often a record was made again, and what came of it; and the commands that do it once more."""

import re
from datetime import datetime

import pandas as pd
import streamlit as st

from dashboard import frame, store, words
from suite.analysis import text
from suite.record import Record
from suite.reproduction.kept import Kept
from suite.trial import canonical

COMMIT = re.compile(r"[0-9a-f]{7,40}")
GOOD = ("bit-exact", "equivalent")
NEVER = "Nobody has made this record again yet."


def badge(name: str, record: Record) -> None:
    """The last verdict, if there is one."""
    if found := _on(name, record):
        frame.badge(f"Made again: {found[0].verdict}", good=found[0].verdict in GOOD)


def _on(name: str, record: Record) -> list[Kept]:
    """The verdicts on this very record, the last first."""
    return [one for one in reversed(store.verdicts(name)) if one.judges(record)]


def verdicts(name: str, record: Record) -> None:
    """The last verdict in words, and all of them."""
    st.subheader("Was it made again?", anchor=False)
    found = _on(name, record)
    if not found:
        st.text(NEVER, width="stretch")
        return
    last = found[0]
    st.text(f"{last.verdict.capitalize()}, {_when(last)}: {last.words}", width="stretch")
    shown = pd.DataFrame(
        {
            "When": [_when(one) for one in found],
            "Verdict": [one.verdict for one in found],
            "Times": [one.times for one in found],
            "Because": [one.words for one in found],
            "Moved": [", ".join(one.moved) or "-" for one in found],
            "Commit": [one.commit or "as it was" for one in found],
        }
    )
    against = [canonical(one.against) for one in found]
    full = pd.DataFrame([one.model_dump(mode="json") for one in found]).assign(moved=shown["Moved"], against=against)
    good = sum(one.verdict in GOOD for one in found)
    said = f"{text.count(len(found), 'verdict')}, {good} of them that it is the same."
    frame.tabulate(shown, full, f"{record.id}-verdicts", said)


def _when(one: Kept) -> str:
    """On the viewer's clock, as far as it is a time at all."""
    try:
        return words.clock(datetime.fromisoformat(one.when).timestamp())
    except ValueError:
        return one.when


def again(record: Record) -> None:
    """How to get it again: in this checkout, or in the one that made it."""
    st.subheader("Get it again", anchor=False)
    st.code(words.command("wonderland", "reproduce", record.id), language=None, wrap_lines=True)
    commit = record.provenance.commit or ""
    if COMMIT.fullmatch(commit):
        st.caption("With the code that made it:")
        again = words.command("wonderland", "reproduce", record.id)
        lines = [f"git checkout {commit}", "pip install -e . -c constraints.txt", again]
        st.code("\n".join(lines), language=None, wrap_lines=True)
        if record.provenance.dirty:
            st.caption("That checkout had changes that were not committed, so its commit alone may not do.")
