"""JSON documents: what every verb prints with --json."""

import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = 1  # raised when a key goes or changes its meaning


def show(document: dict[str, Any]) -> None:
    """Print one document, the number of its schema first."""
    print(json.dumps({"schema": SCHEMA, **document}, ensure_ascii=False, indent=2, allow_nan=False))


def rows(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """A table as JSON has it: a dict per row, and null for what is unknown."""
    return [{str(key): _plain(value) for key, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    if value is None or isinstance(value, str | bool | int):
        return value
    return value if isinstance(value, float) and math.isfinite(value) else None
