"""Tables: one to sort and search in, or a plain one that every program which reads pages aloud can read; and files."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import downloads
from suite.analysis import text

WHOLE = 30  # rows that a table shows without scrolling
PLAIN = 20  # rows of a plain one
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def show(
    shown: pd.DataFrame,
    full: pd.DataFrame,
    name: str,
    said: str,
    columns: Mapping[str, ColumnConfig] | None = None,
    tall: int | None = None,
) -> None:
    """A table as people read it, and its files. `said` stands for it where it cannot be seen.

    Where it has too many rows to be shown whole it is ten rows high, or as `tall`, in pixels, as what stands beside.
    """
    with st.container(gap="xsmall"):
        place = st.container(gap="xsmall")
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            downloads.offer(plain(shown), plain(full), name)
            asked = st.toggle("Plain table", key=f"plain-{name}")
        with place:
            if asked:
                plainly(shown, said, columns)
            else:
                st.dataframe(
                    plain(shown),
                    hide_index=True,
                    height="content" if len(shown) <= WHOLE else tall or "auto",
                    column_config=columns,
                    alt=said,
                    key=f"table-{name}",
                )


def plainly(shown: pd.DataFrame, said: str, columns: Mapping[str, ColumnConfig] | None = None) -> None:
    """The first rows, in which names stand letter by letter and only our own links are links."""
    cells = plain(shown).head(PLAIN)
    told = {name: [_cell(value, (columns or {}).get(name)) for value in cells[name]] for name in cells.columns}
    st.table(pd.DataFrame(told).rename(columns=literal), hide_index=True, alt=said, border="horizontal")
    if len(shown) > PLAIN:
        st.caption(f"The first {PLAIN} of {len(shown):,} rows; the files have all of them.")


def _cell(value: Any, column: Any) -> str:
    kind = (column or {}).get("type_config") or {}
    if kind.get("type") == "link" and (found := re.search(str(kind.get("display_text")), str(value))):
        return f"[{literal(found[1])}]({value})"
    return literal(text.number(value) if isinstance(value, float) else str(value))


def literal(word: object) -> str:
    """A word that Markdown takes letter by letter."""
    return PUNCTUATION.sub(r"\\\1", str(word))


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Levels of mixed kinds as text, which is what Arrow takes and people read."""
    mixed = [name for name in frame.columns if frame[name].dtype == object]
    return frame.assign(**{name: frame[name].map(lambda value: "" if pd.isna(value) else str(value)) for name in mixed})
