"""The ledger keeps what was committed, whatever happens to the file or the writer."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suite import ledger
from suite.record import Record
from suite.sealed import sealed
from suite.tail import Tail
from tests.records import record

RECORDS = [record(seed) for seed in range(3)]


def written(folder: Path, records: list[Record] = RECORDS) -> Path:
    with ledger.owned(folder) as book:
        book.append(records)
    (segment,) = ledger.segments(folder)
    return segment


def test_what_was_appended_is_read_back_in_order(tmp_path: Path) -> None:
    written(tmp_path)
    reading = ledger.read(tmp_path)
    assert reading == ledger.Reading(tuple(RECORDS), (), 0)


def test_a_sealed_line_is_json_that_anybody_can_read(tmp_path: Path) -> None:
    import json

    line = json.loads(written(tmp_path).read_text().splitlines()[0])
    assert next(iter(line)) == "id"
    assert line["id"] == RECORDS[0].id
    assert len(line["sum"]) == 16


@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_flipped_bit_is_noticed_wherever_it_is(place: int, bit: int) -> None:
    line = bytearray(ledger.seal(RECORDS[0])[:-1])
    line[place % len(line)] ^= 1 << bit
    with pytest.raises(ValueError, match="checksum"):
        ledger.unseal(bytes(line))


def test_a_damaged_line_is_named_and_costs_one_record(tmp_path: Path) -> None:
    segment = written(tmp_path)
    lines = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(lines[0] + lines[1].replace(b"mlp", b"cnn") + lines[2])
    reading = ledger.read(tmp_path)
    assert reading.records == (RECORDS[0], RECORDS[2])
    assert reading.damaged == (ledger.Damage(segment.name, 2, "checksum does not match"),)


def test_a_torn_tail_at_any_byte_loses_only_the_record_it_tears(tmp_path: Path) -> None:
    segment = written(tmp_path)
    whole = segment.read_bytes()
    for length in range(0, len(whole), 37):
        segment.write_bytes(whole[:length])
        reading = ledger.read(tmp_path)
        assert reading.records == tuple(RECORDS[: whole[:length].count(b"\n")])
        assert not reading.damaged
        assert reading.torn == (length > 0 and not whole[:length].endswith(b"\n"))


def test_the_next_owner_does_not_write_after_a_torn_tail(tmp_path: Path) -> None:
    segment = written(tmp_path, RECORDS[:2])
    segment.write_bytes(segment.read_bytes()[:-40])
    with ledger.owned(tmp_path) as book:
        book.append(RECORDS[1:])
    reading = ledger.read(tmp_path)
    assert reading.records == tuple(RECORDS)
    assert reading.torn == 1
    assert not reading.damaged


def test_appending_nothing_makes_no_file(tmp_path: Path) -> None:
    with ledger.owned(tmp_path) as book:
        book.append([])
    assert not ledger.segments(tmp_path)


def test_there_is_one_owner_and_the_other_is_told_who(tmp_path: Path, python: Callable[..., str]) -> None:
    code = f"""
from pathlib import Path
from suite import ledger
try:
    with ledger.owned(Path({str(tmp_path)!r})):
        print("owned")
except ledger.Locked as error:
    print(error)
"""
    with ledger.owned(tmp_path):
        assert f"process {os.getpid()} on" in python(code)
    assert python(code) == "owned\n"


def test_a_lock_that_was_given_up_meanwhile_locks_nobody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between our opening it and locking it, the owner before us removed it, because its study was refused."""
    monkeypatch.setattr("fcntl.flock", lambda *_: (tmp_path / ledger.LOCK).unlink(missing_ok=True))
    with pytest.raises(ledger.Locked, match="given up"), ledger.owned(tmp_path):
        pass
    monkeypatch.undo()
    with ledger.owned(tmp_path):
        pass


