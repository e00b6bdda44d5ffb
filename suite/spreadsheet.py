"""A table as CSV: numbers in full, unknown ones empty, and no cell that is a formula to a spreadsheet."""

from typing import Any

import pandas as pd

from suite.display import printable

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\x00")


def csv(frame: pd.DataFrame) -> str:
    """The frame as CSV, its texts guarded."""
    if frame.columns.empty:
        return ""
    safe = frame.copy()
    for place, name in enumerate(frame.columns):
        safe.isetitem(place, [guarded(value) for value in frame[name]])
    safe.columns = [guarded(str(name)) for name in frame.columns]
    return safe.to_csv(index=False, lineterminator="\n")


def guarded(value: Any) -> Any:
    """A text that no spreadsheet computes and no terminal obeys; anything else as it is."""
    if not isinstance(value, str):
        return value
    return printable(f"'{value}" if value.startswith(FORMULA) else value)
