"""Parts of the page: headings, tables, notes and commands. All that comes from data is text: escaped, and printable."""

from collections.abc import Iterable, Sequence
from html import escape

import pandas as pd

from suite.display import RIGHT, cell, heading, printable

MOST_ROWS = 200  # of a table on the page; all are in its file


def safe(said: object) -> str:
    """Text as text, whatever it says."""
    return escape(printable(str(said)))


def paragraph(said: str, kind: str = "") -> str:
    return f'<p class="{kind}">{safe(said)}</p>' if kind else f"<p>{safe(said)}</p>"


def section(id: str, title: str, parts: Iterable[str]) -> str:
    """A part of the page with its heading; nothing where there is nothing in it."""
    inside = "".join(parts)
    return f'<section aria-labelledby="{id}"><h2 id="{id}">{safe(title)}</h2>{inside}</section>' if inside else ""


def folded(title: str, parts: Iterable[str]) -> str:
    """What is not seen at first."""
    return f"<details><summary>{safe(title)}</summary>{''.join(parts)}</details>"


def figure(drawing: str, name: str) -> str:
    """A drawing that keeps its size on a narrow screen, where it is scrolled."""
    return f'<div class="wide" role="region" tabindex="0" aria-label="{safe(name)}">{drawing}</div>'


def table(frame: pd.DataFrame, name: str, file: str = "") -> str:
    """A frame of texts and numbers as a table; of many rows the first, which is said, with the file that has all."""
    if frame.empty:
        return ""
    shown = frame.head(MOST_ROWS)
    right = [pd.api.types.is_numeric_dtype(frame[column]) or column in RIGHT for column in frame.columns]
    heads = "".join(
        f'<th scope="col"{_side(r)}>{safe(heading(str(c)))}</th>' for c, r in zip(frame, right, strict=True)
    )
    rows = "".join(_row(row, right) for row in shown.itertuples(index=False))
    inside = f"<table><caption>{safe(name)}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="wide" role="region" tabindex="0" aria-label="{safe(name)}">{inside}</div>{_rest(frame, file)}'


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """Names with what they stand for, without those that are empty."""
    inside = "".join(f"<div><dt>{safe(name)}</dt><dd>{safe(value)}</dd></div>" for name, value in pairs if value)
    return f"<dl>{inside}</dl>"


def commands(lines: Iterable[str]) -> str:
    """Lines for the terminal."""
    return f'<pre tabindex="0" aria-label="commands">{safe_lines(lines)}</pre>'


def safe_lines(lines: Iterable[str]) -> str:
    return "\n".join(map(safe, lines))


def link(file: str, said: str) -> str:
    """A link to a file of the bundle."""
    return f'<a href="{safe(file)}">{safe(said)}</a>'


def _row(row: Sequence[object], right: Sequence[bool]) -> str:
    return f"<tr>{''.join(f'<td{_side(r)}>{safe(cell(value))}</td>' for value, r in zip(row, right, strict=True))}</tr>"


def _side(right: bool) -> str:
    return ' class="number"' if right else ""


def _rest(frame: pd.DataFrame, file: str) -> str:
    many = f"{MOST_ROWS} of {len(frame):,} rows. " if len(frame) > MOST_ROWS else ""
    where = f"In full: {link(file, file)}" if file else ""
    return f'<p class="rest">{many}{where}</p>' if many or where else ""