def test_a_killed_owner_leaves_no_lock(tmp_path: Path) -> None:
    code = f"""
import signal
from pathlib import Path
from suite import ledger
with ledger.owned(Path({str(tmp_path)!r})):
    print("owned", flush=True)
    signal.pause()
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "owned\n"
        with pytest.raises(ledger.Locked), ledger.owned(tmp_path):
            pass
        owner.send_signal(signal.SIGKILL)
        owner.wait()
        with ledger.owned(tmp_path):
            pass


def test_where_nothing_is_locked_the_later_owner_goes_on_and_the_other_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fcntl.flock", lambda *_: None)  # as some network file systems have it
    with ledger.owned(tmp_path) as first, ledger.owned(tmp_path) as rival:
        first.append(RECORDS[:1])
        with pytest.raises(ledger.Locked, match="somebody else, who began ledger-000001"):
            rival.append(RECORDS[1:2])
        with ledger.owned(tmp_path) as later:
            later.append(RECORDS[1:2])
            for _ in range(2):
                with pytest.raises(ledger.Locked, match="somebody else, who began ledger-000002"):
                    first.append(RECORDS[2:])
            later.append(RECORDS[2:])
    assert ledger.read(tmp_path).records == tuple(RECORDS)


def test_a_full_disk_breaks_the_writer_and_not_the_ledger(tmp_path: Path) -> None:
    """The file may grow to two and a half records, as on a disk with that much room."""
    room = len(ledger.seal(RECORDS[0])) * 5 // 2
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        with ledger.owned(tmp_path) as book:
            book.append(RECORDS[:1])
            with pytest.raises(OSError, match="too large"):
                book.append(RECORDS[1:])
            with pytest.raises(OSError, match="earlier write"):
                book.append(RECORDS[1:2])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert ledger.read(tmp_path).records == tuple(RECORDS[:2])  # the second was written, though never promised
    with ledger.owned(tmp_path) as book:
        book.append(RECORDS[1:])
    assert list(ledger.current(ledger.read(tmp_path).records).values()) == RECORDS


def test_the_first_record_of_an_answer_counts() -> None:
    first, copy = record(test=0.5), record(test=0.6)
    assert ledger.current([first, copy])[first.id] is first


def test_another_answer_replaces_the_first_and_can_be_replaced_by_it_again() -> None:
    old, new = record(source="old"), record(source="new")
    assert ledger.current([old, new])[old.id] is new
    assert ledger.current([old, new, old])[old.id] is old


@pytest.mark.parametrize("outcome", ["crashed", "timed_out", "out_of_memory"])
def test_what_was_lost_is_no_answer(outcome: str) -> None:
    lost, answer = record(outcome=outcome), record()
    assert ledger.current([lost, answer])[lost.id] is answer
    assert ledger.current([answer, lost])[lost.id] is answer


FIRST = (  # as it was written before most settings were there
    b'{"id":"51aa816f4857","trial":{"task":"image/digits","architecture":"mlp","tricks":{"norm":"layer",'
    b'"residual":"add","dropout":0.0,"augmentation":"none"},"size":{"width":64,"depth":4,"patch":1},'
    b'"budget":{"steps":1000,"batch":64,"rate":0.001,"weight_decay":0.01},"seed":3,"protocol":1},'
    b'"metric":"accuracy","chance":0.1,"result":{"outcome":"finished","steps":10,"valid":0.5,"test":0.25,'
    b'"curve":[{"step":10,"loss":1.5,"valid":0.5}],"weights":"0123456789abcdef","message":null},'
    b'"cost":{"parameters":7,"flops":0,"seconds":0.5,"peak_memory_mb":0.0},"provenance":{"source":"s","data":"d",'
    b'"numerics":{"torch":"2"},"libraries":{"torch":"2"},"lock":null,"commit":null,"dirty":null,"python":"",'
    b'"host":""},"schema_version":1}'
)


def test_an_earlier_record_is_read_and_a_later_one_is_refused_and_not_taken_for_damage() -> None:
    read = ledger.unseal(sealed(FIRST)[:-1])
    assert (read.id, read.trial.size.heads, read.result.test) == ("51aa816f4857", 4, 0.25)
    assert ledger.unseal(ledger.seal(read)[:-1]) == read
    stranger = FIRST.replace(b'"finished"', b'"wandered_off"')
    with pytest.raises(ledger.Incompatible, match="a later Wonderland wrote it"):
        ledger.unseal(sealed(stranger.replace(b'"schema_version":1', b'"schema_version":2'))[:-1])
    with pytest.raises(ValueError, match="outcome") as damage:
        ledger.unseal(sealed(stranger)[:-1])
    assert not isinstance(damage.value, ledger.Incompatible), "a format that we know has no such outcome"


def test_a_follower_sees_each_record_once_and_no_torn_line(tmp_path: Path) -> None:
    tail = Tail(tmp_path)
    assert tail.fresh() == []
    segment = written(tmp_path, RECORDS[:1])
    line = ledger.seal(RECORDS[1])
    with segment.open("ab") as file:
        file.write(line[:50])
    assert tail.fresh() == RECORDS[:1]
    assert tail.fresh() == []
    with segment.open("ab") as file:
        file.write(line[50:])
    assert tail.fresh() == RECORDS[1:2]
