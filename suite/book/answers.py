"""The verdicts that a store holds on claims of the book."""

from collections.abc import Iterator

from suite.answer import Answer, answer
from suite.book.standing import Verdict
from suite.store import Store, StoreError


def verdicts(store: Store) -> tuple[tuple[Verdict, ...], tuple[str, ...]]:
    """All verdicts, and of studies that cannot be read, why."""
    found: list[Verdict] = []
    unread: list[str] = []
    for study in store.studies():
        try:
            if store.plan(study).claims:
                found += of(study, answer(store, study))
        except (StoreError, ValueError) as problem:
            unread.append(f"{study}: {problem}")
    return tuple(found), tuple(unread)


def of(study: str, answered: Answer) -> Iterator[Verdict]:
    """The verdicts of one study, none while it has no records."""
    if answered.records:
        for judged in answered.verdicts:
            yield Verdict(judged.claim.id, study, judged.verdict, judged.sentence)
