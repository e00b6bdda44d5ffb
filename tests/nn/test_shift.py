"""A token shift moves groups of features, each from another place."""

import torch

from suite.nn.shift import shifted


def test_three_groups_come_from_before_here_and_after() -> None:
    x = torch.arange(1.0, 5).view(1, 4, 1).expand(1, 4, 3)
    assert shifted(x, 3, causal=False)[0].T.tolist() == [[2, 3, 4, 0], [1, 2, 3, 4], [0, 1, 2, 3]]


def test_in_a_causal_one_none_comes_from_after() -> None:
    x = torch.arange(1.0, 5).view(1, 4, 1).expand(1, 4, 3)
    assert shifted(x, 3, causal=True)[0].T.tolist() == [[1, 2, 3, 4], [0, 1, 2, 3], [0, 0, 1, 2]]


def test_every_axis_has_its_groups() -> None:
    """Ones in the middle of a plane go up, stay, go down, and left, stay, right."""
    x = torch.zeros(1, 5, 5, 6)
    x[0, 2, 2] = 1
    moved = shifted(x, 3, causal=False)[0]
    assert [moved[..., group].nonzero().tolist() for group in range(6)] == [
        [[1, 2]], [[2, 2]], [[3, 2]], [[2, 1]], [[2, 2]], [[2, 3]]
    ]  # fmt: skip


def test_a_group_that_moves_farther_than_there_are_places_is_gone() -> None:
    assert not shifted(torch.ones(1, 2, 7), 7, causal=True)[..., 2:].any()


def test_features_that_do_not_divide_are_shared_out() -> None:
    x = torch.randn(2, 4, 3, 2, 5)
    assert shifted(x, 3, causal=False).shape == x.shape, "nine groups, and five features"
