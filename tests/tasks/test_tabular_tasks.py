"""Tables: labels by other means than the loader's, and who can answer what."""

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import make_friedman1
from sklearn.decomposition import FastICA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import OneHotEncoder

from suite import catalog
from suite.seeds import numpy_stream
from tasks.fetch import fetch, is_here
from tasks.split import standardize, stratified_split
from tasks.tabular import adult, california_housing, friedman, rotated_parity, xor
from tasks.task import Split, Splits

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # enough is enough


def load(name: str, seed: int = 0) -> Splits:
    task = catalog.task(name)
    if not all(map(is_here, task.files)):
        pytest.skip(f"{name} is not on this machine; make data fetches it")
    return task.load(numpy_stream(name, seed, "data"))


def score(model: Any, splits: Splits) -> float:
    model.fit(splits.train.inputs, splits.train.targets.ravel())
    return float(model.score(splits.test.inputs, splits.test.targets.ravel()))


def everything(splits: Splits) -> tuple[np.ndarray, np.ndarray]:
    found: list[Split] = [splits.train, splits.valid, splits.test]
    return np.concatenate([split.inputs for split in found]), np.concatenate([split.targets for split in found])


def mlp(*hidden: int) -> MLPClassifier:
    return MLPClassifier(hidden, learning_rate_init=0.01, early_stopping=True, max_iter=60, random_state=0)


def test_a_stratified_split_keeps_shares_and_everything() -> None:
    labels = np.repeat([0, 1, 2], [100, 50, 10])
    splits = stratified_split(np.arange(160), labels, np.random.default_rng(0), valid=0.1, test=0.3)
    inputs, targets = everything(splits)
    assert sorted(inputs) == list(range(160))
    np.testing.assert_array_equal(targets, labels[inputs])
    for split, counts in ((splits.train, [60, 30, 6]), (splits.valid, [10, 5, 1]), (splits.test, [30, 15, 3])):
        assert np.bincount(split.targets).tolist() == counts
    assert not np.array_equal(np.sort(splits.test.inputs), splits.test.inputs), "in random order"


def test_categories_are_not_standardized() -> None:
    table = np.column_stack([np.arange(10.0), np.arange(10) % 3])
    splits = standardize(stratified_split(table, np.arange(10) % 2, np.random.default_rng(0)), categories=(0, 3))
    inputs, _ = everything(splits)
    assert set(inputs[:, 1]) == {0, 1, 2}
    assert splits.train.inputs[:, 0].std() == pytest.approx(1)  # type: ignore[union-attr, index]


def test_wine_is_nearly_linear() -> None:
    assert score(LinearDiscriminantAnalysis(), load("tabular/wine")) > 0.9


def test_xor_is_what_its_first_two_features_say() -> None:
    splits = load("tabular/xor")
    inputs, targets = everything(splits)
    right = ((inputs[:, 0] > 0) != (inputs[:, 1] > 0)) == targets
    assert right.mean() == pytest.approx(1 - xor.WRONG, abs=0.015)


def test_xor_is_beyond_linear_models_and_not_beyond_networks() -> None:
    splits = load("tabular/xor")
    assert score(LogisticRegression(), splits) < 0.56
    assert score(LinearDiscriminantAnalysis(), splits) < 0.56
    assert score(mlp(32), splits) > 0.88


def test_rotated_parity_is_found_by_looking_for_its_directions() -> None:
    """Independent component analysis finds the three directions that are not normal, up to their signs."""
    inputs, targets = everything(load("tabular/rotated_parity"))
    found = FastICA(random_state=0, whiten="unit-variance", max_iter=1000).fit_transform(inputs.astype(np.float64))
    flattest = np.argsort((found**4).mean(0))[: rotated_parity.HIDDEN]
    agreement = ((found[:, flattest] < 0).sum(1) % 2 == targets).mean()
    assert max(agreement, 1 - agreement) > 0.95


def test_rotated_parity_is_for_networks_and_not_for_lines_or_trees() -> None:
    splits = load("tabular/rotated_parity")
    assert score(LogisticRegression(), splits) < 0.56
    network, forest = score(mlp(64, 64), splits), score(RandomForestClassifier(60, random_state=0), splits)
    assert network > 0.97
    assert network > forest + 0.1


