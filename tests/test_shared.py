"""Large data is in memory once, however many workers train on it, and it is what the task gave to the last bit."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch

from suite import data, shared
from suite.train import train
from suite.trial import Trial
from tasks.task import Split, Splits
from tests.specimens import SPECIMENS

TASK = "tabular/diabetes"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Everything counts as large, and this process holds nothing yet."""
    monkeypatch.setattr(shared, "LARGE", 1)
    monkeypatch.setattr(data, "_held", {})
    return tmp_path / "data"


def again(folder: Path, seed: int = 0) -> data.Data:
    """What a process gets that holds nothing."""
    data._held.clear()
    shared.share(folder, TASK, seed)
    assert data.is_held(TASK, seed)
    return data.data(TASK, seed)


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.npy"))


def test_what_is_mapped_is_what_the_task_gives(folder: Path) -> None:
    ours = data.load(TASK, 0)
    for found in (again(folder), again(folder)):
        assert found.fingerprint == ours.fingerprint
        for part in shared.PARTS:
            mapped, loaded = (getattr(some, part) for some in (found, ours))
            for one, other in zip(
                (mapped.targets, *data.pieces(mapped.inputs)),
                (loaded.targets, *data.pieces(loaded.inputs)),
                strict=True,
            ):
                assert one.dtype == other.dtype
                assert torch.equal(one, other)
    assert len(files(folder)) == 6


@pytest.mark.parametrize("kind", ["graphs", "modes", "text"])
def test_inputs_of_any_form_are_shared(folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    specimen = SPECIMENS[kind]
    rng = np.random.default_rng(0)
    splits = Splits(*(Split(specimen.draw(rng, 9), rng.integers(0, 3, 9)) for _ in range(3)))
    task = replace(specimen.task, load=lambda rng: splits)
    monkeypatch.setattr("suite.catalog.task", lambda name: task)
    for _ in range(2):
        found = again(folder)
        assert type(found.train.inputs) is type(data.of(splits).train.inputs)
        assert found.fingerprint == data.fingerprint(splits)
    assert files(folder)


def test_training_on_it_gives_the_same_bits(folder: Path) -> None:
    trial = Trial(task=TASK, architecture="mlp").moved({"steps": 5, "width": 8, "depth": 1})
    alone = train(trial)
    again(folder)
    together = train(trial)
    assert together.result == alone.result
    assert together.provenance == alone.provenance


@pytest.mark.parametrize("harm", ["flip", "cut", "remove"])
def test_a_damaged_file_is_written_again_and_never_used(folder: Path, harm: str) -> None:
    fingerprint = again(folder).fingerprint
    file = files(folder)[3]
    whole = bytearray(file.read_bytes())
    damaged = whole[:-1] + bytes([whole[-1] ^ 1]) if harm == "flip" else whole[: len(whole) // 2]
    if harm == "remove":
        file.unlink()
    else:
        file.write_bytes(damaged)
    assert again(folder).fingerprint == fingerprint
    assert files(folder)[3].read_bytes() == whole


def test_each_seed_has_its_own(folder: Path) -> None:
    assert again(folder, 0).fingerprint != again(folder, 1).fingerprint
    assert len(files(folder)) == 12


def test_small_data_is_not_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "LARGE", 2**30)
    again(folder)
    assert not files(folder)


def test_where_nothing_can_be_written_each_has_its_own(folder: Path) -> None:
    folder.touch()
    shared.share(folder, TASK, 0)
    assert data.data(TASK, 0).fingerprint == data.load(TASK, 0).fingerprint


def test_a_process_keeps_no_more_than_so_many_bytes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "MOST", 2 * data.load(TASK, 0).size)
    for seed in (0, 1, 0, 2):
        data.data(TASK, seed)
    assert [data.is_held(TASK, seed) for seed in range(3)] == [True, False, True], "the longest unused one is gone"


HOLD = """
import sys
from pathlib import Path
from suite.data import data
from suite.shared import share
share(Path(sys.argv[1]), "tabular/large", 0)
found = data("tabular/large", 0)
print(found.fingerprint, flush=True)
sys.stdin.read()
"""
LARGE_TASK = """
from pathlib import Path
import numpy as np
from tasks.split import random_split
from tasks.task import Task

def load(rng):
    with Path(__file__).with_suffix(".loads").open("a") as loads:
        loads.write("loaded\\n")
    return random_split(np.ones((60_000, 100), np.float32), rng.random((60_000, 1), np.float32), rng)

TASK = Task("tabular", (100,), "value", 1, "r2", 0.0, "made up", "none", load)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's own account of shared memory is Linux's")
def test_two_workers_hold_one_copy_that_one_of_them_loaded(tree: Path, tmp_path: Path) -> None:
    (tree / "tasks/tabular/large.py").write_text(LARGE_TASK)
    command = [sys.executable, "-c", HOLD, str(tmp_path / "data")]
    pipe = subprocess.PIPE
    workers = [subprocess.Popen(command, cwd=tree, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
    try:
        assert len({worker.stdout.readline() for worker in workers if worker.stdout}) == 1
        for worker in workers:
            maps = psutil.Process(worker.pid).memory_maps()
            (mapped,) = [file for file in maps if file.path.endswith("train-1.npy")]
            assert mapped.rss > 10 * 2**20
            assert mapped.pss < 0.6 * mapped.rss, "half of it is the other's"
    finally:
        for worker in workers:
            worker.communicate()
    assert (tree / "tasks/tabular/large.loads").read_text() == "loaded\n"
