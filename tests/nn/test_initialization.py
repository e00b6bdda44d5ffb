"""Initial weights by name: what two arms share starts the same in both."""

from itertools import product

import pytest
import torch
from torch import Tensor, nn

from suite import catalog
from suite.course import weights_digest
from suite.train import build
from suite.trial import Trial

TASKS = ("tabular/breast_cancer", "tabular/diabetes", "image/digits", "series/mnist1d", "series/sunspots")
ARCHITECTURES = ("cnn", "gru", "mlp", "transformer")
PAIRS = [p for p in product(TASKS, ARCHITECTURES) if catalog.refusal(*p) is None]
each_pair = pytest.mark.parametrize(("task", "architecture"), PAIRS)


def trial(task: str, architecture: str, **levels: object) -> Trial:
    return Trial(task=task, architecture=architecture).moved({"width": 8, "depth": 2, "patch": 4, **levels})


def weights(*where: str, **levels: object) -> dict[str, Tensor]:
    return dict(build(trial(*where, **levels)).named_parameters())


@each_pair
def test_torch_randomness_neither_decides_nor_changes(task: str, architecture: str) -> None:
    torch.manual_seed(1)
    first, state = weights_digest(build(trial(task, architecture))), torch.get_rng_state()
    torch.manual_seed(1)
    assert torch.get_rng_state().equal(state)
    torch.manual_seed(2)
    assert weights_digest(build(trial(task, architecture))) == first


@each_pair
@pytest.mark.parametrize("levels", [{"norm": "batch"}, {"norm": "none"}, {"residual": "none"}, {"dropout": 0.5}])
def test_arms_share_the_weights_of_the_layers_they_share(task: str, architecture: str, levels: dict[str, str]) -> None:
    ours, theirs = weights(task, architecture), weights(task, architecture, **levels)
    both = ours.keys() & theirs.keys()
    assert any("mixer" in name for name in both)
    assert all(ours[name].equal(theirs[name]) for name in both)
    assert all("norm" in name for name in ours.keys() ^ theirs.keys())


@each_pair
def test_a_deeper_network_starts_with_the_layers_of_the_shallow_one(task: str, architecture: str) -> None:
    shallow, deep = weights(task, architecture, depth=1), weights(task, architecture, depth=3)
    assert all(deep[name].equal(weight) for name, weight in shallow.items())


@each_pair
def test_another_seed_draws_every_random_weight_again(task: str, architecture: str) -> None:
    ours = weights(task, architecture)
    other = dict(build(trial(task, architecture).model_copy(update={"seed": 1})).named_parameters())
    same = [name for name in ours if ours[name].equal(other[name])]
    assert all("norm" in name for name in same)


@each_pair
def test_layers_do_not_start_alike(task: str, architecture: str) -> None:
    start = weights(task, architecture)
    for name, weight in start.items():
        if name.startswith("layers.0.") and "mixer" in name:
            assert not weight.equal(start[name.replace("layers.0.", "layers.1.", 1)])


@each_pair
def test_initialization_is_what_torch_does_by_default(task: str, architecture: str) -> None:
    """Uniform within 1 / sqrt(inputs) for linear maps, and no weight forgotten."""
    for module in build(trial(task, architecture)).modules():
        if isinstance(module, nn.Linear):
            bound = module.in_features**-0.5
            assert module.weight.abs().max() <= bound
            assert module.weight.std().item() == pytest.approx(bound / 3**0.5, rel=0.5)
