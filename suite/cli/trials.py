"""One trial: what it gave, why it would run again, and whether it gives the same again."""

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


def reproduce(
    id: Id,
    runs: Runs = RUNS,
    as_json: Json = False,
) -> None:
    """Train a trial again in a fresh process, and say whether the result is the same to the last bit, or why not."""
    from suite.display import console
    from suite.reproduction.reproduce import reproduce as again
    from suite.store import Store

    study, record = Store(runs).find(id)
    verdict = again(record)
    if as_json:
        judged = {"study": study, "id": record.id, "verdict": verdict.kind, "reason": verdict.reason}
        document.show({**judged, "moved": _moved(verdict.moved)})
    else:
        out = console()
        out.print(f"{record.id}  {verdict.kind}: {verdict.reason}", soft_wrap=True)
        for what, then, now in verdict.moved:
            out.print(f"  {what}: {then} then, {now} now", soft_wrap=True)
    raise SystemExit({"bit-exact": 0, "equivalent": 0, "different": 8, "cannot": 7}[verdict.kind])


def _moved(moved: tuple[tuple[str, str, str], ...]) -> list[dict[str, str]]:
    return [{"what": what, "then": then, "now": now} for what, then, now in moved]
