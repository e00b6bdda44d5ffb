"""Adaptive seeds: which blocks a study needs next, as a function of the records there are and of nothing else.

All arms run up to the first look. At each look every effect is judged at its pre-declared level; the arms of those that
are still open get the blocks up to the next look. So the same records always ask for the same trials, and a sweep that
was interrupted goes on where it was.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from suite.analysis import text
from suite.analysis.contrast import ALL
from suite.analysis.effects import effects
from suite.analysis.sequential import looks
from suite.analysis.table import spread, table
from suite.arms import inert
from suite.record import Record
from suite.search import every, tries
from suite.study import UNTIL_DECIDED, Study
from suite.trial import Level, Trial

CONFIDENCE = 0.95  # that no effect of the study is decided wrongly
Effect = tuple[str, Level]  # a factor, and a level other than its first


@dataclass(frozen=True)
class Stage:
    """How far a study has come: the trials wanted so far, the effects still open, and what that saves.

    `seeds` is the look that the wanted trials reach; `settled` says of each closed effect at which look, and how.
    """

    wanted: tuple[Trial, ...]
    seeds: int
    open: tuple[Effect, ...]
    settled: dict[Effect, tuple[int, str]]
    planned: int  # trials of the fixed plan, with all seeds of the last look

    @property
    def saved(self) -> int:
        return self.planned - len(self.wanted)

    @property
    def sentence(self) -> str:
        """4 of 6 effects settled after 8 seeds; 120 of 400 runs saved against 20 seeds for all."""
        effects = text.count(len(self.settled) + len(self.open), "effect")
        state = f"{len(self.settled)} of {effects} settled after {text.count(self.seeds, 'seed')}"
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
    open_ = _effects(study)
    if not whole:  # a search comes first
        return Stage((), 0, open_, {}, 0)
    levels = looks(study.looks, alpha=(1 - CONFIDENCE) / max(1, len(open_)))
    settled: dict[Effect, tuple[int, str]] = {}
    wanted = list[Trial]()
    reached = 0
    for seeds, level in zip(levels.seeds, levels.levels, strict=True):
        wanted += [t for seed in range(reached, seeds) for t in by_seed[seed] if _is_needed(t, study, open_)]
        reached = seeds
        found = [there[trial.id] for trial in wanted if trial.id in there]
        if len(found) < len(wanted):
            break
        closed = _judged(study, _table(study, found), open_, level)
        settled |= {effect: (seeds, how) for effect, how in closed.items()}
        open_ = tuple(effect for effect in open_ if effect not in settled)
        if not open_:
            break
    return Stage(tuple(wanted), reached, open_, settled, len(whole))


def _table(study: Study, found: Iterable[Record]) -> pd.DataFrame:
    return spread(table(found), study.arms(), inert(study))


def _effects(study: Study) -> tuple[Effect, ...]:
    return tuple((name, level) for name, levels in study.factors.items() for level in levels[1:])


def _is_needed(trial: Trial, study: Study, open_: tuple[Effect, ...]) -> bool:
    """Whether the trial stands on one side of an effect that is still open."""
    return any(trial.levels[name] in (level, study.factors[name][0]) for name, level in open_) or not study.factors


def _judged(study: Study, rows: pd.DataFrame, open_: tuple[Effect, ...], level: float) -> dict[Effect, str]:
    """The open effects that this look settles: decided, or inside the margin on both sides."""
    found = effects(rows, study.factors, confidence=1 - level)
    found = found[(found["task"] == ALL) & (found["architecture"] == ALL)]
    narrow = effects(rows, study.factors, confidence=1 - 2 * level)
    narrow = narrow[(narrow["task"] == ALL) & (narrow["architecture"] == ALL)]
    closed: dict[Effect, str] = {}
    for (_, wide), (_, inner) in zip(found.iterrows(), narrow.iterrows(), strict=True):
        effect = (str(wide["factor"]), wide["level"])
        if effect not in open_:
            continue
        if float(wide["p"]) < level:
            closed[effect] = "better" if float(wide["effect"]) > 0 else "worse"
        elif study.margin and -study.margin < float(inner["low"]) <= float(inner["high"]) < study.margin:
            closed[effect] = "equivalent"
    return closed
