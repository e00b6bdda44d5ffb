"""Adaptive seeds: which blocks a study needs next, as a function of the records there are and of nothing else.

A study that states claims asks whether they hold; any other, for the effects of its factors. All arms run up to the
first look. At each look every question is judged at its pre-declared level; the arms of those that are still open get
the blocks up to the next look. So the same records always ask for the same trials, and a sweep that was interrupted
goes on where it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from suite.analysis import text
from suite.analysis.claims import ARCHITECTURE, corners, judge
from suite.analysis.contrast import ALL
from suite.analysis.effects import effects
from suite.analysis.layout import Layout
from suite.analysis.sequential import looks
from suite.analysis.table import spread, table
from suite.arms import inert
from suite.claim import Claim
from suite.design import FRACTIONS
from suite.record import Record
from suite.search import every, tries
from suite.study import UNTIL_DECIDED, Study
from suite.trial import Level, Trial

CONFIDENCE = 0.95  # that nothing of the study is decided wrongly
CLAIM = "claim"
Question = tuple[str, Level]  # a factor, and a level other than its first; or "claim", and its id


@dataclass(frozen=True)
class Stage:
    """How far a study has come: the trials wanted so far, the questions still open, and what that saves.

    `seeds` is the look that the wanted trials reach; `settled` says of each closed question at which look, and how.
    """

    wanted: tuple[Trial, ...]
    seeds: int
    open: tuple[Question, ...]
    settled: dict[Question, tuple[int, str]]
    planned: int  # trials of the fixed plan, with all seeds of the last look

    @property
    def saved(self) -> int:
        return self.planned - len(self.wanted)

    @property
    def sentence(self) -> str:
        """4 of 6 effects settled after 8 seeds; 120 of 400 runs saved against 20 seeds for all."""
        questions = (*self.settled, *self.open)
        kind = CLAIM if any(name == CLAIM for name, _ in questions) else "effect"
        state = (
            f"{len(self.settled)} of {text.count(len(questions), kind)} settled after {text.count(self.seeds, 'seed')}"
        )
        return f"{state}; {self.saved:,} of {text.count(self.planned, 'run')} saved against the full plan"


def wanted(study: Study, records: Iterable[Record]) -> tuple[Trial, ...]:
    """All trials that the records ask for: of the search, if there is one, and then of the answer."""
    found, tried = tuple(records), tries(study)
    whole = every(study, found, tried)
    answering = _stage(study, found, whole).wanted if study.seeds == UNTIL_DECIDED else whole
    return (*tried, *answering)


def stage(study: Study, records: Iterable[Record]) -> Stage:
    """The trials that the records ask for. Where some of them have no record yet, those are what comes first."""
    found = tuple(records)
    return _stage(study, found, every(study, found, tries(study)))


def _stage(study: Study, records: Iterable[Record], whole: tuple[Trial, ...]) -> Stage:
    there = {record.id: record for record in records}
    by_seed: dict[int, list[Trial]] = {}
    for trial in whole:
        by_seed.setdefault(trial.seed, []).append(trial)
    open_ = questions(study)
    if not whole:  # a search comes first
        return Stage((), 0, open_, {}, 0)
    levels = looks(study.looks, alpha=(1 - CONFIDENCE) / max(1, len(open_)))
    settled: dict[Question, tuple[int, str]] = {}
    wanted = list[Trial]()
    ignored = inert(study)
    reached = 0
    for seeds, level in zip(levels.seeds, levels.levels, strict=True):
        wanted += [
            trial
            for seed in range(reached, seeds)
            for trial in by_seed[seed]
            if not reached or _is_needed(trial, study, open_, ignored.get(trial.architecture, ()))
        ]
        reached = seeds
        found = [there[trial.id] for trial in wanted if trial.id in there]
        if len(found) < len(wanted):
            break
        closed = _judged(study, spread(table(found), study.arms(), ignored), open_, level)
        settled |= {question: (seeds, how) for question, how in closed.items()}
        open_ = tuple(question for question in open_ if question not in settled)
        if not open_:
            break
    return Stage(tuple(wanted), reached, open_, settled, len(whole))


def questions(study: Study) -> tuple[Question, ...]:
    """What a study is to decide."""
    if study.claims:
        return tuple((CLAIM, claim.id) for claim in study.claims)
    return tuple((name, level) for name, levels in study.factors.items() for level in levels[1:])


def _is_needed(trial: Trial, study: Study, open_: tuple[Question, ...], ignored: Sequence[str]) -> bool:
    """Whether the trial stands on one side of a question that is still open."""
    if study.claims:
        return any(_bears_on(trial, claim, ignored) for claim in _stated(study, open_))
    if study.design in FRACTIONS:  # fitted from all points
        return bool(open_)
    return any(trial.levels[name] in (level, study.factors[name][0]) for name, level in open_)


def _bears_on(trial: Trial, claim: Claim, ignored: Sequence[str]) -> bool:
    """Whether the trial is in a corner of the claim: one side of a difference. What it ignores may stand anywhere."""
    levels = {**trial.levels, ARCHITECTURE: trial.architecture}

    def stands_at(wanted: Mapping[str, Level]) -> bool:
        return all(name in ignored or levels[name] == level for name, level in wanted.items())

    moves_architecture = ARCHITECTURE in (claim.factor, claim.by)
    where = not claim.tasks or trial.task in claim.tasks
    who = moves_architecture or not claim.architectures or trial.architecture in claim.architectures
    return where and who and any(stands_at({**claim.within, **corner}) for corner, _ in corners(claim))


def _stated(study: Study, open_: tuple[Question, ...]) -> tuple[Claim, ...]:
    return tuple(claim for claim in study.claims if (CLAIM, claim.id) in open_)


def _judged(study: Study, rows: pd.DataFrame, open_: tuple[Question, ...], level: float) -> dict[Question, str]:
    """The open questions that this look settles: decided, or inside the margin on both sides."""
    if study.claims:  # each alone, for the level is already that of one among all
        each = (judge(rows, study.factors, [claim], confidence=1 - level)[0] for claim in _stated(study, open_))
        return {(CLAIM, one.claim.id): one.verdict for one in each if one.verdict != "inconclusive"}
    layout = Layout(fraction=study.design in FRACTIONS)
    found, narrow = (effects(rows, study.factors, layout=layout, confidence=1 - n * level) for n in (1, 2))
    pooled = (found["task"] == ALL) & (found["architecture"] == ALL)
    closed: dict[Question, str] = {}
    for (_, wide), (_, inner) in zip(found[pooled].iterrows(), narrow[pooled].iterrows(), strict=True):
        question = (str(wide["factor"]), wide["level"])
        if question not in open_:
            continue
        if float(wide["p"]) < level:
            closed[question] = "better" if float(wide["effect"]) > 0 else "worse"
        elif study.margin and -study.margin < float(inner["low"]) <= float(inner["high"]) < study.margin:
            closed[question] = "equivalent"
    return closed
