"""Lists say what there is, and can be filtered by any column."""

import json

import pytest

from suite import catalog, inventory
from suite.store import Store
from suite.trial import Trial, choices
from tests.cli.conftest import Wonderland
from tests.test_store import status


def names(done_out: str, kind: str) -> list[str]:
    return [row["name"] for row in json.loads(done_out)[kind]]


def test_what_a_file_says_is_what_its_module_says() -> None:
    """Architectures are listed without importing them."""
    for row in inventory.architectures():
        module = catalog.architecture(row["name"])
        assert row["accepts"] == list(module.ACCEPTS)
        assert row["causal"] == getattr(module, "CAUSAL", False)
        assert row["ignores"] == list(catalog.ignored(row["name"]))
        assert row["refuses"] == {k: list(v) for k, v in getattr(module, "REFUSES", {}).items()}


def test_every_factor_has_its_levels_and_its_default(wonderland: Wonderland) -> None:
    rows = json.loads(wonderland("list", "tricks", "--json").out)["factors"]
    assert {row["name"]: row["levels"] for row in rows} == choices()
    assert {row["name"]: row["default"] for row in rows} == Trial(task="", architecture="").levels


@pytest.mark.parametrize(
    ("words", "kind", "there", "missing"),
    [
        (["tasks", "--only", "data=graph"], "tasks", "graph/cora", "image/digits"),
        (["tasks", "--only", "name=image/", "--skip", "metric=r2"], "tasks", "image/digits", "graph/cora"),
        (["architectures", "--only", "accepts=graph"], "architectures", "gcn", "cnn"),
        (["architectures", "--only", "causal=True", "--skip", "accepts=series"], "architectures", "", "gru"),
        (["studies", "--only", "factors=residual"], "studies", "first", "h52_hops"),
        (["factors", "--only", "group=size"], "factors", "width", "norm"),
    ],
)
def test_lists_are_filtered_by_their_columns(
    wonderland: Wonderland, words: list[str], kind: str, there: str, missing: str
) -> None:
    found = names(wonderland("list", *words, "--json").out, kind)
    assert there in found or not there
    assert missing not in found


def test_records_are_filtered_by_any_setting(wonderland: Wonderland, store: Store) -> None:
    done = wonderland("list", "records", "--only", "norm=none", "--only", "study=second_half", "--json")
    (row,) = json.loads(done.out)["records"]
    assert (row["study"], row["settings"]["norm"], row["settings"]["depth"]) == ("second_half", "none", 2)
    defaults = wonderland("list", "records", "--only", "norm=layer", "--only", "depth=8", "--json")
    assert len(json.loads(defaults.out)["records"]) == 1


def test_sweeps_are_listed_with_their_state(wonderland: Wonderland, store: Store) -> None:
    store.write_status("second", status(state="done", total=4, cached=1, done=3, outcomes={"finished": 3, "failed": 1}))
    rows = {row["name"]: row for row in json.loads(wonderland("list", "sweeps", "--json").out)["sweeps"]}
    assert rows["second"] == {"name": "second", "state": "done", "answered": 4, "planned": 4, "not finished": 1}
    assert rows["second_half"]["state"] == "planned"


def test_a_long_list_says_what_it_leaves_out(
    wonderland: Wonderland, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("suite.display.FIRST", 2)
    assert "2 of 5; --all shows the rest" in wonderland("list", "records").out
    assert "--all shows" not in wonderland("list", "records", "--all").out


def test_a_list_of_nothing_says_so(wonderland: Wonderland) -> None:
    done = wonderland("list", "records")
    assert (done.code, done.out) == (0, "no records to list\n")
    assert "wonderland sweep first" in done.err
