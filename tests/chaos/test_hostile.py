"""Names and configurations that somebody made up to do harm: exit 2 at once, or plain data to the end."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.world import STUDY, World, as_planned

DEEP = "[" * 100_000 + "]" * 100_000
MANY, CHOSEN = list(range(1, 200)), {"design": "d_optimal"}
LEFT = {
    "factors": {"norm": ["none", "batch", "rms"], "residual": ["none", "add", "zero"], "depth": [1, 2, 3]},
    "baseline": {},
    "forbidden": [{"norm": "batch"}],
}
ENDS = {name: list(range(1, 9001)) for name in ("width", "depth", "kernel")}
TEXTS = {
    "an empty file": "",
    "only a byte order mark": "\ufeff",
    "deep nesting": DEEP,
    "deep nesting in a field": json.dumps(STUDY)[:-1] + f', "seeds": {DEEP}}}',
    "ten million bytes": json.dumps({**STUDY, "question": "x" * 10_000_000}),
    "NaN": json.dumps({**STUDY, "factors": {"rate": [0.1, float("nan")]}}),
    "Infinity": json.dumps({**STUDY, "factors": {"rate": [0.1, float("inf")]}}),
    "1e999": json.dumps(STUDY).replace("0.5", "1e999"),
    "a number of five thousand digits": json.dumps(STUDY).replace('"seeds": 2', '"seeds": ' + "9" * 5000),
    "ten to the thirty seeds": json.dumps({**STUDY, "seeds": 10**30}),
    "a key twice": json.dumps(STUDY)[:-1] + ', "seeds": 3}',
    "a factor twice": json.dumps(STUDY).replace('"factors": {', '"factors": {"norm": ["none"], '),
    "half a pair of surrogates": json.dumps({**STUDY, "tasks": ["\ud800"]}),
    "two million levels": json.dumps({**STUDY, "factors": {"depth": list(range(1, 100_000))}, "seeds": 20}),
    "a task of a hundred thousand letters": json.dumps({**STUDY, "tasks": ["x" * 100_000]}),
    "a factor with a terminal escape": json.dumps({**STUDY, "factors": {"\x1b[2J": [1, 2]}}),
    "a level that is a study": json.dumps({**STUDY, "factors": {"norm": [STUDY, "none"]}}),
    "true for a number": json.dumps({**STUDY, "seeds": True}),
    "text for a list": json.dumps({**STUDY, "tasks": "image/digits"}),
    "null": json.dumps({**STUDY, "architectures": None}),
    "a path for a task": json.dumps({**STUDY, "tasks": ["../../etc/passwd"]}),
    "a module for an architecture": json.dumps({**STUDY, "architectures": ["os"]}),
    "not utf-8": "\udcff\udcfe",
    "a field of Python's": json.dumps({**STUDY, "self": 1}),
    "rows that are a number": json.dumps({**STUDY, "rows": 5}),
    "no looks": json.dumps({**STUDY, "seeds": "until-decided", "looks": []}),
    "no levels at both ends": json.dumps({**STUDY, "design": "both_ends", "factors": {"norm": []}}),
    "everything forbidden": json.dumps({**STUDY, "forbidden": [{}]}),
    "every level forbidden": json.dumps({**STUDY, "forbidden": [{"norm": "none"}, {"norm": "batch"}]}),
    "too many combinations to choose from": json.dumps({**STUDY, **CHOSEN, "factors": {"depth": MANY, "width": MANY}}),
    "what is left tells nothing apart": json.dumps({**STUDY, **CHOSEN, **LEFT}),
    "too deep a network": json.dumps({**STUDY, "factors": {"depth": [1, 10**9]}}),
    "too wide a network": json.dumps({**STUDY, "baseline": {"width": 2**63}}),
    "too many steps": json.dumps({**STUDY, "baseline": {"steps": 10**40}}),
    "too large a batch to search": json.dumps({**STUDY, "tune": {"batch": [2, 10**12]}}),
    "27,000 levels at both ends": json.dumps({**STUDY, "design": "both_ends", "factors": ENDS, "seeds": 20}),
}


@pytest.mark.parametrize("case", TEXTS)
def test_a_study_that_does_harm_is_refused_at_once(world: World, case: str) -> None:
    (world.root / "small.json").write_bytes(TEXTS[case].encode(errors="surrogateescape"))
    begun = time.monotonic()
    code, said = world.run()
    assert code == 2, said
    assert time.monotonic() - begun < 30, "at once, on a machine that may have other work"
    assert "Traceback" not in said
    assert len(said) < 3000
    assert len(said.splitlines()) == 1
    assert all(c.isprintable() for c in said.strip())
    assert not world.folder.exists()


NAMES = [
    "..json", "a b.json", "-rf.json", "a\nb.json", "\u202egnp.json", "\x1b[2J.json", "x" * 100 + ".json",
    "$(touch x).json", "a'b;--.json", "é.json", "=cmd|x.json", "<script>.json",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_file_whose_name_cannot_name_a_study(world: World, name: str) -> None:
    (world.root / name).write_text(json.dumps(STUDY))
    code, said = world.run("sweep", "--no-mirror", "--", name)
    assert code == 2, said
    assert all(c.isprintable() for c in said.strip())
    assert sorted(path.name for path in world.store.root.iterdir()) == ["past"]


@pytest.mark.parametrize(
    "name", ["x" * 300 + ".json", "x" * 5000 + ".py", "x" * 300, "/", ".", "..", "/dev/null", "nul.json"]
)
def test_what_is_no_study(world: World, name: str) -> None:
    code, said = world.run("sweep", name)
    assert code == 2, said
    assert "Traceback" not in said


def test_a_pipe_for_a_study_is_not_waited_for(world: World) -> None:
    import os

    os.mkfifo(world.root / "pipe.json")
    assert world.run("sweep", "pipe.json")[0] == 2


HOSTILE = "\x1b[2J\x07[red]\u202e<script>alert(1)</script> $(touch canary) '; DROP TABLE runs;-- %s {0} \\n\r =cmd|' /C"


def test_a_hostile_question_is_data_to_the_end(world: World) -> None:
    world.study["question"] = HOSTILE * 20
    world.write_study()
    assert world.run()[0] == 0
    as_planned(world)
    for words in (
        ("effects", "small"),
        ("status", "small"),
        ("leaderboard", "small"),
        ("plan", "small.json"),
        ("verify",),
    ):
        command = world.start(*words)
        assert command.end() == 0
        shown = command.printed + command.said
        assert not [c for c in shown if not c.isprintable() and c != "\n"]
    assert not list(world.root.rglob("canary"))


IDS = ("", "....", "../..", "%", "' OR 1=1 --", "\x1b[2J", "f" * 5000, "*")


def test_ids_are_data(world: World) -> None:
    assert world.run()[0] == 0
    for id in IDS:
        for verb in ("show", "reproduce", "explain"):
            code, said = world.run(verb, "--", id)
            assert code in (2, 6), said
            assert "Traceback" not in said
            assert all(c.isprintable() for c in said.strip().replace("\n", ""))


def test_a_task_that_loads_other_data_makes_stale_and_not_wrong(world: World) -> None:
    """An answer whose data is not today's is run again, whatever its checksum says."""
    from suite import ledger

    assert world.run()[0] == 0
    records = ledger.read(world.folder).records
    forged = [changed(record) for record in records[:2]]
    (world.folder / "ledger-000002.jsonl").write_bytes(b"".join(map(ledger.seal, forged)))
    (world.folder / "ledger-000001.jsonl").write_bytes(b"".join(map(ledger.seal, records[2:])))
    assert world.run()[0] == 0
    assert {id for id, times in world.begun.items() if times == 2} == {record.id for record in forged}
    as_planned(world, copies=2)


def changed(record: Any) -> Any:
    return record.model_copy(update={"provenance": record.provenance.model_copy(update={"data": "another"})})


def test_nothing_of_this_lies_outside(world: World, tmp_path: Path) -> None:
    assert world.run()[0] == 0
    assert {path.name for path in tmp_path.iterdir()} == {"w"}
