"""Files to take along: a table as CSV, Parquet or JSON with every digit, or as LaTeX as it is shown."""

import json
from collections.abc import Callable

import pandas as pd
import streamlit as st

from suite import document
from suite.latex import latex
from suite.spreadsheet import csv

ICON = ":material/download:"


def offer(shown: pd.DataFrame, full: pd.DataFrame, name: str) -> None:
    """A menu under a table; each file is made when it is asked for."""
    with st.popover("Download", icon=ICON, type="tertiary", key=f"files-{name}"):
        one("CSV", lambda: csv(full), f"{name}.csv", "text/csv", f"csv-{name}")
        one("LaTeX", lambda: latex(shown), f"{name}.tex", "application/x-tex", f"latex-{name}")
        one("Parquet", lambda: parquet(full), f"{name}.parquet", "application/vnd.apache.parquet", f"parquet-{name}")
        one("JSON", lambda: as_json(full), f"{name}.json", "application/json", f"json-{name}")


def one(label: str, made: Callable[[], str | bytes], file: str, mime: str, key: str) -> None:
    """A button that gives one file."""
    st.download_button(
        f"Download {label}", made, file_name=file, mime=mime, on_click="ignore", type="tertiary", icon=ICON, key=key
    )


def parquet(full: pd.DataFrame) -> bytes:
    """The table with its types."""
    found: bytes = full.to_parquet(index=False)
    return found


def as_json(full: pd.DataFrame) -> str:
    """The table as the commands print theirs: a document with its schema's number, null for what is unknown."""
    whole = {"schema": document.SCHEMA, "rows": document.rows(full)}
    return json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
