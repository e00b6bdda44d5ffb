"""A finding: what is wrong with an entry, in one sentence. An entry with a finding is in quarantine."""

from typing import Literal, NamedTuple

Rule = Literal[
    "unreadable",
    "never entered",
    "other board",
    "wrong manifest",
    "other task",
    "other data",
    "impossible score",
    "no validation",
    "other settings",
    "duplicate",
    "missing task",
    "wrong seeds",
    "other tuning",
    "hidden variants",
    "mixed code",
    "forged aggregate",
    "not reproduced",
]


class Finding(NamedTuple):
    """Whose it is, which rule it is against, and how."""

    entry: str
    rule: Rule
    reason: str
