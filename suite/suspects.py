"""Who took the engine down: which trials were away when it was lost, each time that it was.

An engine is also lost by somebody's hand, or with its machine, and then no trial is to blame. One that is to blame is
away every time. So what was away at two losses is tried alone, and what is lost alone, not for the first time, did it.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

OFTEN = 2  # losses at which a trial was away, after which it is tried alone


@dataclass
class Suspects:
    """Trials by their ids. `away` are those that the engine has given to a worker and not answered."""

    away: set[str] = field(default_factory=set)
    losses: Counter[str] = field(default_factory=Counter)

    def send(self, ids: Iterable[str]) -> None:
        """They are on a worker now, or about to be."""
        self.away.update(ids)

    def clear(self, ids: Iterable[str]) -> None:
        """They are answered, or wait again."""
        self.away.difference_update(ids)

    def is_suspect(self, id: str) -> bool:
        return self.losses[id] >= OFTEN

    def lose(self) -> tuple[str | None, Collection[str]]:
        """The engine is lost: the trial that is to blame, if there is one, and those that are to be tried alone."""
        lost = sorted(self.away)
        self.away.clear()
        guilty = lost[0] if len(lost) == 1 and self.losses[lost[0]] else None
        self.losses.update(lost)
        return guilty, [id for id in lost if self.is_suspect(id) and id != guilty]
