"""Every task of the catalogue keeps the promises of tasks.task: a new file is tested because it exists."""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

import numpy as np
import pytest
import torch

from suite import catalog, data
from suite.data import fingerprint
from suite.objective import answers
from suite.seeds import numpy_stream
from tasks.fetch import is_here
from tasks.graphs import Graphs
from tasks.modes import Modes
from tasks.task import DataType, Form, Inputs, Split, Splits, Task

# A task whose cut is by time, or is the published one, has nothing to draw.
SAME_FOR_EVERY_SEED = {"series/sunspots", "text/shakespeare"}
# Numbers that are not standardized on train: as published, or with a meaning of their own.
NOT_STANDARDIZED = {
    "series/mnist1d",
    # Each curve is normalized by itself, as published.
    "series/arrow_head",
    "series/gun_point",
    "series/italy_power_demand",
    "series/osu_leaf",
}
FEWEST_ANSWERS = 30

each_task = pytest.mark.parametrize("name", catalog.task_names())


@cache
def load(name: str, seed: int = 0) -> Splits:
    task = catalog.task(name)
    if task.hub:
        pytest.skip(f"{name} is loaded from a hub, {task.hub}; its reading is tested in tests/tasks/test_hub_tasks.py")
    if not all(map(is_here, task.files)):
        pytest.skip(f"{name} is not on this machine; make data fetches it")
    return task.load(numpy_stream(name, seed, "data"))


def parts(splits: Splits) -> tuple[Split, Split, Split]:
    return splits.train, splits.valid, splits.test


def answered(task: Task, split: Split) -> np.ndarray:
    """The targets of what is asked in a split."""
    targets = torch.from_numpy(split.targets)
    places = targets.shape[: 1 if task.per == "example" else 2]
    return answers(task, torch.zeros(*places, task.outputs), targets)[1].numpy()


def rows(split: Split) -> set[bytes]:
    """Every example as bytes."""
    if isinstance(split.inputs, Graphs):
        one_by_one = (split.inputs[np.array([number])] for number in range(len(split)))
        return {b"".join(array.tobytes() for array in data.pieces(one)) for one in one_by_one}
    return {b"".join(piece[number].tobytes() for piece in data.pieces(split.inputs)) for number in range(len(split))}


def modes(task: Task, inputs: Inputs) -> Iterator[tuple[Form, Any]]:
    return zip(task.forms, inputs.parts if isinstance(inputs, Modes) else (inputs,), strict=True)


@each_task
def test_inputs_are_what_the_task_says(name: str) -> None:
    task = catalog.task(name)
    for split in parts(load(name)):
        assert len(split.targets) == len(split)
        for form, inputs in modes(task, split.inputs):
            if form.data == "graph":
                _check_graphs(form, inputs)
            elif form.vocabulary:
                _check_tokens(form, inputs)
            else:
                _check_numbers(form, inputs)


def _check_numbers(form: Form, inputs: np.ndarray) -> None:
    assert inputs.dtype == np.float32
    assert inputs.shape[1:] == form.shape
    there = np.isfinite(inputs)
    assert there.all() or form.padded
    if form.padded:
        place = there.all(-1)
        assert (place == there.any(-1)).all(), "a place is there or not"
        assert (place[:, :-1] >= place[:, 1:]).all(), "padding is at the end"
        assert place[:, 0].all(), "no example is empty"
    for column, count in enumerate(form.categories):
        if count:
            assert set(np.unique(inputs[:, column])) <= set(range(count))


def _check_tokens(form: Form, inputs: np.ndarray) -> None:
    assert inputs.dtype == np.int64
    assert inputs.shape[1:] == form.shape
    assert inputs.max() < form.vocabulary
    assert inputs.min() >= (0 if form.padded or form.vocabulary else 1)
    if form.padded:
        assert ((inputs[:, :-1] != 0) >= (inputs[:, 1:] != 0)).all(), "padding is at the end"
        assert (inputs[:, 0] != 0).all(), "no example is empty"


