"""Tasks of the hub read what they say, from made files of the published columns.

With WONDERLAND_MIRROR, the folder of an offline mirror, they are read in full from what lies there.
"""

import csv
import gzip
import hashlib
import io
import os
import tarfile
import wave
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pytest
from PIL import Image

from suite import catalog
from tasks import hub
from tasks.fetch import FetchError
from tasks.hub import Part
from tasks.modes import Modes
from tests.tasks.test_hub import put, put_pictures


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "cifar10"])
def test_picture_tasks_read_what_they_say(name: str, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module(f"tasks.image.{name}")
    shape = module.TASK.shape if module.TASK.shape[-1] == 3 else module.TASK.shape[:2]
    for part, rows in (("TRAIN", 50), ("TEST", 30)):
        assert getattr(module, part).name == module.TASK.hub
        monkeypatch.setattr(module, part, replace(getattr(module, part), rows=rows, content=""))
        put_pictures(shelf, getattr(module, part), *shape)
    splits = module.load(np.random.default_rng(0))
    assert [len(splits.train), len(splits.valid), len(splits.test)] == [40, 10, 30]
    assert splits.train.inputs.shape[1:] == module.TASK.shape
    assert splits.test.targets.dtype == np.int64


def test_census_income_is_coded_like_adult(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks.tabular import census_income

    count = 100
    rows: dict[str, list[Any]] = {
        fact: [f"kind {row % kinds}" for row in range(count)] if kinds else list(range(count))
        for fact, kinds in zip(census_income.FACTS, census_income.CATEGORIES, strict=True)
    }
    rows["income"] = [">50K" if row % 4 == 0 else "<=50K" for row in range(count)]
    rows = {name: [*values, values[0]] for name, values in rows.items()}  # one person twice
    monkeypatch.setattr(census_income, "TABLE", replace(census_income.TABLE, rows=count + 1, content=""))
    put(shelf, census_income.TABLE, rows)
    splits = census_income.load(np.random.default_rng(0))
    assert len(splits.train) + len(splits.valid) + len(splits.test) == count
    assert np.concatenate([splits.train.targets, splits.valid.targets, splits.test.targets]).sum() == count // 4


def test_proteins_are_graphs_of_three_kinds_of_parts(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks.graph import proteins

    rng, count = np.random.default_rng(0), 50
    sizes = rng.integers(2, 9, count)
    rows = {
        "edge_index": [[[0, 1], [1, 0]] for _ in sizes],
        "node_feat": [np.eye(3)[rng.integers(0, 3, size)].tolist() for size in sizes],
        "y": [[row % 2] for row in range(count)],
        "num_nodes": sizes.tolist(),
    }
    monkeypatch.setattr(proteins, "WHOLE", replace(proteins.WHOLE, rows=count))
    (shelf / proteins.WHOLE.name).mkdir(parents=True)
    datasets.Dataset.from_dict(rows).to_json(shelf / proteins.WHOLE.name / "full.jsonl")
    found, classes = proteins.read()
    assert found.node_counts.tolist() == sizes.tolist()
    assert found.edges[:, :2].tolist() == [[0, 1], [1, 0]]
    np.testing.assert_array_equal(found.nodes, np.concatenate([np.array(one) for one in rows["node_feat"]]))
    assert classes.tolist() == [row % 2 for row in range(count)]
    splits = proteins.load(np.random.default_rng(0))
    assert [len(splits.train), len(splits.valid), len(splits.test)] == [30, 10, 10]


def test_esc50_is_read_from_its_waves_and_its_folds_stay_apart(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks.audio import esc50

    count = 20
    rows = {
        "audio": [
            {"bytes": tone(100.0 * 2 ** (row % 4), esc50.RATE, esc50.LENGTH), "path": "x"} for row in range(count)
        ],
        "target": [row % 4 for row in range(count)],
        "fold": [1 + row // 4 for row in range(count)],
    }
    monkeypatch.setattr(esc50, "WHOLE", replace(esc50.WHOLE, rows=count))
    put(shelf, esc50.WHOLE, rows)
    splits = esc50.load(np.random.default_rng(0))
    assert [len(splits.train), len(splits.valid), len(splits.test)] == [12, 4, 4]
    assert splits.train.inputs.shape[1:] == esc50.TASK.shape
    loudest = splits.test.inputs.mean(1)
    assert len({tuple(np.round(one, 2)) for one in loudest}) == 4
    train = {target: one.mean(0) for one, target in zip(splits.train.inputs, splits.train.targets, strict=True)}
    for one, target in zip(splits.test.inputs, splits.test.targets, strict=True):
        assert min(train, key=lambda other: float(np.abs(train[other] - one.mean(0)).sum())) == target


def tone(pitch: float, rate: int, length: int) -> bytes:
    """A sine in the WAVE format."""
    content = io.BytesIO()
    with wave.open(content, "wb") as sound:
        sound.setparams((1, 2, rate, length, "NONE", ""))
        sound.writeframes((8000 * np.sin(2 * np.pi * pitch * np.arange(length) / rate)).astype("<i2").tobytes())
    return content.getvalue()


@pytest.mark.parametrize("content", [b"", b"RIFF....", tone(440.0, 8000, 800)])
def test_a_sound_that_is_none_is_one_sentence(content: bytes) -> None:
    from tasks.audio.esc50 import _spectrum

    with pytest.raises(FetchError, match="a sound of ashraq/esc50 on the hub"):
        _spectrum(content)


@pytest.mark.parametrize("name", ["sequential_mnist", "permuted_mnist"])
def test_digits_in_sequence_are_those_of_image_mnist(name: str, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks.image import mnist

    module = import_module(f"tasks.sequence.{name}")
    for part, rows in (("TRAIN", 50), ("TEST", 30)):
        small = replace(getattr(mnist, part), rows=rows, content="")
        monkeypatch.setattr(mnist, part, small)
        monkeypatch.setattr(module, part, small)
        put_pictures(shelf, small, 28, 28)
    pictures, pixels = mnist.load(np.random.default_rng(0)), module.load(np.random.default_rng(0))
    order = getattr(module, "ORDER", np.arange(784))
    assert sorted(order) == list(range(784))
    assert (order == np.arange(784)).all() == (name == "sequential_mnist")
    for ours, theirs in ((pixels.train, pictures.train), (pixels.valid, pictures.valid), (pixels.test, pictures.test)):
        assert ours.inputs.shape[1:] == module.TASK.shape
        assert isinstance(theirs.inputs, np.ndarray)
        for place in (0, 1, 28, 500, 783):
            row, column = divmod(order[place], 28)
            np.testing.assert_array_equal(ours.inputs[:, place], theirs.inputs[:, row, column])
        np.testing.assert_array_equal(ours.targets, theirs.targets)


def put_hours(shelf: Path, count: int) -> np.ndarray:
    """A table of the published columns, with numbers of which each says its hour and its column."""
    from tasks.series import etth1

    hours = 10.0 * np.arange(count)[:, None] + np.arange(7)
    file = shelf / etth1.HOURS.name / etth1.HOURS.files
    file.parent.mkdir(parents=True)
    lines = [f"2016-07-01 00:00:00,{','.join(map(str, row))}" for row in hours]
    file.write_text("\n".join([",".join(("date", *etth1.COLUMNS)), *lines]) + "\n")
    return hours


def test_etth1_cuts_by_time_and_answers_follow_their_past(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks.series import etth1

    monkeypatch.setattr(etth1, "HOURS", replace(etth1.HOURS, content=""))
    put_hours(shelf, 17_420)
    splits = etth1.load(np.random.default_rng(0))
    assert [len(splits.train), len(splits.valid), len(splits.test)] == [8449, 2785, 2785], "as published"
    assert splits.train.inputs.shape[1:] == etth1.TASK.shape
    assert splits.train.targets.shape[1:] == (etth1.TASK.outputs,)
    # The numbers grow hour by hour, so that they say which hour they are of.
    column = splits.test.inputs[:, 0, 0]
    per_hour = (column[-1] - column[0]) / (len(column) - 1)
    first = {name: getattr(splits, name).inputs[0, 0, 0] for name in ("train", "valid", "test")}
    assert (first["valid"] - first["train"]) / per_hour == pytest.approx(8640 - 96, abs=1)
    assert (first["test"] - first["train"]) / per_hour == pytest.approx(11520 - 96, abs=1)


def test_windows_of_etth1_are_whole() -> None:
    from tasks.series import etth1

    hours = (10.0 * np.arange(200)[:, None] + np.arange(7)).astype(np.float32)
    windows = etth1._windows(hours)
    assert len(windows) == 200 - 192 + 1
    np.testing.assert_array_equal(windows.inputs[3], hours[3:99])
    np.testing.assert_array_equal(windows.targets[3].reshape(96, 7), hours[99:195])


def test_organs_are_read_from_their_arrays(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks.volume import organ_mnist3d

    rng, arrays = np.random.default_rng(0), {}
    for name, count in (("train", 33), ("val", 22), ("test", 11)):
        arrays[f"{name}_images"] = rng.integers(0, 256, (count, 28, 28, 28), dtype=np.uint8)
        arrays[f"{name}_labels"] = (np.arange(count, dtype=np.uint8) % 11)[:, None]
    np.savez_compressed(shelf / "organs.npz", **arrays)  # type: ignore[arg-type]
    content = (shelf / "organs.npz").read_bytes()
    monkeypatch.setattr(hub, "ADDRESS", str(shelf / "organs.npz"))
    volumes = replace(organ_mnist3d.VOLUMES, sha256=hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(organ_mnist3d, "VOLUMES", volumes)
    splits = organ_mnist3d.load(np.random.default_rng(0))
    check(splits, organ_mnist3d.TASK, [33, 22, 11])
    assert isinstance(splits.train.inputs, np.ndarray)
    assert splits.train.inputs.mean() == pytest.approx(0, abs=1e-4)
    given = arrays["test_images"].astype(float).ravel()
    assert np.corrcoef(splits.test.inputs.ravel(), given)[0, 1] > 0.99999
    np.testing.assert_array_equal(splits.test.targets, np.arange(11))


def test_organs_of_another_size_are_refused(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks.volume import organ_mnist3d

    arrays = {"train_images": np.zeros((3, 14, 14, 14), np.uint8), "train_labels": np.zeros((3, 1), np.uint8)}
    np.savez(shelf / "organs.npz", **arrays)  # type: ignore[arg-type]
    monkeypatch.setattr(organ_mnist3d, "fetched", lambda _: shelf / "organs.npz")
    with pytest.raises(FetchError, match=r"train of data/organmnist3d.npz on the hub does not have the volumes"):
        organ_mnist3d.load(np.random.default_rng(0))


def put_questions(shelf: Path, part: Part, rows: list[tuple[int, str, str]]) -> None:
    """Questions about pictures, each of one brightness, as JPEG files of different sizes."""

    def picture(brightness: int) -> dict[str, Any]:
        file = io.BytesIO()
        shape = (70 + brightness, 90, 3)
        Image.fromarray(np.full(shape, brightness, np.uint8)).save(file, "JPEG")
        return {"bytes": file.getvalue(), "path": None}

    columns = {"image": [picture(row[0]) for row in rows], "question": [row[1] for row in rows]}
    features = datasets.Features(
        {"image": datasets.Image(), "question": datasets.Value("string"), "answer": datasets.Value("string")}
    )
    put(shelf, part, columns | {"answer": [row[2] for row in rows]}, features=features)


def test_questions_of_yes_and_no_stay_with_their_pictures(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks.multimodal import vqa_rad

    learned = [
        (10 * row, f"is it {'dark' if row < 10 else 'bright'}?", "no" if row % 2 else "Yes ") for row in range(20)
    ]
    learned += [(10, "what is it?", "a lung"), (0, "Is it dark?", "yes"), (200, "is that air?", "no")]
    tested = [(200, "is that air?", "no"), (50, "is it air?", "yes"), (60, "where?", "left")]
    for name, rows in (("TRAIN", learned), ("TEST", tested)):
        part = replace(getattr(vqa_rad, name), rows=len(rows))
        monkeypatch.setattr(vqa_rad, name, part)
        put_questions(shelf, part, rows)
    splits = vqa_rad.load(np.random.default_rng(0))
    assert [len(splits.train), len(splits.valid), len(splits.test)] == [16, 4, 2], (
        "open, repeated and shared ones are out"
    )
    assert splits.test.targets.tolist() == [0, 1]
    for split in (splits.train, splits.valid, splits.test):
        assert isinstance(split.inputs, Modes)
        for form, given in zip(vqa_rad.TASK.modes, split.inputs.parts, strict=True):
            assert given.shape == (len(split), *form.shape)
    # Brighter pictures have even numbers for yes, and the word bright from the tenth on.
    images, words = splits.train.inputs.parts  # type: ignore[union-attr]
    order = np.argsort(images.mean((1, 2, 3)))
    brightness = images.mean((1, 2, 3))[order]
    assert (np.diff(brightness) > 0).all()
    changes = np.flatnonzero((np.diff(words[order], axis=0) != 0).any(1))
    assert len(changes) == 1, "dark below, bright above"
    assert (words[:, 4:] == 0).all()


def test_every_task_of_the_hub_names_a_data_set() -> None:
    named = [task.hub for task in map(catalog.task, catalog.task_names()) if task.hub]
    assert all(len(name.split("/")) == 2 for name in named)


@pytest.fixture
def mirror() -> Path:
    if not (place := os.environ.get("WONDERLAND_MIRROR")):
        pytest.skip("no mirror is here; set WONDERLAND_MIRROR to its folder")
    return Path(place)


def found_in(place: Path) -> Path:
    if not place.is_file():
        pytest.skip(f"the mirror has no {place.name}")
    return place


def test_census_income_of_the_mirror(mirror: Path, shelf: Path) -> None:
    from tasks.tabular import census_income

    with gzip.open(found_in(mirror / "adult/adult-train.csv.gz"), "rt") as file:
        people = [[cell.strip() for cell in row] for row in csv.reader(file) if row]
    columns = dict(zip(census_income.TABLE.columns, zip(*people, strict=True), strict=True))
    numeric = [name for name, kinds in zip(census_income.FACTS, census_income.CATEGORIES, strict=True) if not kinds]
    put(shelf, census_income.TABLE, {n: list(map(int, c)) if n in numeric else list(c) for n, c in columns.items()})
    splits = census_income.load(np.random.default_rng(0))
    check(splits, census_income.TASK, [0.64 * 32537, 0.16 * 32537, 0.2 * 32537])
    for column, kinds in enumerate(census_income.CATEGORIES):
        if kinds:
            assert set(np.unique(splits.train.inputs[:, column])) <= set(range(kinds))
    assert splits.train.targets.mean() == pytest.approx(0.241, abs=0.001)


def test_ag_news_test_of_the_mirror(mirror: Path, shelf: Path) -> None:
    """Its content is the one that the task states."""
    from tasks.text import ag_news

    with gzip.open(found_in(mirror / "ag_news_test/test.csv.gz"), "rt", encoding="utf-8") as file:
        rows = list(csv.reader(file, quoting=csv.QUOTE_ALL, skipinitialspace=True))
    columns = {"text": [f"{title} {text}" for _, title, text in rows], "label": [int(row[0]) - 1 for row in rows]}
    put(shelf, ag_news.TEST, columns)
    texts, labels = ag_news.read(ag_news.TEST)
    assert np.bincount(labels).tolist() == [1900] * 4
    texts[100] += "."
    put(shelf, replace(ag_news.TEST, config="other"), columns | {"text": texts})
    with pytest.raises(FetchError, match="other values than this task was made for"):
        ag_news.read(replace(ag_news.TEST, config="other"))


def test_etth1_of_the_mirror(mirror: Path, shelf: Path) -> None:
    """Its content is the one that the task states, and repeating the last hour is as wrong as published."""
    from tasks.series import etth1

    file = shelf / etth1.HOURS.name / etth1.HOURS.files
    file.parent.mkdir(parents=True)
    file.write_bytes(gzip.decompress(found_in(mirror / "etth1/ETTh1.csv.gz").read_bytes()))
    splits = etth1.load(np.random.default_rng(0))
    rows = hub.table(etth1.HOURS)
    hours = np.column_stack([rows[name].to_numpy() for name in etth1.COLUMNS])
    learned = hours[: etth1.TRAIN_TO]
    test = etth1._windows((hours[etth1.VALID_TO - 96 : etth1.TEST_TO] - learned.mean(0)) / learned.std(0))
    again = np.tile(test.inputs[:, -1], etth1.FUTURE)
    assert ((test.targets - again) ** 2).mean() == pytest.approx(1.295, abs=0.001)
    assert test.targets.var(0).mean() == pytest.approx(etth1.VARIES, abs=0.0001)
    scale = learned.std(0) * np.ones((etth1.FUTURE, 1))
    own = etth1._windows(hours[: etth1.TRAIN_TO]).targets
    again = (again * scale.ravel() + np.tile(learned.mean(0), etth1.FUTURE) - own.mean(0)) / own.std(0)
    wrong, varies = ((splits.test.targets - again) ** 2).sum(), splits.test.targets.var(0).sum() * len(again)
    reference = etth1.TASK.references[-1]
    assert reference.model == "the last hour again"
    assert 1 - wrong / varies == pytest.approx(reference.score, abs=0.01)


def test_cifar10_of_the_mirror(mirror: Path, shelf: Path) -> None:
    from tasks.image import cifar10

    stored = dict(photographs(found_in(mirror / "cifar10_jpeg/cifar10_jpeg.tar.xz")))
    classes = sorted({name.split("/")[-2] for name in stored})
    for part in (cifar10.TRAIN, cifar10.TEST):
        names = [name for name in sorted(stored) if name.split("/")[-3] == part.split]
        rows = {
            "img": [{"bytes": stored[name], "path": name} for name in names],
            "label": [classes.index(name.split("/")[-2]) for name in names],
        }
        put(shelf, part, rows, features=datasets.Features({"img": datasets.Image(), "label": datasets.Value("int64")}))
    splits = cifar10.load(np.random.default_rng(0))
    check(splits, cifar10.TASK, [8000, 2000, 10000])
    assert np.bincount(splits.test.targets).tolist() == [1000] * 10


def photographs(archive: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(archive) as files:
        for one in files:
            if one.name.endswith(".jpg") and (content := files.extractfile(one)):
                yield one.name, content.read()


def check(splits: Any, task: Any, sizes: list[float]) -> None:
    found = [splits.train, splits.valid, splits.test]
    assert [len(split) for split in found] == pytest.approx(sizes, rel=0.001)
    for split in found:
        assert split.inputs.shape[1:] == task.shape
        assert set(np.unique(split.targets)) == set(range(task.outputs))
