"""How the map stands: of each row, whether the suite has it, tests it, asks about it, and has an answer."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from suite import catalog
from suite.book.map import ROWS
from suite.book.row import Row

CLAIM = re.compile(r"H\d{2}")


@dataclass(frozen=True)
class Verdict:
    """What a study in a store says on a claim, or that it has no records yet."""

    claim: str  # as the study numbers it: H13a
    study: str
    verdict: str
    sentence: str


@dataclass(frozen=True)
class Standing:
    """A row, the studies of the catalogue that ask its claims, and the verdicts there are."""

    row: Row
    studies: tuple[str, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def answered(self) -> bool:
        return any(found.verdict != "inconclusive" for found in self.verdicts)


def standings(asked: Mapping[str, tuple[str, ...]], verdicts: Iterable[Verdict] = ()) -> tuple[Standing, ...]:
    """Every row as it stands, given which studies ask which claims, and what stores answer."""
    given = tuple(verdicts)
    return tuple(
        Standing(
            row,
            tuple(dict.fromkeys(study for claim in row.claims for study in asked.get(claim, ()))),
            tuple(found for found in given if base(found.claim) in row.claims),
        )
        for row in ROWS
    )


def asked() -> dict[str, tuple[str, ...]]:
    """The studies of the catalogue that state each claim: {"H13": ("h13_locality_and_sharing",)}."""
    from suite.study_file import load

    found: dict[str, list[str]] = {}
    for name in catalog.study_names():
        for claim in sorted({base(claim.id) for claim in load(name)[1].claims}):
            found.setdefault(claim, []).append(name)
    return {claim: tuple(names) for claim, names in found.items()}


def base(claim: str) -> str:
    """H13 of H13a: one claim of the book may be asked in parts."""
    found = CLAIM.match(claim)
    return found[0] if found else claim
