"""The arms of a study, and its trials: what its design crosses, without what the catalogue refuses.

Names that architectures ignore stand at their default, so that no network is trained twice under two names.
"""

from collections import Counter
from typing import NamedTuple

from suite import catalog
from suite.bulk import bulk
from suite.designs.point import Point
from suite.resources import Resources
from suite.study import Study, StudyError
from suite.trial import Trial


class Impossible(NamedTuple):
    """A pair of a study that cannot meet, at all or with some tricks; why, and how many trials that leaves out."""

    task: str
    architecture: str
    reason: str
    trials: int


def trials(study: Study) -> tuple[Trial, ...]:
    """The trials of a study, each once. Seed by seed, so that an interrupted study still has whole blocks.

    Of one that tunes, see suite/search.py.
    """
    assert not study.tune, "which trials these are is found by a search"
    with bulk():
        seeds, found = range(study.most_seeds), arms(study)
        asked = (arm.model_copy(update={"seed": seed}) for seed in seeds for arm in found)
        return tuple({trial.id: trial for trial in asked}.values())


def impossible(study: Study) -> tuple[Impossible, ...]:
    """What the study names and the catalogue refuses: pairs of task and architecture, and tricks they cannot have."""
    found = list[Impossible]()
    for pair in study.pairs:
        reasons = Counter(reason for _, reason in _arms(study, pair) if reason)
        found += (Impossible(*pair, reason, count * study.most_seeds) for reason, count in reasons.items())
    return tuple(found)


def inert(study: Study) -> dict[str, tuple[str, ...]]:
    """For each architecture that ignores settings of the study, those; its arms that differ in them alone are one."""
    ignored = {name: catalog.ignored(name) for name in study.architectures}
    named = {**study.factors, **study.baseline}
    moved = {name: tuple(factor for factor in named if factor in ignored[name]) for name in ignored}
    return {name: factors for name, factors in moved.items() if factors}


def arms(study: Study) -> tuple[Trial, ...]:
    """The arms that can be run, pair by pair, at seed 0."""
    found = {pair: [arm for arm, reason in _arms(study, pair) if not reason] for pair in study.pairs}
    if study.match != "none":
        found = _matched(study, found)
    return tuple(arm for pair in found for arm in found[pair])


def refusal(arm: Trial, given: Resources) -> str | None:
    """Why the architecture, the task or a group of processes cannot have the levels of this arm; None if they can."""
    from suite.tricks.refusal import refusal  # imports torch, as every architecture does

    reason = catalog.refused_level(arm.architecture, arm.levels) or refusal(arm.tricks, catalog.task(arm.task))
    if reason or given.processes == 1:
        return reason
    from suite.splitting import refusal as unsplit

    return unsplit(arm, given.processes, on_gpu=given.gpus > 0)


def _arms(study: Study, pair: tuple[str, str]) -> list[tuple[Trial, str | None]]:
    """Each arm as a trial of that pair, and why it cannot be run, if so."""
    refused = catalog.refusal(*pair)
    arms = [_arm(study, pair, levels) for levels in study.arms()]
    return [(arm, refused or refusal(arm, study.resources)) for arm in arms]


def _arm(study: Study, pair: tuple[str, str], levels: Point) -> Trial:
    task, architecture = pair
    own = study.rows.get(" ".join(pair), {})
    settings = {**study.baseline, **own, **levels}
    kept = {name: level for name, level in settings.items() if name not in catalog.ignored(architecture)}
    return Trial(task=task, architecture=architecture).moved(kept)


def _matched(study: Study, arms: dict[tuple[str, str], list[Trial]]) -> dict[tuple[str, str], list[Trial]]:
    from suite.match import NoMatch, match  # imports torch, which is not needed where nothing is matched

    assert study.match != "none"
    references: dict[str, Trial] = {}
    for pair, asked in arms.items():
        if asked:
            references.setdefault(pair[0], _arm(study, pair, study.reference))
    found: dict[tuple[str, str], list[Trial]] = {}
    for pair, asked in arms.items():
        try:
            widths = [match(study.match, arm, references[pair[0]]).width for arm in asked]
        except NoMatch as error:
            raise StudyError(str(error)) from None
        found[pair] = [arm.moved({"width": width}) for arm, width in zip(asked, widths, strict=True)]
    return found
