"""The bundle as an RO-Crate 1.1, by the profile Process Run Crate 0.5: what made it, from what, when, and by whom."""

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from suite.export.croissant import file_of
from suite.store import Plan
from tasks.task import Task

METADATA = "ro-crate-metadata.json"
CONTEXT = ["https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context"]
CRATE = "https://w3id.org/ro/crate/1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
FORMATS = {".jsonl": "application/jsonl", ".csv": "text/csv", ".html": "text/html", ".json": "application/json"}
WHATS = {
    "records.jsonl": "Every record: what was asked, what came out, what it took, and what gave it",
    "plan.json": "The study: its question, factors, seeds and claims",
    "verdicts.jsonl": "Verdicts on records that were trained again",
    "constraints.txt": "The versions of all libraries",
    "index.html": "The study's answer as a page",
}

Entity = dict[str, Any]


@dataclass(frozen=True)
class Story:
    """What the crate tells of how it came to be. Times are ISO 8601 in UTC; of the sweep they are known if it is."""

    made: str
    by: str
    version: str
    commit: str | None = None
    started: str | None = None
    ended: str | None = None
    whole: bool = True


def crate(plan: Plan, tasks: Mapping[str, Task], files: Mapping[str, int], story: Story) -> dict[str, Any]:
    """The metadata of a bundle with these files, by name and size in bytes."""
    data = [_data(name, task) for name, task in tasks.items()]
    actions = [_sweep(plan, data, story), _analysis(files, story)]
    entities = [
        {"@id": METADATA, "@type": "CreativeWork", "about": _to("./"), "conformsTo": _to(CRATE)},
        _root(plan, files, story, actions),
        {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        {"@id": "#licence", "@type": "CreativeWork", "name": "As its owner says", "description": _licence(tasks)},
        {"@id": "#by", "@type": "Person", "name": story.by},
        _software(story),
        *actions,
        *data,
        *(_file(name, size) for name, size in files.items()),
    ]
    return {"@context": CONTEXT, "@graph": entities}


def _root(plan: Plan, files: Mapping[str, int], story: Story, actions: list[Entity]) -> Entity:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"Study {plan.name}",
        "description": plan.question,
        "datePublished": story.made,
        "license": _to("#licence"),
        "author": _to("#by"),
        "conformsTo": _to(PROFILE),
        "hasPart": [_to(name) for name in files],
        "mentions": [_to(action["@id"]) for action in actions],
    }


def _sweep(plan: Plan, data: list[Entity], story: Story) -> Entity:
    times = {"startTime": story.started, "endTime": story.ended}
    return {
        "@id": "#sweep",
        "@type": "CreateAction",
        "name": f"Sweep of study {plan.name}",
        "description": f"{len(plan.trials):,} trials; again with: wonderland sweep {plan.given or plan.name}",
        "instrument": _to("#wonderland"),
        "agent": _to("#by"),
        "object": [_to("plan.json"), *(_to(one["@id"]) for one in data)],
        "result": _to("records.jsonl"),
        "actionStatus": _to(f"http://schema.org/{'CompletedActionStatus' if story.whole else 'ActiveActionStatus'}"),
        **{name: time for name, time in times.items() if time},
    }


def _analysis(files: Mapping[str, int], story: Story) -> Entity:
    return {
        "@id": "#analysis",
        "@type": "CreateAction",
        "name": "Analysis of the records",
        "instrument": _to("#wonderland"),
        "agent": _to("#by"),
        "object": [_to("records.jsonl"), _to("plan.json")],
        "result": [_to(name) for name in files if name.startswith("tables/") or name == "index.html"],
        "endTime": story.made,
        "actionStatus": _to("http://schema.org/CompletedActionStatus"),
    }


def _software(story: Story) -> Entity:
    commit = f", commit {story.commit}" if story.commit else ""
    return {
        "@id": "#wonderland",
        "@type": "SoftwareApplication",
        "name": "Wonderland",
        "description": "A benchmark and ablation suite for neural networks.",
        "softwareVersion": f"{story.version}{commit}",
        "softwareRequirements": _to("constraints.txt"),
    }


def _data(name: str, task: Task) -> Entity:
    return {
        "@id": f"#data-{name.replace('/', '-')}",
        "@type": "Dataset",
        "name": name,
        "description": task.source,
        "license": task.licence,
        "version": str(task.version),
        "subjectOf": _to(f"croissant/{file_of(name)}"),
    }


def _file(name: str, size: int) -> Entity:
    suffix = f".{name.rpartition('.')[2]}"
    kind = FORMATS.get(suffix) or mimetypes.guess_type(name)[0] or "text/plain"
    said = {"description": WHATS[name]} if name in WHATS else {}
    return {"@id": name, "@type": "File", "name": name, **said, "encodingFormat": kind, "contentSize": str(size)}


def _licence(tasks: Mapping[str, Task]) -> str:
    each = "; ".join(f"{name}: {task.licence}" for name, task in tasks.items())
    return f"The records belong to whoever made them. The data they were made from is not in this bundle ({each})."


def _to(id: str) -> dict[str, str]:
    return {"@id": id}
