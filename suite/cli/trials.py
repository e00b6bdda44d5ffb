"""One trial: what it gave, and why it would run again."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from suite import document
from suite.cli.arguments import RUNS, Id, Json, Runs
from suite.cli.say import suggest

if TYPE_CHECKING:
    from suite.record import Record
    from suite.reproduction.kept import Kept
    from suite.store import Store
    from suite.trial import Trial
    from suite.tuned import Tuned


def show(
    id: Id,
    runs: Runs = RUNS,
    as_json: Json = False,
) -> None:
    """Show one trial: what was asked, what came out, what it took, and what gave it."""
    from suite.store import Store

    store = Store(runs)
    study, record = store.find(id)
    search, verdict = _tuned(store, study, record.trial), _last(store, study, record)
    if as_json:
        found = {"record": json.loads(record.to_json()), "tuning": search and search._asdict()}
        document.show({"study": study, **found, "reproduced": verdict and verdict.model_dump(mode="json")})
        return
    from suite import report
    from suite.display import console

    also = [("search", search.sentence)] if search else []
    also += [("made again", f"{verdict.verdict}, {verdict.when}: {verdict.words}")] if verdict else []
    report.card(console(), study, record, also)
    suggest(runs, ["reproduce", record.id])


def _tuned(store: "Store", study: str, trial: "Trial") -> "Tuned | None":
    """What the search of its study has to do with it; only of a study that tunes are all records read."""
    if not store.plan(study).tune:
        return None
    from suite.answer import answer
    from suite.tuned import tuned

    return tuned(answer(store, study), trial)


def _last(store: "Store", study: str, record: "Record") -> "Kept | None":
    """The last verdict on this very record."""
    from suite.reproduction.kept import kept

    return next((one for one in reversed(kept(store, study)) if one.judges(record)), None)


def explain(
    id: Id,
    runs: Runs = RUNS,
    as_json: Json = False,
) -> None:
    """Say why a sweep would run a trial again, or why not: what answered it then, and what would now."""
    from suite.explain import explain as why
    from suite.store import Store

    store = Store(runs)
    found = why(store, id)
    search = None if found.state == "new" else _tuned(store, found.study, store.find(found.id)[1].trial)
    if as_json:
        document.show({**asdict(found), "moved": _moved(found.moved), "tuning": search and search._asdict()})
        return
    from suite.display import console

    out = console()
    out.print(f"{found.id}  {found.state} in {found.study}: {found.because}", soft_wrap=True)
    if search:
        out.print(f"  search: {search.sentence}", soft_wrap=True)
    for what, then, now in found.moved:
        out.print(f"  {what}: {then} then, {now} now", soft_wrap=True)
    if found.commit and any(what == "source" for what, _, _ in found.moved):
        suggest(runs, ["sweep", store.plan(found.study).given or found.study])
        out.print(f"  git diff {found.commit} -- suite tasks  shows what changed", soft_wrap=True)
    else:
        suggest(
            runs,
            ["show", found.id] if found.state != "new" else ["sweep", store.plan(found.study).given or found.study],
        )


def _moved(moved: tuple[tuple[str, str, str], ...]) -> list[dict[str, str]]:
    return [{"what": what, "then": then, "now": now} for what, then, now in moved]
