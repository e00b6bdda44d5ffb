"""What a sweep of a study would do: which trials are new, which are answered, and which answers are stale.

An answer counts only if what was asked (the trial's id) and what answers it today (code, data, numerics)
are both the same. Data is fingerprinted only where there is an answer to compare with, so planning a new
study loads nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from suite import ledger
from suite.arms import Impossible, impossible, inert, trials
from suite.past import Past, history
from suite.record import SOLO, UNAVAILABLE, Provenance
from suite.resources import Resources
from suite.settings import DEADLINE
from suite.store import Plan, Store
from suite.study import UNTIL_DECIDED, Study
from suite.trial import Trial

ALONE = Resources()


@dataclass(frozen=True)
class Workload:
    """The trials of a study, and by what is to be done with them, in the study's order.

    `past` is all that is in the store; `cached` holds the answers there are. Those that lie in another study's
    ledger, or under a later answer in this one, are in `adopted` too: the sweep copies them, so that every
    study's folder is whole.
    """

    trials: tuple[Trial, ...]
    new: tuple[Trial, ...]
    stale: tuple[Trial, ...]
    cached: tuple[Past, ...]
    adopted: tuple[Past, ...]
    impossible: tuple[Impossible, ...]
    damaged: tuple[ledger.Damage, ...]
    past: tuple[Past, ...]

    @property
    def todo(self) -> tuple[Trial, ...]:
        return self.new + self.stale


def workload(
    store: Store, name: str, study: Study, *, retry: bool = False, fused: int = 1, deadline: float = DEADLINE
) -> Workload:
    """Compare the study with every record in the store.

    With `retry`, what was lost is no answer, and neither is what timed out after less than `deadline` seconds. Where
    up to `fused` trials are trained together, or each is trained by a group of processes, an answer is one that was
    trained so.
    """
    past, damaged = history(store, name)
    own = ledger.current(answer for answer in past if answer.study == name)
    known, asked = _by_id(past), _asked(store, name, study)
    new, stale, cached, adopted = list[Trial](), list[Trial](), list[Past](), list[Past]()
    for trial in asked:
        answers = known.get(trial.id, [])
        mode = execution(trial, fused, study.resources)
        held = own.get(trial.id)
        answer = _best([a for a in answers if a.execution == mode and is_current(a)], held, retry, deadline)
        if answer is None:
            (stale if answers else new).append(trial)
            continue
        cached.append(answer)
        if held is None or (held.answered_by, held.outcome) != (answer.answered_by, answer.outcome):
            adopted.append(answer)
    return Workload(asked, tuple(new), tuple(stale), tuple(cached), tuple(adopted), impossible(study), damaged, past)


def _asked(store: Store, name: str, study: Study) -> tuple[Trial, ...]:
    """The study's trials; of one that goes on by what it finds, those that its records ask for."""
    if not study.goes_on:
        return trials(study)
    from suite.adaptive import wanted  # imports pandas, which planning all at once does without

    held = ledger.current(store.reading(name).records) if store.folder(name).is_dir() else {}
    return wanted(study, held.values())


def _best(answers: list[Past], held: Past | None, retry: bool, deadline: float) -> Past | None:
    """The first answer; with none, one that was lost and gets no other try, `held` before others."""
    if found := next((answer for answer in answers if answer.outcome not in ledger.LOST), None):
        return found
    kept = [] if retry else [answer for answer in answers if not _has_more_time(answer, deadline)]
    return held if held in kept else next(iter(kept), None)


def _has_more_time(answer: Past, deadline: float) -> bool:
    return answer.outcome == "timed_out" and deadline > answer.seconds


def is_current(answer: Past) -> bool:
    """Whether the same trial, trained here and now, is answered by the same code, data, numerics and libraries."""
    block = answer.task, answer.architecture, answer.seed, answer.execution
    return answer.data != UNAVAILABLE and answer.answered_by == _answered_by_today(*block)


def execution(trial: Trial, fused: int, given: Resources = ALONE) -> str:
    """How the trial is run where up to `fused` are trained together, or with what it is given."""
    if fused == 1:
        return given.execution
    from suite import fusion  # imports torch, which is not needed to plan what is trained alone

    return fusion.execution(trial, fused)


@cache
def _answered_by_today(task: str, architecture: str, seed: int, execution: str) -> str:
    try:
        return today(Trial(task=task, architecture=architecture, seed=seed), execution).answered_by
    except Exception:  # its data cannot be loaded now, so that nothing shows that the answer still holds
        return ""


def today(trial: Trial, execution: str = SOLO) -> Provenance:
    """The provenance that a record of the trial would have now, run in that way."""
    from suite.data import data  # imports torch, which takes a second and is not needed to plan what is new
    from suite.provenance import provenance

    return provenance(trial.task, trial.architecture, data(trial.task, trial.seed).fingerprint, execution)


def planned(name: str, study: Study, given: str, asked: Iterable[Trial]) -> Plan:
    """The study as the store keeps it."""
    return Plan(
        name=name,
        question=study.question.strip(),
        design=study.design,
        tasks=study.tasks,
        architectures=study.architectures,
        factors=study.factors,
        baseline=study.baseline,
        seeds=study.most_seeds,
        trials=tuple(trial.id for trial in asked),
        claims=study.claims,
        forbidden=study.forbidden,
        inert=inert(study),
        tune=study.tune,
        looks=study.looks if study.seeds == UNTIL_DECIDED else (),
        margin=study.margin,
        given=given,
    )


def _by_id(past: Iterable[Past]) -> dict[str, list[Past]]:
    known: dict[str, list[Past]] = {}
    for answer in past:
        known.setdefault(answer.id, []).append(answer)
    return known
