"""A bundle is whole, says what is wrong with it when it is not, and holds the numbers that the command line says."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from suite.export import manifest
from suite.export.bundle import Occupied, export, faults
from suite.export.manifest import MANIFEST, Fault, there
from suite.reproduction.asked import asked
from suite.reproduction.kept import keep, of
from suite.reproduction.verdict import Verdict
from suite.spreadsheet import guarded
from suite.store import Store, StoreError
from tests.records import record

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def test_a_bundle_is_as_its_manifest_says(bundle: Path) -> None:
    assert faults(bundle) == []
    assert {"index.html", "records.jsonl", "tables/effects.csv", "tasks/image/digits.py"} <= {*there(bundle)}


def test_the_same_store_gives_the_same_bundle(store: Store, tmp_path: Path) -> None:
    a, b = (export(store, "first", tmp_path / name, by="Alice", now=NOON) for name in "ab")
    assert {name: (a / name).read_bytes() for name in there(a)} == {name: (b / name).read_bytes() for name in there(b)}
    assert manifest.digest(a) == manifest.digest(b)


@pytest.mark.parametrize("name", ["records.jsonl", "tables/leaderboard.csv", "index.html", "constraints.txt"])
def test_one_flipped_bit_is_named(bundle: Path, name: str) -> None:
    path = bundle / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    found = [fault for fault in faults(bundle) if "SHA-256" in fault.what]
    assert [fault.file for fault in found] == [name]


def test_what_is_missing_added_or_a_link_is_named(bundle: Path, tmp_path: Path) -> None:
    (bundle / "plan.json").unlink()
    (bundle / "more.txt").write_text("more")
    (bundle / "index.html").rename(tmp_path / "page.html")
    (bundle / "index.html").symlink_to(tmp_path / "page.html")
    assert {(fault.file, fault.what) for fault in faults(bundle)} == {
        ("plan.json", "is missing"),
        ("more.txt", "is not in the manifest"),
        ("index.html", "is a link, which may lead anywhere"),
    }


def test_a_forged_table_is_noticed_though_its_digest_is_right(bundle: Path) -> None:
    path = bundle / "tables" / "effects.csv"
    path.write_text(path.read_text().replace("0.1", "0.9", 1))
    manifest.write(bundle, manifest.described(bundle, manifest.read(bundle)))
    assert faults(bundle) == [Fault("tables/effects.csv", "is not what the records give")]


@pytest.mark.parametrize("name", ["../elsewhere", "/etc/passwd"])
def test_a_manifest_that_points_outside_is_refused(bundle: Path, name: str) -> None:
    said = json.loads((bundle / MANIFEST).read_bytes())
    said["files"][name] = {"sha256": "0" * 64, "bytes": 1}
    (bundle / MANIFEST).write_text(json.dumps(said))
    with pytest.raises(StoreError, match="not inside the bundle"):
        faults(bundle)


def test_a_folder_of_somebody_is_not_written_over(store: Store, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.tex").write_text("years of work")
    with pytest.raises(Occupied, match="is no bundle"):
        export(store, "first", mine)
    assert (mine / "thesis.tex").read_text() == "years of work"


def test_a_bundle_takes_the_place_of_one(store: Store, bundle: Path) -> None:
    keep(store, "first", [of(record(0, depth=2, norm="none"), Verdict("bit-exact", "the same bits"))])
    export(store, "first", bundle, by="Alice")
    assert faults(bundle) == []
    assert len(rows(bundle, "reproductions")) == 1
    assert [path.name for path in bundle.parent.iterdir() if path.name.startswith(".")] == []


def test_records_come_back_as_they_were_and_damage_is_refused(store: Store, bundle: Path, tmp_path: Path) -> None:
    elsewhere = Store(tmp_path / "another machine")
    found = asked(elsewhere, "first", bundle)
    assert (found.study, found.records) == ("first", store.records("first"))
    path = bundle / "records.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"test":0.52', b'"test":0.92', 1))
    with pytest.raises(StoreError, match=r"records\.jsonl has SHA-256 .* wonderland verify"):
        asked(elsewhere, "first", bundle)


def rows(bundle: Path, name: str) -> list[dict[str, str]]:
    with (bundle / "tables" / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def said(runs: Path, *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", "from suite.cli.main import main; main()", *words, "--runs", str(runs), "--json"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return json.loads(done.stdout)


Number = Callable[[str], float | None]


def number(text: str) -> float | None:
    return float(text) if text else None


@pytest.mark.parametrize("table", ["effects", "interactions"])
def test_tables_hold_the_numbers_of_the_command_line(store: Store, bundle: Path, table: str) -> None:
    """To the last digit, for what is pooled over tasks and architectures."""
    ours = [row for row in rows(bundle, table) if row["task"] == row["architecture"] == "all"]
    theirs = said(store.root, "effects", "first")[table]
    assert len(ours) == len(theirs) > 0
    for name in ("effect", "low", "high", "p_holm"):
        assert [number(row[name]) for row in ours] == [row[name] for row in theirs]


def test_the_board_holds_the_numbers_of_the_command_line(store: Store, bundle: Path) -> None:
    ours = [row for row in rows(bundle, "leaderboard") if row["task"] == "all"]
    theirs = said(store.root, "leaderboard", "first")["leaderboard"]
    assert [(row["architecture"], float(row["mean"])) for row in ours] == [
        (row["architecture"], row["mean"]) for row in theirs
    ]


def test_no_cell_is_a_formula_and_numbers_stay_numbers(bundle: Path) -> None:
    assert guarded("=1+1") == "'=1+1"
    assert guarded("@cmd") == "'@cmd"
    assert guarded(-0.5) == -0.5
    assert guarded("a\x1b[2Jb") == "a\\x1b[2Jb"
    (claim,) = rows(bundle, "claims")
    assert "\x1b" not in claim["source"]
    assert float(claim["effect"]) == pytest.approx(0.101)


def test_the_crate_tells_what_made_it(bundle: Path) -> None:
    """By the profile: the action has an instrument, objects, a result and an agent, all of which are described."""
    crate = json.loads((bundle / "ro-crate-metadata.json").read_bytes())
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(entities) == len(crate["@graph"])
    root = entities["./"]
    assert root["conformsTo"] == {"@id": "https://w3id.org/ro/wfrun/process/0.5"}
    assert {one["@id"] for one in root["hasPart"]} == {
        *there(bundle),
    } - {"ro-crate-metadata.json"}
    sweep = entities["#sweep"]
    assert sweep["@type"] == "CreateAction"
    assert entities[sweep["agent"]["@id"]]["name"] == "Alice"
    assert entities[sweep["instrument"]["@id"]]["@type"] == "SoftwareApplication"
    references = [value for entity in crate["@graph"] for value in entity.values() for value in _ids(value)]
    outside = {id for id in references if id not in entities and not id.startswith(("http", "croissant/"))}
    assert outside == set()


def _ids(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [value["@id"]] if set(value) == {"@id"} else []
    return [id for one in value for id in _ids(one)] if isinstance(value, list) else []


def test_data_is_described_with_its_licence_and_digests(bundle: Path) -> None:
    said = json.loads((bundle / "croissant" / "image.digits.json").read_bytes())
    assert (said["name"], said["license"], said["conformsTo"]) == (
        "image/digits",
        "CC BY 4.0",
        "http://mlcommons.org/croissant/1.0",
    )
    (loader,) = said["distribution"]
    place = (bundle / "croissant" / loader["contentUrl"]).resolve()
    assert manifest.read(bundle).files[place.relative_to(bundle).as_posix()].sha256 == loader["sha256"]
    assert [one["value"] for one in said["identifier"]] == ["data"] * 3
