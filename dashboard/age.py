"""How old what a page shows is: when it was read, how much there was, and when its newest record was written."""

import time

import streamlit as st

from dashboard import words
from suite.display import ago, duration

OLD = 60.0  # seconds after which a page is old while a sweep goes on
EVERY = 10.0  # seconds between two looks at the clock, while a sweep goes on


def show(held: str, newest: float | None, *, running: bool, read: float | None = None) -> None:
    """The age of a page that shows `held`, read now unless told when.

    It grows before the viewer's eyes while a sweep runs, and else stands.
    """
    st.fragment(_line, run_every=EVERY if running else None)(held, newest, read or time.time(), running)


def _line(held: str, newest: float | None, read: float, running: bool) -> None:
    sentence = line(held, newest, read)
    if running and time.time() - read > OLD:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge("Old", icon=":material/schedule:", color="orange")
            st.caption(f"{sentence}. A sweep goes on; reload to see what it has added.")
    else:
        st.caption(sentence)


def line(held: str, newest: float | None, read: float) -> str:
    """Data as of 12:04:31, 2 s ago, 312 of 480 records, the newest 40 s ago."""
    written = f", the newest {ago(newest)}" if newest else ""
    return f"Data as of {words.clock(read)}, {duration(time.time() - read)} ago, {held}{written}"
