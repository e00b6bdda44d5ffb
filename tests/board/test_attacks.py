"""Attacks on the board: each is made from honest rows, and ends in quarantine with a reason of one sentence."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from suite.board import published, submission
from suite.board.finding import Rule
from suite.board.line import AnyLine, Entry, Judged, Opening, Row, Stamp, manifest, written
from suite.board.rules import findings, quarantined
from suite.record import Record
from suite.reproduction.kept import Kept
from tests.board import made

Attack = Callable[[], list[AnyLine]]


def changed(record: Record, **parts: dict[str, object]) -> Record:
    """The record with other values in some of its parts."""
    fields = record.model_dump()
    for part, values in parts.items():
        fields[part] = {**fields[part], **values}
    return Record.from_json(json.dumps(fields))


def altered(lines: list[AnyLine], change: Callable[[Row], Row], role: str = "score") -> list[AnyLine]:
    """The lines with their first row of that role changed."""
    place = next(n for n, line in enumerate(lines) if isinstance(line, Row) and line.role == role)
    first = lines[place]
    assert isinstance(first, Row)
    return [*lines[:place], change(first), *lines[place + 1 :]]


def without(lines: list[AnyLine], drop: Callable[[Row], bool]) -> list[AnyLine]:
    return [line for line in lines if not (isinstance(line, Row) and drop(line))]


def better_duplicate() -> list[AnyLine]:
    first = next(row for row in made.rows("gru") if row.role == "score")
    return [*made.honest("gru"), made.row("gru", changed(first.record, result={"test": 0.99, "weights": "other"}))]


def no_hardest_task() -> list[AnyLine]:
    lines = without(made.honest("gru"), lambda row: row.record.trial.task == "series/mnist1d")
    return [line for line in lines if getattr(line, "task", "") != "series/mnist1d"]


def no_validation() -> list[AnyLine]:
    return altered(
        made.honest("gru"), lambda row: made.row("gru", changed(row.record, result={"valid": None}), row.role)
    )


def other_board() -> list[AnyLine]:
    elsewhere = made.facts(**{"image/digits": made.task_facts(chance=0.2)})
    stamp = Stamp(board=elsewhere.version, at=made.STAMP.at, by=made.STAMP.by)
    return altered(made.honest("gru"), lambda row: made.row("gru", row.record, row.role, stamp))


def other_data() -> list[AnyLine]:
    """The board's version is forged, so that only the data's hash gives it away."""
    return altered(made.honest("gru"), lambda row: made.row("gru", changed(row.record, provenance={"data": "easier"})))


def best_of_twenty() -> list[AnyLine]:
    return [made.entry("gru", variants=20), *made.honest("gru")[1:]]


def forged_aggregate() -> list[AnyLine]:
    *lines, last = made.honest("gru")
    return [*lines, last.model_copy(update={"mean": 0.95})]


def wrong_manifest() -> list[AnyLine]:
    """The score is raised after the manifest was made."""
    lines = altered(
        made.honest("gru"),
        lambda row: row.model_copy(update={"record": changed(row.record, result={"test": 0.71 + 1e-6})}),
    )
    return [line for line in lines if isinstance(line, Entry | Row)]


def lucky_seeds() -> list[AnyLine]:
    """Seed 0 was unlucky, so that seed 9 takes its place."""
    lines = without(made.honest("gru"), lambda row: row.record.trial.seed == 0)
    extra = [
        changed(made.record("gru", task, 0, made.RATES[1], 0.99), trial={"seed": 9}) for task in made.ACCEPTS["gru"]
    ]
    return [line for line in [*lines, *(made.row("gru", one) for one in extra)] if isinstance(line, Entry | Row)]


def more_tuning() -> list[AnyLine]:
    tries = [made.record("gru", task, made.TUNING, 0.02, 0.95) for task in made.ACCEPTS["gru"]]
    return [*made.honest("gru"), *(made.row("gru", one, "tuning") for one in tries)]


def tuned_on_test() -> list[AnyLine]:
    """Scored at the rate that validation did not choose."""
    lines = without(made.honest("gru"), lambda row: row.role == "score")
    runs = [made.record("gru", task, seed, made.RATES[0], 0.8) for task in made.ACCEPTS["gru"] for seed in made.SEEDS]
    return [line for line in [*lines, *(made.row("gru", one) for one in runs)] if isinstance(line, Entry | Row)]


def longer_training() -> list[AnyLine]:
    def longer(row: Row) -> Row:
        trial = row.record.trial.moved({"steps": 5000})
        return made.row("gru", row.record.model_copy(update={"trial": trial}), row.role)

    return altered(made.honest("gru"), longer)


def two_codes() -> list[AnyLine]:
    return altered(
        made.honest("gru"), lambda row: made.row("gru", changed(row.record, provenance={"source": "another"}))
    )


def above_perfection() -> list[AnyLine]:
    lines = altered(
        made.honest("gru"), lambda row: made.row("gru", changed(row.record, result={"test": 1.5, "weights": "w"}))
    )
    return [line for line in lines if isinstance(line, Entry | Row)]


def never_entered() -> list[AnyLine]:
    return [line for line in made.honest("gru") if isinstance(line, Row)]


def came_out_otherwise() -> list[AnyLine]:
    first = next(row for row in made.rows("gru") if row.role == "score")
    verdict = Kept(
        id=first.id,
        verdict="different",
        when="2026-02-01T00:00:00+00:00",
        words="test was 0.71 and is 0.4",
        result=first.record.result.digest,
        answered_by=first.record.answered_by,
    )
    return [*made.honest("gru"), Judged(stamp=made.STAMP, verdict=verdict)]


ATTACKS: list[tuple[Attack, Rule, str]] = [
    (better_duplicate, "duplicate", "is there with test 0.71 and with test 0.99"),
    (no_hardest_task, "missing task", "there is no score on series/mnist1d, which it accepts"),
    (no_validation, "no validation", "has a test score and none on validation, by which choices are made"),
    (other_board, "other board", "was made for board "),
    (other_data, "other data", "was trained on data easier; the board's are data of 0"),
    (best_of_twenty, "hidden variants", "20 variants of it were scored, and 1 of them sent in"),
    (forged_aggregate, "forged aggregate", "series/mnist1d is said to be 0.95 over 3 seeds, and its rows come to 0.63"),
    (wrong_manifest, "wrong manifest", "and its record "),
    (lucky_seeds, "wrong seeds", "image/digits is scored on seeds 1, 2, 9, and not on 0, 1, 2"),
    (
        more_tuning,
        "other tuning",
        "image/digits was tuned at rate 0.001, rate 0.003, rate 0.02; everybody's is rate 0.001, ",
    ),
    (tuned_on_test, "other tuning", "image/digits is scored at rate 0.001, and validation chose rate 0.003"),
    (longer_training, "other settings", "ran with steps 5000; the board's is 50"),
    (two_codes, "mixed code", "were answered by 2 versions of the code (another and source of gru)"),
    (above_perfection, "impossible score", "scores above 1, which is perfection"),
    (never_entered, "never entered", "it has rows and no line that says what entered"),
    (came_out_otherwise, "not reproduced", "came out otherwise on 2026-01-01T00:00:00+00:00: test was 0.71 and is 0.4"),
]


def board_with(lines: list[AnyLine]) -> published.Board:
    others = [line for name in ("mlp", "cnn", "lstm") for line in made.honest(name)]
    return made.board([*others, *lines])


def test_an_honest_board_has_no_findings() -> None:
    assert findings(made.board()) == ()


def test_the_same_row_twice_is_no_attack() -> None:
    assert findings(board_with([*made.honest("gru"), *made.rows("gru")])) == ()


@pytest.mark.parametrize(("attack", "rule", "reason"), ATTACKS, ids=lambda x: getattr(x, "__name__", ""))
def test_an_attack_is_quarantined_with_its_reason(attack: Attack, rule: Rule, reason: str) -> None:
    found = findings(board_with(attack()))
    assert {finding.entry for finding in found} == {"gru"}, "nobody else is touched"
    hits = [finding.reason for finding in found if finding.rule == rule]
    assert hits, found
    assert any(reason in hit for hit in hits), hits
    assert all("\n" not in hit and len(hit) < 300 for hit in hits)
    assert "gru" in quarantined(found)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_quarantined(tmp_path: Path, number: str) -> None:
    lines = [written(line) for line in made.honest("gru")]
    place = next(n for n, line in enumerate(lines) if b'"role":"score"' in line)
    row = json.loads(lines[place])
    row["record"]["result"]["test"] = float(number.replace("Infinity", "inf"))
    lines[place] = json.dumps(row).encode() + b"\n"
    file = tmp_path / "gru.jsonl"
    file.write_bytes(b"".join(lines))
    sent, broken = submission.read(file)
    found = findings(board_with([]).plus(sent, broken))
    (unreadable,) = [finding for finding in found if finding.rule == "unreadable"]
    assert unreadable.entry == "gru"
    assert f"line {place + 1} is no row: record.result.test is not a finite number" in unreadable.reason


def test_rows_that_claim_the_version_of_another_board_do_not_get_its_meaning(tmp_path: Path) -> None:
    """An opening whose version is not the hash of its facts is no board at all."""
    elsewhere = made.facts(**{"image/digits": made.task_facts(chance=0.2)})
    file = tmp_path / "board.jsonl"
    published.append(file, [Opening(stamp=made.STAMP, facts=elsewhere), *made.honest("gru")])
    with pytest.raises(published.BoardError, match="its facts are those of"):
        published.board(file)


def test_variants_that_are_all_sent_in_are_shown_and_no_attack() -> None:
    earlier = [
        made.row("gru", changed(row.record, provenance={"source": "before"}, result={"weights": "before"}), "variant")
        for row in made.rows("gru")
    ]
    lines = [made.entry("gru", variants=2), *made.honest("gru")[1:], *earlier]
    assert findings(board_with(lines)) == ()
    assert findings(board_with(lines[: -len(earlier)])) != ()


def test_what_the_catalogue_accepts_counts_whatever_the_entry_says() -> None:
    """An entry that hides that it accepts the hardest task is found out where the architecture is known."""
    small = [
        line.model_copy(update={"accepts": ("image/digits",)}) if isinstance(line, Entry) else line
        for line in no_hardest_task()
    ]
    assert findings(board_with(small)) == ()
    (found,) = findings(board_with(small), lambda name: made.ACCEPTS.get(name))
    assert found.rule == "missing task"
    assert "series/mnist1d" in found.reason


def test_the_manifest_moves_with_anything_that_a_record_says() -> None:
    one = made.record("gru", "image/digits", 0, 1e-3, 0.5)
    others = [
        changed(one, result={"test": 0.5000001}),
        changed(one, cost={"seconds": 0.4}),
        changed(one, provenance={"commit": "abc"}),
        changed(one, trial={"seed": 1}),
    ]
    assert len({manifest(record) for record in (one, *others)}) == 5
