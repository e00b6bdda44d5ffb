"""The map of the book: every name in it exists, so that it cannot promise what is not there."""

import re
from pathlib import Path
from typing import get_args, get_origin

import pytest

from suite import catalog
from suite.book.map import ROWS, chapter
from suite.book.row import row
from suite.book.sayings import CHAPTERS, CLAIMS, INVARIANTS
from suite.book.standing import Verdict, asked, base, standings
from suite.book.table import by_chapter, detail
from suite.trial import KINDS

ROOT = Path(__file__).parents[2]
LEVELS = {
    name: tuple(map(str, get_args(field.annotation))) if get_origin(field.annotation) else None
    for kind in KINDS.values()
    for name, field in kind.model_fields.items()
}


@pytest.mark.parametrize("one", ROWS, ids=lambda one: f"{one.section} {one.name}")
def test_every_name_exists(one) -> None:  # type: ignore[no-untyped-def]
    assert set(one.architectures) <= set(catalog.architecture_names())
    assert set(one.tasks) <= set(catalog.task_names())
    assert not [path for path in one.files if not (ROOT / path).is_file()]
    assert not [test for test in one.tests if not _exists(test)]
    assert set(one.claims) <= set(CLAIMS)
    for word in one.levels:
        factor, _, level = word.partition("=")
        assert factor in LEVELS
        assert not level or level in (LEVELS[factor] or ())


def _exists(test: str) -> bool:
    if test in INVARIANTS:
        return bool(list((ROOT / "tests/invariants").glob(f"test_{test.lower()}_*.py")))
    return (ROOT / "tests" / test).is_file()


def test_what_is_missing_says_so_and_only_that() -> None:
    for one in ROWS:
        assert one.implemented != bool(one.gap), one.name
    assert {one.name for one in ROWS if not one.implemented} >= {
        "Spatio-temporal graph convolution",
        "Gradual replacement of the teacher",
    }


def test_every_row_is_once_and_in_a_chapter() -> None:
    names = [(one.section, one.name) for one in ROWS]
    assert len(set(names)) == len(names)
    assert {one.chapter for one in ROWS} == set(CHAPTERS)


def test_chapters_are_in_order() -> None:
    order = [list(CHAPTERS).index(one.chapter) for one in ROWS]
    assert order == sorted(order)


def test_every_invariant_and_claim_is_somewhere_on_the_map() -> None:
    assert {test for one in ROWS for test in one.tests if test in INVARIANTS} == set(INVARIANTS)
    assert {claim for one in ROWS for claim in one.claims} == set(CLAIMS)


def test_every_level_and_architecture_of_the_book_is_on_the_map() -> None:
    """What the suite has beyond the book is listed here, so that a new one is put on the map or on this list."""
    beyond = {"gin", "mingru", "mixture_of_experts"}
    assert set(catalog.architecture_names()) - {name for one in ROWS for name in one.architectures} == beyond
    named = {word for one in ROWS for word in one.levels}
    tricks = ("norm", "activation", "positions", "loss", "dropout_kind", "sparsity", "augmentation")
    missing = {f"{factor}={level}" for factor in tricks for level in LEVELS[factor] or ()} - named
    plain = {f"{factor}=none" for factor in tricks} | {"loss=default", "activation=identity", "dropout_kind=depth"}
    assert missing <= plain


def test_claims_that_studies_ask_are_those_of_the_book() -> None:
    found = asked()
    assert set(found) <= set(CLAIMS)
    assert found["H30"] == ("h30_residual_depth",)
    assert found["H13"] == ("h13_locality_and_sharing",)


@pytest.mark.parametrize(("claim", "of"), [("H13a", "H13"), ("H30", "H30"), ("mine", "mine")])
def test_a_claim_may_be_asked_in_parts(claim: str, of: str) -> None:
    assert base(claim) == of


def test_a_verdict_stands_in_every_row_of_its_claim() -> None:
    given = Verdict("H13a", "locality", "supported", "H13a is supported: +0.1")
    found = standings({"H13": ("locality",)}, [given])
    rows = {one.row.name for one in found if one.verdicts}
    assert rows == {one.name for one in ROWS if "H13" in one.claims}
    assert all(one.answered and one.studies == ("locality",) for one in found if one.verdicts)


def test_what_is_inconclusive_is_not_answered() -> None:
    found = standings({}, [Verdict("H30", "residual", "inconclusive", "")])
    assert not [one for one in found if one.answered]


def test_chapters_are_counted() -> None:
    counted = by_chapter(standings({}))
    assert list(counted["chapter"]) == list(CHAPTERS)
    assert counted["rows"].sum() == len(ROWS)
    assert counted["implemented"].sum() == sum(1 for one in ROWS if not one.gap)
    assert counted["answered"].sum() == 0


def test_a_row_says_where_it_is() -> None:
    rows = [
        one
        for one in standings({})
        if one.row.name in ("Batch normalization", "Gradual replacement of the teacher", "Subgradients")
    ]
    told = detail(rows).set_index("concept")["in the suite"].to_dict()
    assert told == {
        "Batch normalization": "norm batch",
        "Gradual replacement of the teacher": "missing",
        "Subgradients": "its test",
    }


def test_words_are_split() -> None:
    one = row("9.3.2", "x", levels="norm=batch clip", tests="X17")
    assert (one.chapter, one.levels, one.tests, one.claims) == ("9", ("norm=batch", "clip"), ("X17",), ())


def test_an_unknown_chapter_is_named() -> None:
    with pytest.raises(LookupError, match=re.escape("no chapter '14'; one of 2, 3")):
        chapter("14")
