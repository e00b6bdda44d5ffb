"""Cutout sets one block of neighbours to zero, of the share it says, and only while training."""

import pytest
import torch
from torch import Generator

from suite.trial import Tricks
from suite.tricks.erase import block, cutout_of, refusal
from suite.tricks.variation import variation
from tests.specimens import SPECIMENS


def seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


@pytest.mark.parametrize(
    ("shape", "share", "sides"),
    [
        ((300, 8, 8, 3), 0.25, (4, 4)),
        ((300, 8, 16, 1), 0.25, (4, 8)),
        ((300, 40, 2), 0.1, (4,)),
        ((300, 4, 4, 4, 1), 1 / 8, (2, 2, 2)),
    ],
)
def test_a_block_has_its_share_and_lies_anywhere_inside(
    shape: tuple[int, ...], share: float, sides: tuple[int, ...]
) -> None:
    cut = block(torch.zeros(shape), torch.full((shape[0],), share), seeded())
    assert cut.shape == (*shape[:-1], 1)
    for axis, side in enumerate(sides, start=1):
        others = tuple(a for a in range(1, len(shape)) if a != axis)
        along = cut.sum(others).bool()
        assert (along.sum(1) == side).all()
        assert along.any(0).all(), "also at the borders"
    assert (cut.flatten(1).sum(1) == torch.tensor(sides).prod()).all()


def test_all_and_nothing() -> None:
    cut = block(torch.zeros(2, 8, 8, 1), torch.tensor([0.0, 1.0]), seeded())
    assert not cut[0].any()
    assert cut[1].all()


def test_cutout_sets_a_block_to_the_mean_and_leaves_its_input_alone() -> None:
    x = torch.ones(50, 8, 8, 3)
    cut = cutout_of(0.25)(x, seeded())
    assert (x == 1).all()
    assert cut.unique().tolist() == [0, 1]
    assert (cut == 0).float().mean() == 0.25
    assert (cut == cut[..., :1]).all(), "all channels"
    assert cutout_of(0.25)(x, seeded()).equal(cut)
    assert not cutout_of(0.25)(x, seeded(1)).equal(cut)


def test_it_comes_after_augmentation_and_only_where_it_is_asked_for() -> None:
    task, part = SPECIMENS["image"].task, SPECIMENS["image"].part(32)
    cutout = Tricks(dropout_kind="cutout", dropout=0.25)
    both = variation(cutout.model_copy(update={"augmentation": "noise"}), task)
    alone = variation(cutout, task)
    assert alone is not None
    assert both is not None
    assert (alone(part.inputs, part.targets, seeded())[0] == 0).float().mean() == 0.25
    assert (both(part.inputs, part.targets, seeded())[0] == 0).float().mean() == 0.25
    assert variation(Tricks(dropout_kind="cutout"), task) is None
    assert variation(Tricks(dropout=0.25), task) is None


@pytest.mark.parametrize("specimen", SPECIMENS)
def test_only_neighbours_with_numbers_can_be_cut_out(specimen: str) -> None:
    can = ("series", "ragged series", "audio", "image", "volume", "numbers in a row")
    assert (refusal(SPECIMENS[specimen].task) is None) == (specimen in can)
