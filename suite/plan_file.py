"""A plan as a file: which trials are to be run, by which code, on which data. It is run so, or refused.

Between planning and running, on another day or another machine, code and data can move. Such a plan is not run.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from suite.disk import replace_file
from suite.store import SAFE_NAME
from suite.study import Study, StudyError
from suite.study_file import MOST_BYTES
from suite.trial import Plain, Trial

FORMAT: Literal["wonderland plan"] = "wonderland plan"
MARKED = 200  # bytes at the beginning, in which a plan says that it is one
MOST = 100 * MOST_BYTES  # a million trials by their ids have 15 MB


class PlanFile(Plain):
    """A study, the ids of trials without an answer, and digests by "task architecture execution" and "task seed"."""

    format: Literal["wonderland plan"] = FORMAT
    version: Literal[1] = 1
    name: str
    study: dict[str, Any]
    fused: int
    trials: tuple[str, ...]
    code: dict[str, str]
    data: dict[str, str]

    def load(self) -> Study:
        return Study(**self.study)


def write(path: Path, name: str, study: Study, todo: Iterable[Trial], fused: int) -> PlanFile:
    """Write the plan of these trials. Loads their data, because its digest is part of the plan."""
    asked = tuple(todo)
    hidden = {"tasks", "architectures"} if study.rows else set()
    fields = json.loads(study.model_dump_json(exclude=hidden))
    code, data = digests(asked, study, fused)
    plan = PlanFile(
        name=name, study=fields, fused=fused, trials=tuple(trial.id for trial in asked), code=code, data=data
    )
    replace_file(path.absolute(), plan.model_dump_json(indent=1).encode())
    return plan


def read(path: Path) -> PlanFile | None:
    """The plan in a file, or None if it holds something else. Raises StudyError for a plan that is damaged."""
    try:
        if not path.is_file() or path.stat().st_size > MOST:
            return None
        with path.open("rb") as file:
            begun = file.read(MARKED)
            if FORMAT.encode() not in begun:
                return None
            plan = PlanFile.model_validate_json(begun + file.read())
    except ValidationError as error:
        raise StudyError(f"{path} is a damaged plan ({error.errors()[0]['msg']}); plan the study again") from None
    except OSError as error:
        raise StudyError(f"{path} cannot be read: {error.strerror}") from None
    if not SAFE_NAME.fullmatch(plan.name):
        raise StudyError(f"{path} is a plan of {plan.name!r}, which cannot name a study")
    return plan


def require_unmoved(path: Path, plan: PlanFile, asked: Iterable[Trial]) -> None:
    """Raise StudyError, naming what moved, unless today's code and data are those of the plan."""
    known = {trial.id: trial for trial in asked}
    planned = [known[id] for id in plan.trials if id in known]
    code, data = digests(planned, plan.load(), plan.fused)
    moved = [f"the code of {pair}" for pair, digest in code.items() if plan.code.get(pair) != digest]
    moved += [f"the data of {block}" for block, digest in data.items() if plan.data.get(block) != digest]
    gone = len(plan.trials) - len(planned)
    moved += [f"{gone} of {len(plan.trials)} trials, which are no longer in the study"] if gone else []
    if moved:
        more = f" and {len(moved) - 3} more" if len(moved) > 3 else ""
        raise StudyError(
            f"{path} is a plan of other code or data; moved: {'; '.join(moved[:3])}{more}. "
            f"Plan again: wonderland plan STUDY --out {path}"
        )


def digests(trials: Iterable[Trial], study: Study, fused: int) -> tuple[dict[str, str], dict[str, str]]:
    """Of the code of each pair of task and architecture, as it is run, and of the data of each task and seed."""
    from suite.data import data  # imports torch, which a plan that is not written does without
    from suite.plan import execution
    from suite.provenance import source

    asked = tuple(trials)
    ways = dict.fromkeys((t.task, t.architecture, execution(t, fused, study.resources)) for t in asked)
    blocks = dict.fromkeys((trial.task, trial.seed) for trial in asked)
    code = {" ".join((task, mixer, mode)): source(task, mixer, mode) for task, mixer, mode in ways}
    return code, {f"{task} seed {seed}": data(task, seed).fingerprint for task, seed in blocks}
