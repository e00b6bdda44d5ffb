"""What there is, as rows: tasks, architectures, factors, studies; and what a store holds: sweeps and records."""

import ast
from pathlib import Path
from typing import Any

from suite import catalog
from suite.store import Store
from suite.trial import GROUP_OF, KINDS, choices
from tasks.task import Form, Task

Row = dict[str, Any]


def tasks() -> list[Row]:
    """Every task: what its examples are, what is asked and how it is scored, and where its data comes from."""
    return [_task(name, catalog.task(name)) for name in catalog.task_names()]


def architectures() -> list[Row]:
    """Every architecture and what it accepts, read from its file, because importing it takes torch."""
    folder = catalog.root("suite.architectures")
    return [_architecture(name, folder / f"{name}.py") for name in catalog.architecture_names()]


def factors() -> list[Row]:
    """Everything that a study can vary, with its levels and the one that it has where nothing is said."""
    levels = choices()
    return [
        {"name": name, "group": group, "default": KINDS[group].model_fields[name].default, "levels": levels[name]}
        for name, group in GROUP_OF.items()
    ]


def studies() -> list[Row]:
    """Every study: its question, what it varies, and how many trials it has at most."""
    from suite.study import StudyError
    from suite.study_file import load

    found = list[Row]()
    for name in catalog.study_names():
        try:
            study = load(name)[1]
        except StudyError as error:
            found.append(
                {"name": name, "question": f"cannot be loaded: {error}", "factors": [], "claims": [], "trials": 0}
            )
            continue
        found.append(
            {
                "name": name,
                "question": " ".join(study.question.split()),
                "factors": list(study.factors),
                "claims": [claim.id for claim in study.claims],
                "trials": study.size,
            }
        )
    return found


def sweeps(store: Store) -> list[Row]:
    """Every study in the store and how its last sweep stands, the last active first."""
    found = list[Row]()
    for name in store.studies():
        status = store.status(name)
        planned = len(store.plan(name).trials)
        answered = status.cached + status.done if status else 0
        state = status.state if status else "planned"
        failed = sum(n for outcome, n in status.outcomes.items() if outcome != "finished") if status else 0
        found.append({"name": name, "state": state, "answered": answered, "planned": planned, "not finished": failed})
    return found


def records(store: Store) -> list[Row]:
    """Every record that counts, with the settings that are not at their default."""
    found = list[Row]()
    for name in store.studies():
        for record in store.records(name):
            trial, result = record.trial, record.result
            asked = trial.model_dump(exclude_defaults=True)
            moved = {key: level for group in KINDS for key, level in asked.get(group, {}).items()}
            found.append(
                {
                    "id": record.id,
                    "study": name,
                    "task": trial.task,
                    "architecture": trial.architecture,
                    "seed": trial.seed,
                    "outcome": record.outcome,
                    "valid": result.valid,
                    "test": result.test,
                    "settings": moved,
                }
            )
    return found


def _task(name: str, task: Task) -> Row:
    return {
        "name": name,
        "data": task.data,
        "shape": " + ".join(map(_shape, task.forms)),
        "asks": f"{task.target} per {task.per}",
        "metric": task.metric,
        "chance": task.chance,
        "from": "pip" if task.files else "hub" if task.hub else "here",
        "version": task.version,
        "licence": task.licence,
        "source": task.source,
    }


def _shape(form: Form) -> str:
    text = " x ".join(map(str, form.shape))
    if form.vocabulary:
        return f"{text} tokens of {form.vocabulary}"
    return f"graph, {text} per node" if form.data == "graph" else text


def _architecture(name: str, path: Path) -> Row:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said: dict[str, Any] = {"ACCEPTS": (), "CAUSAL": False, "IGNORES": (), "REFUSES": {}}
    for node in tree.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=key)], value=value)
                | ast.AnnAssign(target=ast.Name(id=key), value=value)
            ):
                if key in said and value is not None:
                    said[key] = _literal(value, name, key)
    return {
        "name": name,
        "accepts": list(said["ACCEPTS"]),
        "causal": bool(said["CAUSAL"]),
        "ignores": list(said["IGNORES"]),
        "refuses": {factor: list(levels) for factor, levels in said["REFUSES"].items()},
        "says": (ast.get_docstring(tree) or "").partition("\n")[0],
    }


def _literal(value: ast.expr, name: str, key: str) -> Any:
    try:
        return ast.literal_eval(value)
    except ValueError:  # it is computed, so only the file itself knows
        return getattr(catalog.architecture(name), key)
