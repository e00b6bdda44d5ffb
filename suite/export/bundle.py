"""A bundle: a study as a folder that another machine can verify, read and reproduce from.

index.html              the answer as a page
tables/*.csv            the answer as tables
records.jsonl           every record, a line each with its checksum, as in the ledger
plan.json               the study
verdicts.jsonl          verdicts on records that were trained again
constraints.txt         the versions of all libraries
croissant/, tasks/      the data of each task: where it is from, and the file that loads it
ro-crate-metadata.json  what made all this
manifest.json           a digest of every file
"""

import getpass
import hashlib
import json
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from suite import catalog, ledger
from suite.answer import Answer, answer
from suite.export import manifest, tables
from suite.export.crate import METADATA, Story, crate
from suite.export.croissant import croissant, file_of
from suite.export.manifest import MANIFEST, Fault, Manifest
from suite.export.page import page
from suite.record import UNAVAILABLE, Record
from suite.reproduction import kept
from suite.reproduction.asked import PLAN, RECORDS, published
from suite.spreadsheet import csv
from suite.store import Plan, Store, StoreError
from tasks.task import Task

LOCK = "constraints.txt"


class Occupied(ValueError):
    """A folder that holds something else than a bundle; one sentence for people."""

    exit_code = 2


def export(store: Store, study: str, out: Path, by: str | None = None, now: datetime | None = None) -> Path:
    """Write the study's bundle to the folder `out`, in place of a bundle that may be there.

    Raises Occupied where something else is, and StoreError for a study that is not there.
    """
    if out.exists() and not (out / MANIFEST).is_file() and not (out.is_dir() and not any(out.iterdir())):
        raise Occupied(f"{out} is there and is no bundle; name another folder with --out")
    found = answer(store, study)
    if not found.records:
        raise StoreError(f"{study} has no record to export yet")
    new = out.with_name(f".{out.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        _write(new, store, found, by or _me(), (now or datetime.now(UTC)).isoformat(timespec="seconds"))
        shutil.rmtree(out, ignore_errors=True)
        new.rename(out)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return out


def faults(folder: Path) -> list[Fault]:
    """All that is wrong with a bundle: digests, records, and tables that do not come out of the records.

    The tables are computed again only where the code that does it is the one that made the bundle.
    """
    said = manifest.read(folder)
    found = list(manifest.faults(folder, said))
    if any(fault.file in (RECORDS, PLAN) for fault in found):
        return found
    _, records = published(folder)
    if said.analysis == analysis_code():
        plan = Plan.model_validate_json((folder / PLAN).read_bytes())
        found += _forged(folder, Answer(plan, records))
    return found


def analysis_code() -> str:
    """A hash of the code that computes the tables."""
    root = catalog.root("suite")
    digest = hashlib.sha256()
    for path in sorted(
        [*(root / "analysis").glob("*.py"), root / "answer.py", root / "export" / "tables.py", root / "spreadsheet.py"]
    ):
        digest.update(path.name.encode() + b"\x00" + path.read_bytes())
    return digest.hexdigest()[:16]


def _forged(folder: Path, found: Answer) -> Iterator[Fault]:
    for name, frame in tables.computed(found).items():
        file = f"tables/{name}.csv"
        path = folder / file
        if path.is_file() and path.read_text("utf-8") != csv(frame):
            yield Fault(file, "is not what the records give")


def _write(folder: Path, store: Store, found: Answer, by: str, made: str) -> None:
    plan, known = found.plan, _tasks(found.plan)
    verdicts = kept.kept(store, plan.name)
    commit = _commit(found)
    (folder / RECORDS).write_bytes(b"".join(map(ledger.seal, found.records)))
    _text(folder / PLAN, plan.model_dump_json(indent=1))
    (folder / kept.FILE).write_bytes(b"".join(map(kept.seal, verdicts)))
    lock = catalog.root("suite").parent / LOCK
    _text(folder / LOCK, lock.read_text("utf-8") if lock.is_file() else "")
    for name, frame in tables.tables(found, verdicts).items():
        _text(folder / "tables" / f"{name}.csv", csv(frame))
    for name, task in known.items():
        _describe(folder, name, task, found.records, made)
    maker = f"Wonderland {version('wonderland')}{f', commit {commit}' if commit else ''}"
    _text(folder / "index.html", page(found, verdicts, made, maker))
    sizes = {name: (folder / name).stat().st_size for name in manifest.there(folder)}
    story = _story(store, found, made, by, commit)
    _json(folder / METADATA, crate(plan, known, sizes, story))
    empty = Manifest(
        study=plan.name, made=made, wonderland=version("wonderland"), commit=commit, analysis=analysis_code()
    )
    manifest.write(folder, manifest.described(folder, empty))


def _describe(folder: Path, name: str, task: Task, records: tuple[Record, ...], made: str) -> None:
    """The file that loads the data, and the description of the data."""
    code = folder / "tasks" / f"{name}.py"
    code.parent.mkdir(parents=True, exist_ok=True)
    code.write_bytes((catalog.root("tasks") / f"{name}.py").read_bytes())
    fingerprints = {
        record.trial.seed: record.provenance.data
        for record in records
        if record.trial.task == name and record.provenance.data != UNAVAILABLE
    }
    place = f"../tasks/{name}.py", hashlib.sha256(code.read_bytes()).hexdigest()
    _json(folder / "croissant" / file_of(name), croissant(name, task, place, fingerprints, made))


def _tasks(plan: Plan) -> dict[str, Task]:
    """The study's tasks that the catalogue still has."""
    known = set(catalog.task_names())
    return {name: catalog.task(name) for name in plan.tasks if name in known}


def _story(store: Store, found: Answer, made: str, by: str, commit: str | None) -> Story:
    status = store.status(found.plan.name)
    whole = len(found.records) == len(found.plan.trials)
    if status is None:
        return Story(made, by, version("wonderland"), commit, whole=whole)
    started, ended = _time(status.started), None if status.state == "running" else _time(status.beat)
    return Story(made, by, version("wonderland"), commit, started, ended, whole)


def _commit(found: Answer) -> str | None:
    """The one that most of the records were made at."""
    counts = defaultdict[str, int](int)
    for record in found.records:
        if record.provenance.commit:
            counts[record.provenance.commit] += 1
    return max(counts, key=lambda commit: counts[commit]) if counts else None


def _time(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")


def _me() -> str:
    """Who exports: as git knows them, or this machine."""
    try:
        known = subprocess.run(["git", "config", "user.name"], capture_output=True, text=True, timeout=10, check=False)
        return known.stdout.strip() or getpass.getuser()
    except (OSError, KeyError, subprocess.SubprocessError):
        return "unknown"


def _text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")


def _json(path: Path, content: dict[str, object]) -> None:
    _text(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
