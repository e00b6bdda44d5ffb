"""The start of a name is enough where it is the start of one name only."""

import json

import pytest

from suite.cli.names import Ambiguous, whole
from suite.store import Store
from tests.cli.conftest import Wonderland


def test_the_start_of_one_name_is_that_name() -> None:
    assert whole("study", "h0", ["h09", "h13"]) == "h09"
    assert whole("study", "first", ["first", "first_half"]) == "first"
    assert whole("study", "x", ["h09", "h13"]) == "x"
    with pytest.raises(Ambiguous, match="'h' is ambiguous; it could be h09, h13"):
        whole("study", "h", ["h09", "h13"])


def test_a_study_is_planned_by_the_start_of_its_name(wonderland: Wonderland) -> None:
    assert json.loads(wonderland("plan", "h09", "--json").out)["study"] == "h09_vanishing_sigmoid"


def test_several_studies_are_named(wonderland: Wonderland) -> None:
    done = wonderland("plan", "h5")
    assert done.code == 2
    assert "h51_oversmoothing, h52_hops" in done.err


def test_a_study_of_the_store_is_found_by_its_start(wonderland: Wonderland, store: Store) -> None:
    assert json.loads(wonderland("verify", "second_", "--json").out)["records"] == 1
    assert json.loads(wonderland("verify", "second", "--json").out)["records"] == 4
    assert wonderland("verify", "sec").code == 2
    elsewhere = wonderland("verify", "second_", "--json", "--runs", str(store.root))
    assert json.loads(elsewhere.out)["records"] == 1
