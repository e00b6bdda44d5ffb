"""Tables of the hub: fetched once, checked, kept, and nothing half-written. A local folder stands for the hub.

`datasets` takes a folder of that name in the working folder for the data set, so that nothing here needs a network.
The tasks that stand on it are in test_hub_tasks.py.
"""

import errno
import hashlib
import io
import logging
import os
import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from tasks import hub
from tasks.content import content
from tasks.fetch import FetchError, folder
from tasks.hub import File, Part, fetched, is_here, location, table
from tasks.pictures import decoded, official

WORDS = Part("somebody/words", "train", ("text", "label"), 6)
ROWS = {"text": list("abcdef"), "label": [0, 1, 0, 1, 0, 1], "junk": [0.5] * 6}


@pytest.fixture
def words(shelf: Path) -> Part:
    put(shelf, WORDS, ROWS)
    return WORDS


def put(shelf: Path, part: Part, rows: dict[str, list[Any]], *, features: Any = None, shards: int = 1) -> None:
    """Lay out a split as the hub does on its parquet branch, or as the one file that the part names."""
    if part.files:
        (shelf / part.name / part.files).parent.mkdir(parents=True, exist_ok=True)
        datasets.Dataset.from_dict(rows, features=features).to_parquet(shelf / part.name / part.files)
        return
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
    assert left() == ["refs-convert-parquet--all--train.json", "refs-convert-parquet--all--train.parquet"]


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


def moved(shelf: Path, rows: dict[str, list[Any]]) -> None:
    """The hub's copy is another one from now on."""
    shutil.rmtree(shelf / WORDS.name)
    put(shelf, WORDS, rows)


ONE_OTHER = ROWS | {"label": [0, 1, 0, 1, 0, 0]}
STATED = "c4c20b0ef0b4ae33a01664fa0f072768b71f368b0cec16a60c388697860e8d9b"  # of the two columns that are kept


def test_stated_content_is_taken(words: Part) -> None:
    assert table(replace(words, content=STATED)).num_rows == 6


def test_one_other_value_than_stated_is_refused(words: Part, shelf: Path) -> None:
    moved(shelf, ONE_OTHER)
    stated = replace(words, content=STATED)
    with pytest.raises(
        FetchError, match=r"train of data set somebody/words .* other values than this task was made for"
    ):
        table(stated)
    assert left() == []
    assert not is_here(stated)


def test_a_branch_that_moved_after_the_first_fetch_is_refused(words: Part, shelf: Path) -> None:
    """Trusted on first use: what was kept stays, and if it is lost, only the same values are taken."""
    table(words)
    moved(shelf, ONE_OTHER)
    assert table(words)["label"].to_pylist() == ROWS["label"]
    location(words).unlink()
    with pytest.raises(FetchError, match=r"somebody/words .* than when it was fetched here first .*, delete .*\.json"):
        table(words)
    moved(shelf, {name: [*values[3:], *values[:3]] for name, values in ROWS.items()})
    assert sorted(table(words)["text"].to_pylist()) == ROWS["text"], "the same rows in another order"
    location(words).unlink()
    location(words).with_suffix(".json").unlink()
    moved(shelf, ONE_OTHER)
    assert table(words)["label"].to_pylist() == ONE_OTHER["label"], "the note says what to delete for the new one"


def test_a_file_with_one_other_value_is_fetched_again(words: Part) -> None:
    """A whole parquet file, but not the one that was written."""
    table(words)
    datasets.Dataset.from_dict({name: ONE_OTHER[name] for name in words.columns}).to_parquet(location(words))
    assert not is_here(words)
    assert table(words)["label"].to_pylist() == ROWS["label"]


def test_what_was_kept_before_the_content_was_stated_is_checked_too(words: Part, shelf: Path) -> None:
    moved(shelf, ONE_OTHER)
    table(words)
    with pytest.raises(FetchError, match="other values than this task was made for"):
        table(replace(words, content=STATED))


def picture(pixels: np.ndarray, **options: Any) -> dict[str, Any]:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", **options)
    return {"bytes": file.getvalue(), "path": None}


def test_content_is_of_values_and_not_of_files() -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (4, 5, 6), dtype=np.uint8)
    rows = {"image": [picture(one) for one in pixels], "label": [0, 1, 2, 3], "size": [0.1, 0.2, 0.3, None]}
    expected = content(pa.table(rows))
    assert content(pa.table({name: values[::-1] for name, values in rows.items()})) == expected
    assert content(pa.concat_tables([pa.table(rows)[:1], pa.table(rows)[1:]])) == expected
    assert content(pa.table(rows | {"image": [picture(one, compress_level=0) for one in pixels]})) == expected
    assert content(pa.table(rows | {"size": pa.array([0.1, 0.2, 0.3, None], pa.float32())})) == expected
    pixels[2, 3, 4] ^= 1
    others = [rows | {"image": [picture(one) for one in pixels]}, rows | {"label": [0, 1, 2, 2]}]
    others += [rows | {"size": [0.1, 0.2, 0.3, 0.0]}, rows | {"label": [1, 0, 2, 3]}]
    assert len({expected, *(content(pa.table(other)) for other in others)}) == 5


VOLUMES = File("somebody/volumes", "data/all.npz", "0123abcd" * 5, hashlib.sha256(b"volumes").hexdigest())


@pytest.fixture
def volumes(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of a folder that stands for the hub."""
    monkeypatch.setattr(hub, "ADDRESS", str(shelf / "{name}/{revision}/{path}"))
    place = shelf / VOLUMES.name / VOLUMES.revision / VOLUMES.path
    place.parent.mkdir(parents=True)
    place.write_bytes(b"volumes")
    return place


def test_a_file_is_kept_if_it_has_the_stated_hash(volumes: Path) -> None:
    place = fetched(VOLUMES)
    assert place.read_bytes() == b"volumes"
    volumes.unlink()
    assert fetched(VOLUMES) == place, "the hub is asked once"
    place.write_bytes(b"damaged")
    with pytest.raises(FetchError, match=r"data/all.npz of data set somebody/volumes .* cannot be fetched"):
        fetched(VOLUMES)


def test_another_file_than_stated_is_refused(volumes: Path) -> None:
    volumes.write_bytes(b"volumeS")
    with pytest.raises(FetchError, match=r"data/all.npz of data set somebody/volumes .* is not the file"):
        fetched(VOLUMES)
    assert left() == []


def test_a_file_without_a_network_is_one_sentence(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datasets.config.HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(FetchError, match=r"data/all.npz of data set somebody/volumes .* cannot be fetched"):
        fetched(VOLUMES)
    assert left() == []


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


def test_attempts_without_a_network_are_not_told_one_by_one(
    shelf: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def attempts(*_: object, **__: object) -> None:
        logging.getLogger("huggingface_hub.utils._http").warning("Retrying in 1s [Retry 1/5].")
        raise ConnectionError("Couldn't reach 'somebody/words' on the Hub")

    monkeypatch.setattr(datasets, "load_dataset", attempts)
    with pytest.raises(FetchError, match="try again with a network"):
        table(WORDS)
    assert caplog.messages == []
    logging.getLogger("huggingface_hub.utils._http").warning("heard again")
    assert caplog.messages == ["heard again"]


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
