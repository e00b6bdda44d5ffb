"""What an architecture says it ignores changes nothing in it, and what it does not name changes something."""

from collections.abc import Iterator

import pytest
import torch
from torch import nn

from suite import catalog
from suite.trial import GROUP_OF
from tests.specimens import SPECIMENS, network

# What is part of a network, and other levels of it than the default. The rest acts in training, on all alike.
FACTORS: dict[str, tuple[object, ...]] = {
    "width": (24,),
    "depth": (3,),
    "patch": (2, 3),
    "heads": (2,),
    "kernel": (5,),
    "dilation": (3,),
    "activation": ("relu",),
    "positions": ("sinusoidal", "relative", "none"),
    "readout": ("max", "last"),
    "norm": ("rms", "none"),
    "norm_place": ("post",),
    "residual": ("none",),
}


def accepted(architecture: str) -> list[str]:
    return [name for name, specimen in SPECIMENS.items() if catalog.refuses(specimen.task, architecture) is None]


def is_same(one: nn.Module, other: nn.Module, specimen: str) -> bool:
    """The same weights by name, and the same answers."""
    ours, theirs = one.state_dict(), other.state_dict()
    if {name: tensor.shape for name, tensor in ours.items()} != {name: t.shape for name, t in theirs.items()}:
        return False
    inputs = SPECIMENS[specimen].part(4).inputs
    with torch.no_grad():
        return torch.equal(one.eval()(inputs), other.eval()(inputs))


def moved(architecture: str, specimen: str, factor: str) -> Iterator[nn.Module]:
    """The networks at the other levels; a level that cannot be built is no level of this architecture."""
    for level in FACTORS[factor]:
        try:
            yield network(specimen, architecture, **{factor: level})
        except ValueError:
            assert factor not in catalog.ignored(architecture), "what is ignored cannot be in the way"


def changes(architecture: str, specimen: str, factor: str) -> bool:
    reference = network(specimen, architecture)
    return not all(is_same(reference, other, specimen) for other in moved(architecture, specimen, factor))


@pytest.mark.parametrize("architecture", catalog.architecture_names())
def test_what_is_ignored_changes_nothing(architecture: str) -> None:
    for factor in catalog.ignored(architecture):
        assert [name for name in accepted(architecture) if changes(architecture, name, factor)] == [], factor


@pytest.mark.parametrize("architecture", catalog.architecture_names())
def test_what_is_not_ignored_changes_something(architecture: str) -> None:
    matters = [factor for factor in FACTORS if factor not in catalog.ignored(architecture)]
    assert [f for f in matters if not any(changes(architecture, name, f) for name in accepted(architecture))] == []


@pytest.mark.parametrize("architecture", catalog.architecture_names())
def test_it_ignores_factors_that_exist(architecture: str) -> None:
    ignored = catalog.ignored(architecture)
    assert set(ignored) <= set(FACTORS) <= set(GROUP_OF)
    assert len(set(ignored)) == len(ignored)
