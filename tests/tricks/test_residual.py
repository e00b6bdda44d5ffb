"""Residual connections join by adding, or not at all."""

from typing import get_args

import pytest
import torch

from suite.trial import Tricks
from suite.tricks.residual import residual

LEVELS = get_args(Tricks.model_fields["residual"].annotation)


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_keeps_the_shape(level: str) -> None:
    assert residual(level)(torch.ones(2, 3), torch.ones(2, 3)).shape == (2, 3)


def test_none_replaces_and_add_adds() -> None:
    before, branch = torch.tensor([1.0, 2.0]), torch.tensor([10.0, 20.0])
    assert residual("none")(before, branch).tolist() == [10, 20]
    assert residual("add")(before, branch).tolist() == [11, 22]
    assert before.tolist() == [1, 2], "what came before is not written over"


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="'gated'"):
        residual("gated")
