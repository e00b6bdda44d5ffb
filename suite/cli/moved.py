"""What moved from one study to another, or from one commit to another: the other half of `wonderland compare`."""

from typing import TYPE_CHECKING, Any

from suite import document
from suite.cli import printed
from suite.cli.say import choose, fail, suggest

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from suite.analysis.movement import Movement
    from suite.sides import Side

REGRESSION = 1  # as of a comparison that finds a difference; only where it is asked for


def moved(
    runs: "Path",
    before: str,
    after: str,
    task: str | None,
    margin: float | None,
    confidence: float,
    *,
    fail_on_regression: bool,
    everything: bool,
    as_csv: bool,
    as_latex: bool,
    as_json: bool,
) -> None:
    """Compare run by run. Differences inside the margin, by default that of the first study, do not matter."""
    from suite.analysis.movement import movement
    from suite.sides import side
    from suite.store import Store

    one, other = (side(Store(runs), said) for said in (before, after))
    plans = one.answer.plan, other.answer.plan
    tables = [found.answer.table for found in (one, other)]
    if task is not None:
        choose("task", task, tuple(dict.fromkeys((*plans[0].tasks, *plans[1].tasks))))
        tables = [table[table["task"] == task] for table in tables]
    factors = plans[0].factors | plans[1].factors
    least = plans[0].margin if margin is None else margin
    try:
        found = movement(tables[0], tables[1], factors, confidence=confidence, margin=least)
    except ValueError as error:
        fail(2, str(error))
    title = f"What moved from {before} to {after}"
    shown = _shown(found)
    if as_json:
        document.show(_document(found, one, other, confidence))
    elif not printed.table(found.rows, shown, title, as_csv=as_csv, as_latex=as_latex):
        _tell(found, shown, title, everything)
        suggest(runs, ["effects", plans[1].name], ["compare", before, after, "--json"])
    if fail_on_regression and found.is_regression:
        raise SystemExit(REGRESSION)


def _document(found: "Movement", one: "Side", other: "Side", confidence: float) -> dict[str, Any]:
    sides = {
        name: {
            "said": side.said,
            "study": side.answer.plan.name,
            "records": side.answer.counts,
            "commits": list(side.commits),
        }
        for name, side in (("before", one), ("after", other))
    }
    counts = {"pairs": len(found.pairs), "same": found.same}
    counts |= {"only_before": found.only_before, "only_after": found.only_after}
    turned = {"lost": list(found.lost), "mended": list(found.mended), "left_out": list(found.left_out)}
    asked = {"margin": found.margin, "confidence": confidence, "regression": found.is_regression}
    return {**sides, **asked, **counts, **turned, "finding": found.sentence, "rows": document.rows(found.rows)}


def _shown(found: "Movement") -> "pd.DataFrame":
    """The rows as people read them, what is decided first."""
    import pandas as pd

    from suite.analysis import text
    from suite.analysis.movement import ORDER

    rows = found.rows.assign(order=found.rows["verdict"].map({name: place for place, name in enumerate(ORDER)}))
    rows = rows.sort_values("order", kind="stable")
    return pd.DataFrame(
        {
            "task": rows["task"],
            "architecture": rows["architecture"],
            "at": rows["at"],
            "change": [text.effect(*values) for values in zip(rows["effect"], rows["low"], rows["high"], strict=True)],
            "unit": rows["unit"],
            "p_holm": rows["p_holm"].map(text.p_value),
            "verdict": rows["verdict"],
            "n_pairs": rows["n_pairs"],
            "n_same": rows["n_same"],
            "n_missing": rows["n_missing"],
        }
    )


def _tell(found: "Movement", shown: "pd.DataFrame", title: str, everything: bool) -> None:
    from suite.analysis import text
    from suite.analysis.movement import UNCHANGED
    from suite.display import console, first, printable, tabulate

    out = console()
    out.print(printable(f"{found.sentence}."), soft_wrap=False)
    moved = shown if everything else shown[shown["verdict"] != UNCHANGED]
    still = len(shown) - len(moved)
    if len(moved):
        some, cut = first(moved, everything)
        tabulate(out, some, title)
        if cut:
            out.print(cut)
    if still:
        are, them = ("is", "it") if still == 1 else ("are", "them")
        out.print(f"{text.count(still, 'row')} {are} unchanged; --all shows {them}", style="dim")
    alone = [
        f"{text.count(number, 'run')} only {where}"
        for number, where in ((found.only_before, "before"), (found.only_after, "after"))
        if number
    ]
    if alone:
        out.print(f"Not compared: {text.listed(alone)}.", style="dim")
    if found.left_out:
        scored = f"Left out, as their scores mean something else since: {text.listed(list(found.left_out))}."
        out.print(printable(scored), style="dim")
    for ids, what in ((found.lost, "no longer finish"), (found.mended, "finish now")):
        if ids:
            more = f" and {len(ids) - 5} more" if len(ids) > 5 else ""
            out.print(f"Runs that {what}: {', '.join(ids[:5])}{more}", style="dim")
