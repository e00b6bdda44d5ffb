"""Whatever happens to the files of a store: found, named, contained; only what was lost runs again."""

import json
import os
import random
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from suite import ledger
from suite.record import Record
from suite.sealed import sealed
from tests.chaos.world import World, as_planned, whole

SEGMENT = "ledger-000001.jsonl"


@pytest.fixture
def done(world: World) -> World:
    """A world whose sweep is done."""
    assert world.run()[0] == 0
    return world


def again(world: World, lost: set[str], *, copies: int = 0) -> None:
    """The same command runs what was lost again, and nothing else."""
    before = world.begun
    whole(world, copies=copies)
    assert world.begun == before + Counter(lost)


def ids(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_bytes().splitlines()]


@pytest.mark.parametrize("seed", range(4))
def test_bytes_that_are_flipped(done: World, seed: int) -> None:
    chance, segment = random.Random(seed), done.folder / SEGMENT
    content = bytearray(segment.read_bytes())
    for place in chance.sample(range(len(content)), chance.choice([1, 1, 2, 5, 40])):
        content[place] ^= 1 << chance.randrange(8)
    segment.write_bytes(content)
    there = set(done.lines)
    reading = ledger.read(done.folder)
    assert reading.damaged or reading.torn
    code, _ = done.run("verify")
    assert code == (6 if reading.damaged else 0)
    again(done, set(done.truth) - there)
    assert json.loads(printed(done, "verify", "--json"))["quarantined"] == len(reading.damaged)


def printed(world: World, *words: str) -> str:
    command = world.start(*words)
    command.end()
    return command.printed


def test_damage_to_what_is_in_quarantine_is_new_damage(done: World) -> None:
    segment = done.folder / SEGMENT
    for old, new in ((b'"mlp"', b'"cnn"'), (b'"cnn"', b'"gru"')):
        segment.write_bytes(segment.read_bytes().replace(old, new, 1))
        code, _ = done.run("verify")
        assert code == 6
        assert done.run()[0] == 0
        as_planned(done)


@pytest.mark.parametrize("keep", [0, 1000])
def test_a_segment_that_is_cut(done: World, keep: int) -> None:
    segment = done.folder / SEGMENT
    segment.write_bytes(segment.read_bytes()[:keep])
    there = set(done.lines)
    again(done, set(done.truth) - there)


def test_segments_twice_empty_and_in_another_order(done: World) -> None:
    lines = (done.folder / SEGMENT).read_bytes().splitlines(keepends=True)
    (done.folder / SEGMENT).write_bytes(b"".join(reversed(lines)))
    (done.folder / "ledger-000002.jsonl").write_bytes(b"")
    (done.folder / "ledger-000009.jsonl").write_bytes(b"".join(lines))
    (done.folder / "ledger-of-a-friend.jsonl").write_bytes(b"".join(lines[:2]))
    assert f"{len(lines) + 2} records are copies" in printed(done, "verify", "small")
    assert json.loads(printed(done, "verify", "small", "--json"))["copies"] == len(lines) + 2
    again(done, set(), copies=len(lines) + 2)
    (done.folder / SEGMENT).unlink()
    again(done, set(), copies=2)
    (done.folder / "ledger-000009.jsonl").unlink()
    lost = set(done.truth) - set(done.lines)
    assert len(lost) == len(lines) - 2
    again(done, lost)
    assert (done.folder / "ledger-000003.jsonl").exists()


def test_records_of_others_change_nothing(done: World) -> None:
    theirs = ledger.segments(done.store.folder("past"))[0].read_bytes()
    (done.folder / "ledger-000002.jsonl").write_bytes(theirs)
    assert "1 record is not in the plan" in printed(done, "verify")
    assert json.loads(printed(done, "verify", "small", "--json"))["not_planned"] == theirs.count(b"\n") == 1
    again(done, set())


def test_a_whole_ledger_that_is_gone(done: World) -> None:
    (done.folder / SEGMENT).unlink()
    again(done, set(done.truth))


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b'{"pid": 1e400}'])
def test_other_files_of_a_store(done: World, content: bytes) -> None:
    for name in ("plan.json", "status.json", "lock"):
        (done.folder / name).write_bytes(content)
    for words in (("status", "small"), ("verify",)):
        code, said = done.run(*words)
        assert code in (0, 6), said
        assert "Traceback" not in said
    again(done, set())


