"""Places counted before there is a network are those that the stem makes."""

import pytest

from suite.blank import blank
from suite.nn.lengths import length, lengths, mode_lengths
from suite.nn.stem import Stem, grid, sequence
from suite.trial import Size
from tests.specimens import SPECIMENS

PLAIN = [name for name, specimen in SPECIMENS.items() if specimen.task.data != "graph"]

each = pytest.mark.parametrize("specimen", PLAIN)
each_patch = pytest.mark.parametrize("patch", [1, 2, 5])


@each
@each_patch
def test_a_row_is_as_long_as_the_stem_makes_it(specimen: str, patch: int) -> None:
    task = SPECIMENS[specimen].task
    x, _ = Stem(task, 4, patch=patch, view=sequence, positions="none")(blank(task, 2))
    assert x.shape[1] == length(task, Size(patch=patch)) == sum(mode_lengths(task, Size(patch=patch)))


@each
@each_patch
def test_axes_are_as_long_as_the_stem_makes_them(specimen: str, patch: int) -> None:
    task = SPECIMENS[specimen].task
    if len(task.forms) > 1:
        pytest.skip("several modes are a row")
    x, _ = Stem(task, 4, patch=patch, view=grid, positions="none")(blank(task, 2))
    assert x.shape[1:-1] == lengths(task, Size(patch=patch))
