"""Tables of what there is and how it stands, as CSV: the same rows as --json has."""

import csv
import io
import json

import pytest

from suite.store import Store
from tests.cli.conftest import Wonderland
from tests.test_store import status


def rows(said: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(said)))


@pytest.mark.parametrize("kind", ["tasks", "architectures", "factors", "studies", "sweeps", "records"])
def test_lists(wonderland: Wonderland, store: Store, kind: str) -> None:
    there = json.loads(wonderland("list", kind, "--json").out)[kind]
    found = rows(wonderland("list", kind, "--csv").out)
    name = "id" if kind == "records" else "name"
    assert [row[name] for row in found] == [str(row[name]) for row in there]
    assert list(found[0] if found else []) == list(there[0] if there else [])


def test_a_list_of_everything_is_no_one_table(wonderland: Wonderland) -> None:
    done = wonderland("list", "--csv")
    assert (done.code, done.out) == (2, "")
    assert "name what to list" in done.err


def test_coverage_has_a_row_for_every_concept(wonderland: Wonderland, store: Store) -> None:
    there = json.loads(wonderland("coverage", "9", "--json").out)["rows"]
    found = rows(wonderland("coverage", "9", "--csv").out)
    assert [(row["section"], row["tested"]) for row in found] == [(row["section"], str(row["tested"])) for row in there]
    assert list(found[0]) == list(there[0])
    assert found[0]["levels"].split() == there[0]["levels"]


def test_status_is_one_row(wonderland: Wonderland, store: Store) -> None:
    store.write_status("second", status(state="done", outcomes={"finished": 2, "diverged": 1}))
    (row,) = rows(wonderland("status", "second", "--csv").out)
    assert (row["study"], row["state"], row["total"]) == ("second", "done", "4")
    assert (row["finished"], row["diverged"], row["crashed"], row["running"]) == ("2", "1", "0", "0")


@pytest.mark.parametrize("words", [["list", "tasks"], ["coverage"], ["status", "second"]], ids=lambda words: words[0])
def test_one_form_at_a_time(wonderland: Wonderland, store: Store, words: list[str]) -> None:
    assert wonderland(*words, "--csv", "--json").code == 2
