"""What is to be reproduced is found in the store, in a file of records, or said to be in none."""

from pathlib import Path

import pytest

from suite.ledger import seal
from suite.reproduction.asked import asked
from suite.store import Store, StoreError
from tests.records import record
from tests.test_store import filled

RECORDS = [record(seed, outcome="crashed" if seed == 4 else "finished") for seed in range(5)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return filled(tmp_path / "runs", "first", RECORDS)


def test_a_study_is_all_that_has_a_result(store: Store) -> None:
    found = asked(store, "first")
    assert (found.study, found.records, found.whole, found.left_out) == ("first", tuple(RECORDS[:4]), True, 1)


def test_a_sample_is_the_same_every_time_and_in_order(store: Store) -> None:
    found = asked(store, "first", sample=2)
    assert found == asked(store, "first", sample=2)
    assert len(found.records) == 2
    assert found.left_out == 3
    assert [r for r in RECORDS if r in found.records] == list(found.records)


def test_an_id_is_one_record(store: Store) -> None:
    found = asked(store, RECORDS[2].id[:6])
    assert (found.study, found.records, found.whole) == ("first", (RECORDS[2],), False)
    with pytest.raises(StoreError, match="no record 'ffffff'"):
        asked(store, "ffffff")


@pytest.mark.parametrize("sealed", [True, False])
def test_a_file_of_records_needs_no_store(tmp_path: Path, sealed: bool) -> None:
    path = tmp_path / "published.jsonl"
    path.write_bytes(b"".join(seal(r) if sealed else r.to_json().encode() + b"\n" for r in RECORDS))
    found = asked(Store(tmp_path / "none"), RECORDS[1].id[:6], path)
    assert (found.study, found.records) == ("published", (RECORDS[1],))
    assert len(asked(Store(tmp_path / "none"), "published", path).records) == 4


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "published.jsonl"
    lines = [seal(r) for r in RECORDS]
    lines[1] = lines[1].replace(b'"test":0.5', b'"test":0.6')
    path.write_bytes(b"".join(lines))
    with pytest.raises(StoreError, match=r"published\.jsonl line 2 is no record: checksum does not match"):
        asked(Store(tmp_path), RECORDS[0].id, path)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no"):
        asked(Store(tmp_path), "abcdef", tmp_path / "nothing.jsonl")