def _check_graphs(form: Form, inputs: Graphs) -> None:
    assert inputs.nodes.dtype == np.float32
    assert inputs.nodes.shape == (inputs.node_counts.sum(), *form.shape)
    assert np.isfinite(inputs.nodes).all()
    assert inputs.edges.dtype == np.int64
    assert inputs.edges.shape == (2, inputs.edge_counts.sum())
    assert inputs.edge_features.shape == (inputs.edge_counts.sum(), form.edges)
    assert inputs.pairs.shape == (2, inputs.pair_counts.sum())
    nodes_of_edge = np.repeat(inputs.node_counts, inputs.edge_counts)
    assert (inputs.edges >= 0).all()
    assert (inputs.edges < nodes_of_edge).all(), "edges are numbered inside their graph"
    typical = np.array(form.typical)
    found = np.array([inputs.node_counts.mean(), inputs.edge_counts.mean()])
    assert (np.abs(found - typical) <= 0.5 * typical).all(), f"typical is {found.round(1)}"


@each_task
def test_targets_are_what_the_task_says(name: str) -> None:
    task = catalog.task(name)
    for split in parts(load(name)):
        targets = answered(task, split)
        assert len(targets) >= FEWEST_ANSWERS, "a score from fewer answers says nothing"
        if task.target == "class":
            assert split.targets.dtype == np.int64
            assert split.targets.ndim == (1 if task.per == "example" else 2)
            assert targets.min() >= 0
            assert targets.max() < task.outputs
            if task.metric != "compression":  # a rare token may be missing
                assert set(np.unique(targets)) == set(range(task.outputs)), "every class is in every split"
        else:
            assert split.targets.dtype == np.float32
            assert split.targets.shape[-1] == task.outputs
            assert np.isfinite(targets).all()


@each_task
@pytest.mark.parametrize("seed", [0, 1])
def test_no_example_is_in_two_splits(name: str, seed: int) -> None:
    train, valid, test = parts(load(name, seed))
    if catalog.task(name).data == "graph" and catalog.task(name).per != "example" and len(train) == 1:
        _check_nodes_are_apart(train, valid, test)
        return
    assert rows(train) & rows(test) == set()
    assert rows(train) & rows(valid) == set()
    assert rows(valid) & rows(test) == set()


def _check_nodes_are_apart(*splits: Split) -> None:
    """One graph that all share: what is asked of a node, or of a pair, is asked in one split only."""
    if all(split.targets.shape == splits[0].targets.shape for split in splits):
        asked = np.stack([split.targets >= 0 for split in splits])
        if all(np.array_equal(split.inputs.pairs, splits[0].inputs.pairs) for split in splits):  # type: ignore[union-attr]
            assert asked.sum(0).max() <= 1
            return
    pairs = [set(map(tuple, np.sort(split.inputs.pairs, 0).T)) for split in splits]  # type: ignore[union-attr]
    assert not pairs[0] & pairs[1] | pairs[0] & pairs[2] | pairs[1] & pairs[2]


@each_task
def test_the_split_is_a_pure_function_of_the_seed(name: str) -> None:
    task = catalog.task(name)
    same = fingerprint(load(name, 0)) == fingerprint(load(name, 1))
    assert same == (name in SAME_FOR_EVERY_SEED)
    assert fingerprint(task.load(numpy_stream(name, 1, "data"))) == fingerprint(load(name, 1))


@each_task
def test_sizes_do_not_depend_on_the_seed(name: str) -> None:
    assert [len(part) for part in parts(load(name, 0))] == [len(part) for part in parts(load(name, 1))]


@each_task
def test_loading_ignores_and_spares_numpy_global_randomness(name: str) -> None:
    expected = fingerprint(load(name))
    np.random.seed(1)
    untouched = np.random.random()
    np.random.seed(1)
    assert fingerprint(catalog.task(name).load(numpy_stream(name, 0, "data"))) == expected
    assert np.random.random() == untouched