def test_friedman_is_the_published_function() -> None:
    table, values = make_friedman1(1000, noise=0.0, random_state=0)
    np.testing.assert_allclose(friedman.function(table), values)


def test_friedman_can_be_explained_up_to_its_noise() -> None:
    splits = load("tabular/friedman")
    inputs, values = everything(splits)
    assert 0.68 < score(LinearRegression(), splits) < 0.78
    assert (
        0.85
        < score(
            MLPRegressor(hidden_layer_sizes=(64,), learning_rate_init=0.01, early_stopping=True, random_state=0), splits
        )
        < 0.965
    )
    rank = np.argsort(np.argsort(inputs, axis=0), axis=0) / len(inputs)  # a uniform feature is its rank
    assert np.corrcoef(friedman.function(rank), values[:, 0])[0, 1] ** 2 == pytest.approx(0.96, abs=0.01)


def test_california_housing_is_the_table_that_everybody_uses() -> None:
    import pandas as pd

    splits = load("tabular/california_housing")
    table = pd.read_parquet(fetch(california_housing.TABLE)[0])
    assert table.shape == (20640, 9)
    row = {"MedInc": 8.3252, "HouseAge": 41, "Population": 322, "Latitude": 37.88, "MedHouseVal": 4.526}
    assert (np.abs(table[list(row)] - pd.Series(row)).max(axis=1) < 1e-4).sum() == 1, "its well-known first row"
    assert table["MedHouseVal"].var(ddof=0) == pytest.approx(california_housing.VARIANCE, abs=1e-5)
    assert score(LinearRegression(), splits) == pytest.approx(0.6, abs=0.04)


def test_california_references_are_errors_turned_into_shares() -> None:
    best = {reference.model: reference.score for reference in california_housing.TASK.references}
    assert best["FT-Transformer"] == pytest.approx(1 - (0.4591 / 1.1539) ** 2, abs=0.001)
    assert best["MLP"] < best["ResNet"] < best["FT-Transformer"] < best["CatBoost"]


def test_adult_has_its_well_known_counts() -> None:
    import pandas as pd

    splits = load("tabular/adult")
    table = pd.read_parquet(fetch(adult.TABLE)[0])
    assert (len(table), (table[adult.TARGET] == adult.RICH).sum(), (table == "?").sum().sum()) == (48842, 11687, 6465)
    inputs, targets = everything(splits)
    assert len(inputs) == len(table.drop(columns=adult.TARGET).drop_duplicates())
    assert targets.mean() == pytest.approx(11687 / 48842, abs=0.001)
    for column, kinds in enumerate(adult.CATEGORIES):
        assert not kinds or kinds == table.iloc[:, column].nunique() == len(np.unique(inputs[:, column]))
    occupation = list(table.columns).index("occupation")
    assert (adult.coded(table.drop(columns=adult.TARGET))[:, occupation] == 0).sum() == (table.occupation == "?").sum()


def test_adult_is_as_linear_as_is_known() -> None:
    splits = load("tabular/adult")
    coded = np.array(adult.CATEGORIES) > 0
    encoder = OneHotEncoder().fit(splits.train.inputs[:, coded])  # type: ignore[index, call-overload]

    def wide(split: Split) -> np.ndarray:
        assert isinstance(split.inputs, np.ndarray)
        return np.hstack([split.inputs[:, ~coded], encoder.transform(split.inputs[:, coded]).toarray()])

    model = LogisticRegression(max_iter=200, tol=1e-2).fit(wide(splits.train), splits.train.targets)
    assert model.score(wide(splits.test), splits.test.targets) == pytest.approx(0.852, abs=0.01)


def test_letters_are_counted_as_published_and_near_their_like() -> None:
    from tasks.tabular.letter import TABLE

    splits = load("tabular/letter")
    letters = [line[-1] for line in fetch(TABLE)[0].read_text().split() if line[0].isdigit()]
    assert len(letters) == 20000
    assert [letters.count(letter) for letter in "ABCZ"] == [789, 766, 736, 734]
    assert len(everything(splits)[0]) == 20000 - 1332
    assert 0.65 < score(LinearDiscriminantAnalysis(), splits) < 0.75
    assert score(KNeighborsClassifier(1), splits) > 0.9
