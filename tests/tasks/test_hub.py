"""Tables of the hub: fetched once, checked, kept, and nothing half-written. A local folder stands for the hub.

`datasets` takes a folder of that name in the working folder for the data set, so that nothing here needs a network.
With WONDERLAND_MIRROR, the folder of an offline mirror, hub tasks are read in full from what lies there.
"""

import csv
import errno
import gzip
import io
import os
import tarfile
import threading
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
from tasks.fetch import FetchError, folder
from tasks.hub import Part, is_here, location, table
from tasks.pictures import decoded, official

WORDS = Part("somebody/words", "train", ("text", "label"), 6)
ROWS = {"text": list("abcdef"), "label": [0, 1, 0, 1, 0, 1], "junk": [0.5] * 6}


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the hub, and an empty cache."""
    (tmp_path / "shelf").mkdir()
    monkeypatch.chdir(tmp_path / "shelf")
    monkeypatch.setenv("WONDERLAND_DATA", str(tmp_path / "cache"))
    return tmp_path / "shelf"


@pytest.fixture
def words(shelf: Path) -> Part:
    put(shelf, WORDS, ROWS)
    return WORDS


def put(shelf: Path, part: Part, rows: dict[str, list[Any]], *, features: Any = None, shards: int = 1) -> None:
    """Lay out a split as the hub does on its parquet branch."""
    place = shelf / part.name / part.config.replace("*", "default") / part.split
    place.mkdir(parents=True)
    whole = datasets.Dataset.from_dict(rows, features=features)
    for number in range(shards):
        whole.shard(shards, number, contiguous=True).to_parquet(place / f"{number:04}.parquet")


def left() -> list[str]:
    """Everything in the cache but locks."""
    return sorted(path.name for path in folder().rglob("*") if path.is_file() and path.name != ".lock")


def test_the_columns_are_kept_and_the_hub_is_asked_once(words: Part, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_here(words)
    assert table(words).to_pydict() == {"text": ROWS["text"], "label": ROWS["label"]}
    assert is_here(words)
    monkeypatch.setattr(hub, "_download", lambda *_: pytest.fail("a second time"))
    assert table(words).to_pydict() == {"text": ROWS["text"], "label": ROWS["label"]}
    assert left() == ["refs-convert-parquet--all--train.parquet"]


def test_shards_come_in_order(shelf: Path) -> None:
    put(shelf, WORDS, ROWS, shards=3)
    assert table(WORDS)["text"].to_pylist() == ROWS["text"]


def test_configurations_and_splits_are_told_apart(shelf: Path) -> None:
    parts = [replace(WORDS, config=config, split=split) for config in ("old", "new") for split in ("train", "test")]
    for number, part in enumerate(parts):
        put(shelf, part, ROWS | {"label": [number] * 6})
    assert [table(part)["label"][0].as_py() for part in parts] == [0, 1, 2, 3]


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_a_commit_says_where_its_files_stand(shelf: Path, kind: str) -> None:
    (shelf / WORDS.name).mkdir(parents=True)
    getattr(datasets.Dataset.from_dict(ROWS), f"to_{kind}")(shelf / WORDS.name / f"all.{kind}")
    part = replace(WORDS, revision="0123abcd" * 5, files=f"all.{kind}")
    assert table(part).to_pydict() == {"text": ROWS["text"], "label": ROWS["label"]}
    assert location(part) != location(WORDS)


def test_a_damaged_file_is_fetched_again(words: Part) -> None:
    table(words)
    place = location(words)
    place.write_bytes(place.read_bytes()[:-10])
    assert not is_here(words)
    assert table(words).num_rows == 6


def test_another_number_of_rows_is_refused(words: Part) -> None:
    with pytest.raises(FetchError, match=r"train of data set somebody/words .* is not the table of 7 rows"):
        table(replace(words, rows=7))
    assert left() == []


def test_a_missing_column_is_one_sentence(words: Part) -> None:
    with pytest.raises(FetchError, match=r"somebody/words .*cannot be fetched .*colour"):
        table(replace(words, columns=("text", "colour")))
    assert left() == []


def test_without_a_network_it_says_what_to_do(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datasets.config.HF_HUB_OFFLINE", True)
    with pytest.raises(FetchError, match=r"somebody/words on the hub .*Couldn't reach.*; try again with a network"):
        table(WORDS)
    assert left() == []


def test_what_was_fetched_needs_no_network(words: Part, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table(words)
    monkeypatch.chdir(shelf.parent)
    monkeypatch.setattr("datasets.config.HF_HUB_OFFLINE", True)
    assert table(words).num_rows == 6


def test_a_data_set_that_is_not_there_is_named(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise datasets.exceptions.DatasetNotFoundError("Dataset 'somebody/words' doesn't exist on the Hub")

    monkeypatch.setattr(datasets, "load_dataset", missing)
    with pytest.raises(FetchError, match=r"cannot be fetched \(Dataset 'somebody/words' doesn't exist on the Hub\)"):
        table(WORDS)


def test_a_full_disk_is_one_sentence_and_leaves_nothing(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, cache_dir: str, **__: object) -> None:
        Path(cache_dir).mkdir()
        (Path(cache_dir) / "half").write_bytes(b"half")
        try:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            raise datasets.exceptions.DatasetGenerationError("An error occurred") from error

    monkeypatch.setattr(datasets, "load_dataset", full)
    with pytest.raises(FetchError, match=r"cannot be written: No space left on device; make room there, or name"):
        table(WORDS)
    assert left() == []


def test_a_cache_that_cannot_be_made_is_one_sentence(words: Part, tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("WONDERLAND_DATA", str(tmp_path / "file"))
    with pytest.raises(FetchError, match="cannot be written: Not a directory"):
        table(words)


def test_code_is_not_run(shelf: Path) -> None:
    (shelf / "somebody/words").mkdir(parents=True)
    (shelf / "somebody/words/words.py").write_text("open('ran', 'w')\n")
    with pytest.raises(FetchError, match="cannot be fetched"):
        table(WORDS)
    assert not (shelf / "ran").exists()


def test_two_at_once_fetch_once(words: Part, monkeypatch: pytest.MonkeyPatch) -> None:
    downloads, download = [], hub._download
    monkeypatch.setattr(hub, "_download", lambda *given: downloads.append(given) or download(*given))
    threads = [threading.Thread(target=table, args=(words,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(downloads) == 1


def drawn(count: int, *shape: int) -> list[Image.Image]:
    rng = np.random.default_rng(count)
    return [Image.fromarray(rng.integers(0, 256, shape, dtype=np.uint8)) for _ in range(count)]


def put_pictures(shelf: Path, part: Part, *shape: int) -> list[Image.Image]:
    pictures, column = drawn(part.rows, *shape), part.columns[0]
    features = datasets.Features({column: datasets.Image(), "label": datasets.ClassLabel(num_classes=10)})
    put(shelf, part, {column: pictures, "label": [row % 10 for row in range(part.rows)]}, features=features)
    return pictures


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3)])
def test_pictures_have_the_pixels_that_were_put_in(shelf: Path, shape: tuple[int, ...]) -> None:
    part = Part("somebody/pictures", "test", ("image", "label"), 12)
    pictures = put_pictures(shelf, part, *shape)
    found = decoded(table(part)["image"].to_pylist())
    assert found.shape == (12, 5, 7, shape[2] if shape[2:] else 1)
    np.testing.assert_array_equal(found.reshape(12, *shape), np.stack([np.asarray(one) for one in pictures]))


def test_official_parts_stay_apart_and_are_scaled_by_train(shelf: Path) -> None:
    train, test = (
        Part("somebody/pictures", name, ("image", "label"), rows) for name, rows in (("train", 100), ("test", 30))
    )
    put_pictures(shelf, train, 6, 6, 3)
    pixels = np.stack([np.asarray(one) for one in put_pictures(shelf, test, 6, 6, 3)])
    splits = official(train, test, np.random.default_rng(0))
    assert [len(splits.train), len(splits.valid), len(splits.test)] == [80, 20, 30]
    assert isinstance(splits.train.inputs, np.ndarray)
    assert splits.train.inputs.dtype == np.float32
    np.testing.assert_allclose(splits.train.inputs.mean((0, 1, 2)), 0, atol=1e-5)
    np.testing.assert_allclose(splits.train.inputs.std((0, 1, 2)), 1, atol=1e-5)
    for channel in range(3):
        assert np.corrcoef(splits.test.inputs[..., channel].ravel(), pixels[..., channel].ravel())[0, 1] > 0.99999
    np.testing.assert_array_equal(splits.test.targets, np.arange(30) % 10)
    few = official(train, test, np.random.default_rng(0), keep=40)
    assert [len(few.train), len(few.valid), len(few.test)] == [32, 8, 30]


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "cifar10"])
def test_picture_tasks_read_what_they_say(name: str, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module(f"tasks.image.{name}")
    shape = module.TASK.shape if module.TASK.shape[-1] == 3 else module.TASK.shape[:2]
    for part, rows in (("TRAIN", 50), ("TEST", 30)):
        assert getattr(module, part).name == module.TASK.hub
        monkeypatch.setattr(module, part, replace(getattr(module, part), rows=rows))
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
    monkeypatch.setattr(census_income, "TABLE", replace(census_income.TABLE, rows=count + 1))
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
