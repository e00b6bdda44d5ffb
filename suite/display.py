"""How the command line shows things: tables, counts, durations, and the meter of a running sweep."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Literal

import pandas as pd
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from suite.store import Status

ProgressStyle = Literal["auto", "rich", "plain", "json", "none"]
UNBOUNDED = 10_000
FIRST = 20  # rows of a long table
WIDTH = 160  # of what goes to a file
PLAIN_EVERY = 10.0  # seconds between two lines
SIZES = ("p exact", "between", "I2", "d_z", "pairing", "seeds needed")
RIGHT = ("effect", "interaction", "score", "rank", "p_holm", *SIZES)
SPARE = (
    *SIZES,
    *("seconds", "parameters", "coverage", "unit", "n_seeds", "n_pairs", "source", "p_holm", "n_missing", "shape"),
)
HEADINGS = {"p_holm": "p (Holm)", "n_pairs": "pairs", "n_seeds": "seeds", "n_missing": "missing", "n_failed": "failed"}


def console(*, stderr: bool = False) -> Console:
    """A console that writes whole lines when its output goes to a file, and no colour where NO_COLOR says so.

    What goes to standard error is talk, which WONDERLAND_QUIET, or --quiet, does without.
    """
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else WIDTH
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=width, quiet=stderr and _is_quiet())


def _is_quiet() -> bool:
    return bool(os.environ.get("WONDERLAND_QUIET"))


def tabulate(out: Console, frame: pd.DataFrame, title: str) -> None:
    """Print a frame as a table, without its least important columns where the terminal is too narrow for all."""
    left_out = []
    anything = out.options.update(max_width=UNBOUNDED)
    for name in (*SPARE, None):
        shown = table(frame, title)
        if name is None or out.measure(shown, options=anything).maximum <= out.width:
            break
        if name in frame:
            frame = frame.drop(columns=name)
            left_out.append(heading(name))
    out.print(shown)
    if left_out:
        out.print(f"A wider terminal also shows {', '.join(left_out)}.", style="dim")


def first(frame: pd.DataFrame, everything: bool) -> tuple[pd.DataFrame, str]:
    """As many rows as are shown at once, and what to say of the rest."""
    if everything or len(frame) <= FIRST:
        return frame, ""
    return frame.head(FIRST), f"{FIRST} of {len(frame)}; --all shows the rest"


def table(frame: pd.DataFrame, title: str) -> Table:
    """A frame of texts and numbers as a table; numbers stand right. Names are shown as they are."""
    shown = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    for name in map(str, frame.columns):
        right = pd.api.types.is_numeric_dtype(frame[name]) or name in RIGHT
        shown.add_column(heading(name), justify="right" if right else "left", overflow="fold")
    for row in frame.itertuples(index=False):
        shown.add_row(*(Text(cell(value)) for value in row))
    return shown


def heading(name: str) -> str:
    return HEADINGS.get(name, name.replace("_", " "))


def cell(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return "-"
    return f"{value + 0.0:.4g}" if isinstance(value, float) else printable(str(value))


def printable(text: str) -> str:
    """Text without control characters, which in a name could drive a terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def duration(seconds: float) -> str:
    """8 s, 2 min 5 s, 3 h 20 min."""
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def size(bytes: float) -> str:
    """900 kB, 12 MB, 3.4 GB."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if bytes >= scale:
            return f"{bytes / scale:.2g} {unit}" if bytes < 10 * scale else f"{bytes / scale:.0f} {unit}"
    return f"{bytes:.0f} bytes"


def ago(moment: float) -> str:
    """A time since 1970 as people tell it: 4 min ago."""
    return f"{duration(max(0.0, time.time() - moment))} ago"


def left(status: Status) -> str:
    if status.left is None:
        return "starting" if status.state == "running" else ""
    low, high = status.left
    return f"about {duration((low + high) / 2)} left ({duration(low)} to {duration(high)})"


def counts(outcomes: Mapping[str, int]) -> str:
    """2 diverged, 1 crashed: every outcome but the good one."""
    return ", ".join(
        f"{n} {outcome.replace('_', ' ')}" for outcome, n in outcomes.items() if outcome != "finished" and n
    )


def line(study: str, status: Status) -> str:
    """A sweep's state in one line."""
    parts = [
        f"{study}  {status.cached + status.done}/{status.total}",
        f"{len(status.running)} running" if status.running else "",
        counts(status.outcomes),
        duration((time.time() if status.state == "running" else status.beat) - status.started),
        left(status),
    ]
    return "  ".join(part for part in parts if part)


@contextmanager
def meter(study: str, style: ProgressStyle) -> Iterator[Callable[[Status], None]]:
    """Something to show each status of a running sweep with, on standard error."""
    if style == "auto":
        style = "none" if _is_quiet() else "rich" if sys.stderr.isatty() else "plain"
    if style == "rich":
        yield from _bar(study)
    elif style == "none":
        yield lambda status: None
    else:
        yield _lines(study, style)


def _bar(study: str) -> Iterator[Callable[[Status], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=30), TextColumn("{task.fields[state]}"))
    with Progress(*columns, console=console(stderr=True), transient=True) as progress:
        bar = progress.add_task(printable(study), total=None, state="starting")

        def show(status: Status) -> None:
            state = line("", status).strip()
            progress.update(bar, total=status.total, completed=status.cached + status.done, state=state)

        yield show


def _lines(study: str, style: str) -> Callable[[Status], None]:
    said = 0.0
    before = ""

    def show(status: Status) -> None:
        nonlocal said, before
        key = f"{status.state} {status.done}"
        if key == before or (time.monotonic() - said < PLAIN_EVERY and status.state == "running"):
            return
        said, before = time.monotonic(), key
        print(status.model_dump_json() if style == "json" else line(study, status), file=sys.stderr, flush=True)

    return show


def commands(lines: Sequence[str]) -> None:
    """The next things to type, on standard error."""
    out = console(stderr=True)
    out.print("next:", style="bold")
    for text in lines:
        out.print(f"  {text}", soft_wrap=True)
