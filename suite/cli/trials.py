"""One trial: what it gave, and why it would run again."""

import json
from dataclasses import asdict

from suite import document
from suite.cli.arguments import RUNS, Id, Json, Runs
from suite.cli.say import suggest


def show(
    id: Id,
    runs: Runs = RUNS,
    as_json: Json = False,
) -> None:
    """Show one trial: what was asked, what came out, what it took, and what gave it."""
    from suite.store import Store

    study, record = Store(runs).find(id)
    if as_json:
        document.show({"study": study, "record": json.loads(record.to_json())})
        return
    from suite import report
    from suite.display import console

    report.card(console(), study, record, report.setting(record))
    suggest(runs, ["reproduce", record.id])


def explain(
    id: Id,
    runs: Runs = RUNS,
    as_json: Json = False,
) -> None:
    """Say why a sweep would run a trial again, or why not: what answered it then, and what would now."""
    from suite.explain import explain as why
    from suite.store import Store

    found = why(Store(runs), id)
    if as_json:
        document.show({**asdict(found), "moved": _moved(found.moved)})
        return
    from suite.display import console

    out = console()
    out.print(f"{found.id}  {found.state} in {found.study}: {found.because}", soft_wrap=True)
    for what, then, now in found.moved:
        out.print(f"  {what}: {then} then, {now} now", soft_wrap=True)
    if found.commit and any(what == "source" for what, _, _ in found.moved):
        suggest(runs, ["sweep", Store(runs).plan(found.study).given or found.study])
        out.print(f"  git diff {found.commit} -- suite tasks  shows what changed", soft_wrap=True)
    else:
        suggest(
            runs,
            ["show", found.id]
            if found.state != "new"
            else ["sweep", Store(runs).plan(found.study).given or found.study],
        )


def _moved(moved: tuple[tuple[str, str, str], ...]) -> list[dict[str, str]]:
    return [{"what": what, "then": then, "now": now} for what, then, now in moved]
