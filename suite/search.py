"""Search: the settings that every arm finds for itself, on validation, before the seeds that count.

Every arm is tried at every point of the study's `tune`, on one block of random draws that no answer is made of; the
point with the best validation score is its own. So all arms are searched alike, and the ledger keeps what it cost.
"""

from collections.abc import Iterable
from itertools import product

from suite import catalog
from suite.analysis.search import TUNING_SEED, chosen
from suite.analysis.table import spread, table
from suite.arms import arms, inert, refusal, trials
from suite.designs.point import Point
from suite.record import Record
from suite.resources import Resources
from suite.study import Study, StudyError
from suite.trial import Trial


def every(study: Study, records: Iterable[Record], tried: Iterable[Trial]) -> tuple[Trial, ...]:
    """The trials that the answer is made of, as far as the records say which; none while the search is not over.

    `tried` is the search, as `tries` gives it.
    """
    if not study.tune:
        return trials(study)
    search = {trial.id: trial for trial in tried}
    found = [record for record in records if record.id in search]
    if len(found) < len(search):
        return ()
    best = chosen(spread(table(found), study.arms(), inert(study)), study.factors, study.tune)
    ids = set(best["id"])
    own = [trial for trial in search.values() if trial.id in ids]
    return tuple(trial.model_copy(update={"seed": seed}) for seed in range(study.most_seeds) for trial in own)


def tries(study: Study) -> tuple[Trial, ...]:
    """The trials of the search: every arm at every point of `tune` that it can have. None without `tune`."""
    if not study.tune:
        return ()
    found = [trial for arm in arms(study) for trial in _tries(arm, grid(study), study.resources)]
    return tuple({trial.id: trial for trial in found}.values())


def grid(study: Study) -> list[Point]:
    """The points of `tune`, the last name moving fastest."""
    return [dict(zip(study.tune, levels, strict=True)) for levels in product(*study.tune.values())]


def _tries(arm: Trial, points: Iterable[Point], given: Resources) -> list[Trial]:
    ignored = catalog.ignored(arm.architecture)
    asked = [arm.moved({name: level for name, level in point.items() if name not in ignored}) for point in points]
    refused = [refusal(trial, given) for trial in asked]
    if all(refused):
        raise StudyError(f"{arm.architecture} on {arm.task} can be tried at no point of tune: {refused[0]}")
    possible = [trial for trial, reason in zip(asked, refused, strict=True) if not reason]
    return [trial.model_copy(update={"seed": TUNING_SEED}) for trial in possible]