def test_a_status_of_no_process_there_can_be(done: World) -> None:
    status = json.loads((done.folder / "status.json").read_text())
    for pid in (-1, 0, 2**31, 2**80):
        (done.folder / "status.json").write_text(json.dumps({**status, "state": "running", "pid": pid}))
        code, said = done.run("status", "small")
        assert code == 0, said


@pytest.mark.parametrize("kind", ["folder", "link", "link to nothing", "pipe"])
def test_a_segment_that_is_none(done: World, kind: str) -> None:
    segment, elsewhere = done.folder / "ledger-000002.jsonl", done.root / "elsewhere"
    elsewhere.write_bytes((done.folder / SEGMENT).read_bytes())
    if kind == "folder":
        segment.mkdir()
    elif kind == "pipe":
        os.mkfifo(segment)
    else:
        segment.symlink_to(elsewhere if kind == "link" else done.root / "nothing")
    for words in (("sweep", "small.json", "--no-mirror"), ("verify",), ("effects", "small"), ("show", "0000")):
        code, said = done.run(*words)
        assert code == 6, said
        assert str(segment) in said
        assert "move it away" in said
        assert not done.left_over()
    segment.rmdir() if kind == "folder" else segment.unlink()
    again(done, set())


@pytest.mark.parametrize("name", ["lock", "engine.log", ".plan.json.new", "mirror.log"])
def test_a_link_out_of_the_store_is_not_written_through(done: World, name: str) -> None:
    precious = done.root / "precious"
    precious.write_text("precious")
    (done.folder / name).unlink(missing_ok=True)
    (done.folder / name).symlink_to(precious)
    words = ("sweep", "small.json", "--no-mirror" if name != "mirror.log" else "--mirror")
    code, said = done.run(*words)
    assert precious.read_text() == "precious"
    assert code == 4, said
    assert str(done.folder / name) in said
    (done.folder / name).unlink()
    again(done, set())


@pytest.mark.parametrize("name", ["quarantine", "checkpoints"])
def test_a_link_to_a_folder_outside_is_not_followed(done: World, name: str) -> None:
    precious, segment = done.root / "precious", done.folder / SEGMENT
    precious.mkdir()
    kept = {"0" * 12 + "-1.checkpoint": "precious", SEGMENT: "precious"}
    for file, text in kept.items():
        (precious / file).write_text(text)
    (done.folder / name).symlink_to(precious)
    if name == "quarantine":  # where there is something to put
        segment.write_bytes(segment.read_bytes().replace(b'"mlp"', b'"cnn"', 1))
    lost = set(done.truth) - set(ledger.current(undamaged(segment)))
    code, said = done.run()
    assert code == 6, said
    assert f"{done.folder / name} is a link" in said
    assert "move it away" in said
    assert done.run("gc", "--yes")[0] == 0
    assert {path.name: path.read_text() for path in precious.iterdir()} == kept
    (done.folder / name).unlink()
    again(done, lost)


def undamaged(segment: Path) -> list[Record]:
    found = []
    for line in segment.read_bytes().splitlines():
        with suppress(ValueError):
            found.append(ledger.unseal(line))
    return found


def test_a_record_of_a_later_version(done: World) -> None:
    """It may say things that this version cannot know, so it is neither read nor taken for damage."""
    record = json.loads(next(iter(done.truth.values())).to_json())
    record["schema_version"] += 1
    for extra in ({}, {"result": record["result"] | {"mood": "good"}}, {"metric": 3}):
        line = sealed(json.dumps(record | extra, separators=(",", ":")).encode())
        (done.folder / "ledger-000002.jsonl").write_bytes(line)
        for words in (
            ("sweep", "small.json", "--no-mirror"),
            ("verify",),
            ("leaderboard", "small"),
            ("plan", "small.json"),
        ):
            code, said = done.run(*words)
            assert code == 6, said
            assert "ledger-000002.jsonl line 1: a later Wonderland wrote it" in said
            assert "update Wonderland" in said
    (done.folder / "ledger-000002.jsonl").unlink()
    again(done, set())