@each_task
def test_numbers_are_standardized_on_train(name: str) -> None:
    """And valid and test with what was learned there, so that they are not quite."""
    task, splits = catalog.task(name), load(name)
    if name in NOT_STANDARDIZED or task.data == "graph":
        return
    for number, form in enumerate(task.forms):
        if form.vocabulary:
            continue
        train, valid, test = (list(modes(task, split.inputs))[number][1] for split in parts(splits))
        numeric = [column for column, count in enumerate(form.categories or [0] * form.shape[-1]) if not count]
        train, valid, test = (values[..., numeric].astype(np.float64) for values in (train, valid, test))
        assert abs(np.nanmean(train)) < 1e-3
        assert abs(np.nanstd(train) - 1) < 1e-3
        if form.data == "tabular":
            assert np.abs(train.mean(0)).max() < 1e-3
            assert set(np.round(train.std(0), 2)) <= {0.0, 1.0}
        for other in (valid, test):
            assert abs(np.nanmean(other)) > 1e-7
            assert abs(np.nanstd(other) - 1) > 1e-7


@each_task
def test_value_targets_are_standardized_on_train(name: str) -> None:
    task, splits = catalog.task(name), load(name)
    if task.target == "value":
        train = answered(task, splits.train)
        assert np.abs(train.mean(0)).max() < 1e-3
        assert np.abs(train.std(0) - 1).max() < 1e-3


@each_task
def test_chance_is_the_score_of_the_best_constant_answer(name: str) -> None:
    task, scores = catalog.task(name), list[float]()
    few = len(answered(task, load(name).test)) < 500
    for seed in range(5 if few else 1):
        targets = answered(task, load(name, seed).test)
        match task.metric:
            case "accuracy":
                scores.append(np.bincount(targets).max() / len(targets))
            case "compression":  # the code that knows how often each token comes, and nothing else
                share = np.bincount(targets, minlength=task.outputs) / len(targets)
                bits = -(share[share > 0] * np.log(share[share > 0])).sum()
                scores.append(1 - bits / np.log(task.outputs))
            case "auc":
                scores.append(0.5)
            case "r2":
                scores.append(0.0)
    assert np.mean(scores) == pytest.approx(task.chance, abs=0.04)


@each_task
def test_a_task_says_where_it_comes_from(name: str) -> None:
    task = catalog.task(name)
    assert len(task.source) > 20
    assert task.licence
    assert task.version >= 1
    assert all(reference.source and reference.score <= 1 for reference in task.references)
    assert name.split("/")[0] == task.data, "the folder is the data type"


@each_task
def test_what_is_fetched_is_listed(name: str) -> None:
    """So that `wonderland fetch` gets it, and nobody who has no network is surprised."""
    text = (catalog.root("tasks") / f"{name}.py").read_text()
    assert bool(catalog.task(name).files) == ("Member" in text or "_ucr" in text)


def test_every_data_type_has_a_task_that_needs_no_network() -> None:
    ready = {task.data for task in map(catalog.task, catalog.task_names()) if not task.files and not task.hub}
    assert ready == set(get_args(DataType))


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
        ({"data": "images"}, "unknown data type 'images'; one of tabular, series, audio, text, image"),
        ({"target": "label"}, "unknown target 'label'; one of class, value"),
        ({"metric": "r2"}, "unknown metric for target 'class' 'r2'; one of accuracy"),
        ({"metric": "auc"}, "auc is for two classes; got 10"),
        ({"per": "pixel"}, "unknown answer per 'pixel'; one of example, place, edge"),
        ({"per": "edge"}, "only graphs have edges to ask about; got image"),
        ({"shape": (8, 8)}, "image examples of numbers have 3 axes, channels last; got shape"),
        ({"shape": (8, 0, 1)}, "got shape"),
        ({"data": "text", "shape": (8, 2), "vocabulary": 9}, "text examples of tokens have 1 axes"),
        (
            {"data": "tabular", "shape": (3,), "categories": (0, 2)},
            "categories are given per feature, 3 of them; got 2",
        ),
        ({"data": "graph", "shape": (3,)}, "how many nodes and edges are typical"),
        ({"data": "multimodal", "shape": ()}, "a multimodal task has two modes or more"),
        ({"modes": (Form("image", (8, 8, 1)), Form("tabular", (3,)))}, "no other task has modes"),
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
