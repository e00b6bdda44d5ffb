"""Models that are no networks, fitted to a task's own splits and scored with its own metric: references for a board.

Axes: N examples, F features, K classes or values.
"""

from collections.abc import Sequence
from itertools import product
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from suite import catalog
from suite.analysis.bounds import score_interval
from suite.data import Part, data
from suite.objective import score
from suite.seeds import stream
from tasks.task import Task

Baseline = Literal["constant", "linear", "neighbours", "svm", "forest", "boosting"]
FLOOR = 1e-12  # of a probability, before its logarithm is taken


def score_baseline(name: Baseline, task_name: str, seed: int) -> tuple[float, float]:
    """The metric on valid and on test, after fitting on train; the same bits whenever it is asked again."""
    task, examples = catalog.task(task_name), data(task_name, seed)
    if why := refusal(name, task):
        raise ValueError(f"no {name} baseline of {task_name}: {why}")
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        fitted = _model(name, task, stream(task_name, seed, "baseline", name) % 2**32)
        fitted.fit(features(task, examples.train), _targets(task, examples.train))
        valid, test = (
            score(task, _outputs(task, fitted, features(task, part)), part.targets)
            for part in (examples.valid, examples.test)
        )
    return valid, test


def board(tasks: Sequence[str], seeds: Sequence[int]) -> pd.DataFrame:
    """Every baseline on every task that it can take: the mean test score over the seeds with its interval."""
    rows = []
    for task, name in product(tasks, get_args(Baseline)):
        if refusal(name, catalog.task(task)) is None:
            unit = catalog.task(task).metric
            found = score_interval([score_baseline(name, task, seed)[1] for seed in seeds], unit)
            rows.append((task, name, found.mean, found.low, found.high, unit, len(seeds)))
    return pd.DataFrame(rows, columns=["task", "baseline", "mean", "low", "high", "unit", "n_seeds"])


def refusal(name: Baseline, task: Task) -> str | None:
    """Why that baseline cannot take the task, or None if it can."""
    if name not in get_args(Baseline):
        return f"there is {', '.join(get_args(Baseline))}"
    if task.data in ("graph", "multimodal") or task.vocabulary or task.padded or task.per != "example":
        return "it needs as many numbers for each example, and one answer"
    if name == "svm" and task.metric == "compression":
        return "its margins are no probabilities"
    return None


def features(task: Task, part: Part) -> np.ndarray:
    """Examples as rows of numbers, a category as a one among zeros; (N, F)."""
    assert isinstance(part.inputs, Tensor)
    x_NF = part.inputs.flatten(1).numpy()
    if not task.categories:
        return x_NF
    columns = [
        np.eye(count, dtype=np.float32)[x_NF[:, column].astype(np.int64)] if count else x_NF[:, [column]]
        for column, count in enumerate(task.categories)
    ]
    return np.concatenate(columns, axis=1)


def _targets(task: Task, part: Part) -> np.ndarray:
    found: np.ndarray = part.targets.numpy()
    return found[:, 0] if task.target == "value" and task.outputs == 1 else found


def _outputs(task: Task, fitted: Any, x_NF: np.ndarray) -> Tensor:
    """Logarithms of probabilities, or margins, a column for each class; or values. (N, K)."""
    if task.target == "value":
        return torch.from_numpy(fitted.predict(x_NF).reshape(len(x_NF), task.outputs))
    if hasattr(fitted, "predict_proba"):
        said_NK = np.log(np.maximum(fitted.predict_proba(x_NF), FLOOR))
    else:
        margins = fitted.decision_function(x_NF)
        said_NK = margins if margins.ndim == 2 else np.column_stack([-margins, margins])
    outputs_NK = np.full((len(x_NF), task.outputs), min(said_NK.min(), np.log(FLOOR)))
    outputs_NK[:, fitted.classes_] = said_NK  # a class that train does not have is never said
    return torch.from_numpy(outputs_NK)


def _model(name: Baseline, task: Task, seed: int) -> Any:
    """With scikit-learn's own settings, which is imported here because it takes a second."""
    from sklearn import dummy, ensemble, linear_model, multioutput, neighbors, svm

    classes, several = task.target == "class", task.outputs > 1
    match name:
        case "constant":
            return dummy.DummyClassifier(strategy="prior") if classes else dummy.DummyRegressor()
        case "linear":
            return linear_model.LogisticRegression(max_iter=5000) if classes else linear_model.Ridge()
        case "neighbours":
            return neighbors.KNeighborsClassifier() if classes else neighbors.KNeighborsRegressor()
        case "forest":
            kind = ensemble.RandomForestClassifier if classes else ensemble.RandomForestRegressor
            return kind(random_state=seed)
        case "boosting":
            if classes:
                return ensemble.HistGradientBoostingClassifier(random_state=seed)
            one = ensemble.HistGradientBoostingRegressor(random_state=seed)
        case "svm":
            if classes:
                return svm.SVC()
            one = svm.SVR()
    return multioutput.MultiOutputRegressor(one) if several else one
