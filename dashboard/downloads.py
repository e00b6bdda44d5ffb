"""Files to take along: a table as CSV with every digit, or as LaTeX as it is shown."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from suite.latex import latex
from suite.spreadsheet import csv

ICON = ":material/download:"


def offer(shown: pd.DataFrame, full: pd.DataFrame, name: str) -> None:
    """Buttons under a table; each file is made when it is asked for."""
    with st.container(horizontal=True, gap="small"):
        one("CSV", lambda: csv(full), f"{name}.csv", "text/csv", f"csv-{name}")
        one("LaTeX", lambda: latex(shown), f"{name}.tex", "application/x-tex", f"latex-{name}")


def one(label: str, made: Callable[[], str], file: str, mime: str, key: str) -> None:
    """A button that gives one file."""
    st.download_button(
        f"Download {label}", made, file_name=file, mime=mime, on_click="ignore", type="tertiary", icon=ICON, key=key
    )
