"""The protocol: the board's facts as the study in ablations/leaderboard.py, and the code and data here, have them."""

from pathlib import Path

from suite import catalog
from suite.analysis.search import TUNING_SEED
from suite.board.code import analysis_code, metrics_code
from suite.board.entry_rules import Accepts
from suite.board.facts import Facts, TaskFacts
from suite.study import UNTIL_DECIDED, Study, StudyError
from suite.study_file import load
from suite.trial import PROTOCOL

NAME = "leaderboard"
ROWS = ".jsonl"


def path(board: str = NAME) -> Path:
    """Where a board's rows lie: beside its study, or in the .jsonl file that is named."""
    if Path(board).suffix:
        return Path(board).with_suffix(ROWS)
    return catalog.root("ablations") / f"{board}{ROWS}"


def board_study(board: str = NAME) -> Study:
    """A board's study, or the published one's for a .jsonl file. Raises StudyError for one that is no board."""
    study = load(NAME if Path(board).suffix == ROWS else board)[1]
    if study.factors or study.rows or study.match != "none" or study.seeds == UNTIL_DECIDED:
        raise StudyError("a board compares architectures alone: no factors, rows or match, and a number of seeds")
    return study


def facts(study: Study) -> Facts:
    """The facts. Loads the data of every task and block, which is how its hash is known."""
    assert study.seeds != UNTIL_DECIDED
    seeds = [*range(study.seeds), *([TUNING_SEED] if study.tune else [])]
    return Facts(
        tasks={name: _task(name, seeds) for name in study.tasks},
        baseline=study.baseline,
        tune=study.tune,
        tuning_seed=TUNING_SEED,
        seeds=study.seeds,
        protocol=PROTOCOL,
        metrics=metrics_code(),
        analysis=analysis_code(),
    )


def accepted(study: Study, architecture: str) -> tuple[str, ...]:
    """The tasks of the board that the architecture accepts."""
    return tuple(name for name in study.tasks if catalog.refusal(name, architecture) is None)


def accepts(facts: Facts) -> Accepts:
    """Which of the board's tasks an architecture takes, by the catalogue here; None for one that is not in it."""

    def found(architecture: str) -> tuple[str, ...] | None:
        if architecture not in catalog.architecture_names():
            return None
        here = [name for name in facts.tasks if name in catalog.task_names()]
        return tuple(name for name in here if catalog.refusal(name, architecture) is None)

    return found


def of_one(study: Study, architecture: str) -> Study:
    """The board's study for one architecture alone, on the tasks that it accepts."""
    tasks = accepted(study, architecture)
    if not tasks:
        raise StudyError(f"{architecture} accepts none of the board's tasks: {', '.join(study.tasks)}")
    return Study(**{**study.model_dump(), "tasks": tasks, "architectures": (architecture,)})


def _task(name: str, seeds: list[int]) -> TaskFacts:
    from suite.data import data  # imports torch, which reading a board does without

    task = catalog.task(name)
    return TaskFacts(
        version=task.version,
        metric=task.metric,
        chance=task.chance,
        target=task.target,
        outputs=task.outputs,
        per=task.per,
        causal=task.causal,
        prefix=task.prefix,
        data={str(seed): data(name, seed).fingerprint for seed in seeds},
    )
