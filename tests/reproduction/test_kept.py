"""Verdicts are kept with their date, beside each other, and a torn tail takes nothing along."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from suite.reproduction.kept import FILE, Kept, keep, kept, latest, of, read, seal
from suite.reproduction.verdict import Verdict, compare
from suite.store import Store
from tests.records import record

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def verdict(seed: int = 0, kind: str = "bit-exact", when: datetime = NOON) -> Kept:
    return of(record(seed), Verdict(kind, "because"), when)  # type: ignore[arg-type]


def test_what_is_kept_is_what_was_said(tmp_path: Path) -> None:
    store, then = Store(tmp_path), record(0)
    now = then.model_copy(update={"provenance": then.provenance.model_copy(update={"source": "0" * 16})})
    keep(store, "first", [of(then, compare(then, now), NOON)])
    (one,) = kept(store, "first")
    assert (one.id, one.verdict, one.when) == (then.id, "bit-exact", "2026-11-25T12:00:00+00:00")
    assert one.against == {"torch": "2"}
    assert one.moved == ("source",)
    assert "the same bits" in one.words
    assert one.judges(then)
    assert not one.judges(now), "it is a verdict on the record that was there, not on one with other code"


def test_twice_is_two_lines_and_the_last_one_counts(tmp_path: Path) -> None:
    store = Store(tmp_path)
    keep(store, "first", [verdict()])
    keep(store, "first", [verdict(kind="different")])
    assert [one.verdict for one in kept(store, "first")] == ["bit-exact", "different"]
    assert latest(kept(store, "first"))[record(0).id].verdict == "different"


def test_nothing_kept_is_no_error(tmp_path: Path) -> None:
    assert kept(Store(tmp_path), "first") == ()


@pytest.mark.parametrize("cut", [2, 20, 200])
def test_a_torn_tail_is_passed_over_and_written_after(tmp_path: Path, cut: int) -> None:
    store, path = Store(tmp_path), tmp_path / "first" / FILE
    keep(store, "first", [verdict(0), verdict(1)])
    path.write_bytes(path.read_bytes()[:-cut])
    assert [one.id for one in kept(store, "first")] == [record(0).id]
    keep(store, "first", [verdict(2)])
    assert [one.id for one in kept(store, "first")] == [record(0).id, record(2).id]


def test_every_flipped_bit_is_noticed(tmp_path: Path) -> None:
    line = seal(verdict())
    path = tmp_path / FILE
    for place in range(len(line) - 1):
        path.write_bytes(line[:place] + bytes([line[place] ^ 1]) + line[place + 1 :])
        assert read(path) == (), f"byte {place}"
    path.write_bytes(line)
    assert read(path) == (verdict(),)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic link"):
        keep(Store(tmp_path), "first", [verdict()])
    assert not (tmp_path / "elsewhere").exists()


def test_several_writers_lose_nothing(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from suite.reproduction.kept import keep, of
from suite.reproduction.verdict import Verdict
from suite.store import Store
from tests.records import record
for _ in range(20):
    keep(Store(Path({str(tmp_path)!r})), "first", [of(record(SEED), Verdict("bit-exact", "because"))])
"""
    writers = [subprocess.Popen([sys.executable, "-c", code.replace("SEED", str(seed))], cwd=ROOT) for seed in range(2)]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    found = [one.id for one in kept(Store(tmp_path), "first")]
    assert sorted(found) == sorted([record(0).id, record(1).id] * 20)
