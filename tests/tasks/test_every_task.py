"""Every task of the catalogue keeps the promises of tasks.task: a new file is tested because it exists."""

from typing import get_args

import numpy as np
import pytest

from suite import catalog
from suite.data import fingerprint
from suite.seeds import numpy_stream
from tasks.task import DataType, Split, Splits, Task

# A task whose cut is by time has nothing to draw; one that keeps a published scaling is not centred on train.
SAME_FOR_EVERY_SEED = {"series/sunspots"}
SCALED_AS_PUBLISHED = {"series/mnist1d"}

each_task = pytest.mark.parametrize("name", catalog.task_names())


def load(name: str, seed: int = 0) -> Splits:
    return catalog.task(name).load(numpy_stream(name, seed, "data"))


def parts(splits: Splits) -> tuple[Split, Split, Split]:
    return splits.train, splits.valid, splits.test


def rows(split: Split) -> set[bytes]:
    return {inputs.tobytes() for inputs in split.inputs}


@each_task
def test_arrays_are_what_the_task_says(name: str) -> None:
    task = catalog.task(name)
    for split in parts(load(name)):
        assert len(split) >= 30, "a score from fewer examples says nothing"
        assert split.inputs.dtype == np.float32
        assert split.inputs.shape == (len(split), *task.shape)
        assert np.isfinite(split.inputs).all()
        assert len(split.targets) == len(split)
        if task.target == "class":
            assert split.targets.dtype == np.int64
            assert split.targets.shape == (len(split),)
            assert set(np.unique(split.targets)) == set(range(task.outputs)), "every class is in every split"
        else:
            assert split.targets.dtype == np.float32
            assert split.targets.shape == (len(split), task.outputs)
            assert np.isfinite(split.targets).all()


@each_task
@pytest.mark.parametrize("seed", [0, 1])
def test_no_example_is_in_two_splits(name: str, seed: int) -> None:
    train, valid, test = parts(load(name, seed))
    assert rows(train) & rows(test) == set()
    assert rows(train) & rows(valid) == set()
    assert rows(valid) & rows(test) == set()


@each_task
def test_the_split_is_a_pure_function_of_the_seed(name: str) -> None:
    assert fingerprint(load(name, 3)) == fingerprint(load(name, 3))
    assert (fingerprint(load(name, 3)) == fingerprint(load(name, 4))) == (name in SAME_FOR_EVERY_SEED)


@each_task
def test_only_the_cut_depends_on_the_seed(name: str) -> None:
    """Sizes never change; the examples, but for their scale, are the same ones, dealt out again."""
    assert [len(part) for part in parts(load(name, 0))] == [len(part) for part in parts(load(name, 1))]


@each_task
def test_loading_ignores_and_spares_numpy_global_randomness(name: str) -> None:
    np.random.seed(1)
    untouched = np.random.random()
    np.random.seed(1)
    first = fingerprint(load(name))
    assert np.random.random() == untouched
    assert fingerprint(load(name)) == first


@each_task
def test_inputs_are_standardized_on_train(name: str) -> None:
    train = load(name).train.inputs.astype(np.float64)
    loose = 0.05 if name in SCALED_AS_PUBLISHED else 1e-4
    assert abs(train.mean()) < loose
    assert abs(train.std() - 1) < loose
    if catalog.task(name).data == "tabular":
        assert np.abs(train.mean(0)).max() < loose
        assert set(np.round(train.std(0), 3)) <= {0.0, 1.0}


@each_task
def test_valid_and_test_are_scaled_by_train_and_not_by_themselves(name: str) -> None:
    splits = load(name)
    for split in (splits.valid, splits.test):
        assert abs(split.inputs.mean()) > 1e-5
        assert abs(split.inputs.std() - 1) > 1e-5


@each_task
def test_value_targets_are_standardized_on_train(name: str) -> None:
    splits = load(name)
    if catalog.task(name).target == "value":
        assert np.abs(splits.train.targets.mean(0)).max() < 1e-4
        assert np.abs(splits.train.targets.std(0) - 1).max() < 1e-4


@each_task
def test_chance_is_the_score_of_the_best_constant_answer(name: str) -> None:
    task, scores = catalog.task(name), []
    for seed in range(5):
        targets = load(name, seed).test.targets
        constants = np.bincount(targets) / len(targets) if task.target == "class" else np.zeros(1)  # R2 of the mean
        scores.append(constants.max())
    assert np.mean(scores) == pytest.approx(task.chance, abs=0.035)


@each_task
def test_a_task_says_where_it_comes_from(name: str) -> None:
    task = catalog.task(name)
    assert len(task.source) > 20
    assert task.licence
    assert task.version >= 1
    assert all(reference.source and reference.score <= 1 for reference in task.references)
    assert name.split("/")[0] == task.data, "the folder is the data type"


def test_every_data_type_has_a_task() -> None:
    assert {catalog.task(name).data for name in catalog.task_names()} == set(get_args(DataType))


GOOD = {
    "data": "image",
    "shape": (8, 8, 1),
    "target": "class",
    "outputs": 10,
    "metric": "accuracy",
    "chance": 0.1,
    "source": "drawn by hand",
    "licence": "none",
    "load": lambda rng: None,
}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"data": "images"}, "unknown data type 'images'; one of tabular, series, image"),
        ({"target": "label"}, "unknown target 'label'; one of class, value"),
        ({"metric": "r2"}, "unknown metric for target 'class' 'r2'; one of accuracy"),
        ({"shape": (8, 8)}, "image examples have 3 axes, channels last; got shape"),
        ({"shape": (8, 0, 1)}, "got shape"),
        ({"outputs": 0}, "at least 2 outputs; got 0"),
        ({"outputs": 1}, "at least 2 outputs; got 1"),
        ({"chance": 1.0}, "chance"),
        ({"chance": float("nan")}, "chance"),
        ({"version": 0}, "version"),
    ],
)
def test_a_wrong_task_is_refused_with_the_choices(wrong: dict[str, object], message: str) -> None:
    assert Task(**GOOD)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=message):
        Task(**(GOOD | wrong))  # type: ignore[arg-type]
