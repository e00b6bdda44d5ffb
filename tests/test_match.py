"""Equal size: the width chosen by the formula of the perceptron, and by trying for the rest."""

from typing import Any

import pytest

from suite.arms import trials
from suite.match import NoMatch, cost, match
from suite.study import Study, StudyError
from suite.trial import Trial


def trial(architecture: str, task: str = "image/digits", **levels: Any) -> Trial:
    small = {"width": 16, "depth": 2, "patch": 4, "steps": 3}
    return Trial(task=task, architecture=architecture).moved({**small, **levels})


def test_a_network_matches_itself() -> None:
    found = match("parameters", trial("mlp", width=999), trial("mlp", width=37))
    assert (found.width, found.ratio) == (37, 1.0)
    assert found.cost == cost("parameters", trial("mlp", width=37))


def test_depth_at_equal_parameters_follows_the_formula() -> None:
    """depth w^2 + ...: the nearest width of a network with depth 8."""
    reference, deep = trial("mlp", width=64), trial("mlp", depth=8)
    found = match("parameters", deep, reference)
    around = [cost("parameters", deep.moved({"width": found.width + d})) for d in (-1, 0, 1)]
    wanted = cost("parameters", reference)
    assert abs(around[1] - wanted) == min(abs(c - wanted) for c in around)
    assert found.ratio == around[1] / wanted


@pytest.mark.parametrize("alike", ["parameters", "flops"])
@pytest.mark.parametrize("architecture", ["mlp", "cnn", "gru", "transformer"])
def test_others_come_within_five_percent(alike: Any, architecture: str) -> None:
    reference = trial("transformer", width=32)
    found = match(alike, trial(architecture), reference)
    assert abs(found.ratio - 1) <= 0.05
    assert cost(alike, trial(architecture, width=found.width)) == found.cost


def test_widths_are_those_that_can_be_built() -> None:
    assert match("parameters", trial("transformer", heads=8), trial("mlp", width=256)).width % 8 == 0


def test_what_cannot_be_matched_is_refused_with_the_nearest() -> None:
    with pytest.raises(NoMatch, match=r"no width of transformer on image/digits has the parameters of the reference"):
        match("parameters", trial("transformer", heads=32), trial("mlp", width=2))


def test_a_study_gives_every_arm_the_size_of_its_reference() -> None:
    asked = Study(
        question="Is depth worth it at equal size?",
        tasks=("image/digits",),
        architectures=("cnn", "mlp"),
        factors={"depth": (2, 4)},
        baseline={"width": 32, "patch": 2},
        seeds=2,
        match="parameters",
    )
    found = trials(asked)
    assert len(found) == 2 * 2 * 2
    sizes = [cost("parameters", one) for one in found]
    assert found[0].size.width == 32, "the reference keeps its width"
    assert all(abs(size / sizes[0] - 1) <= 0.05 for size in sizes)


def test_a_study_cannot_move_the_width_as_well() -> None:
    fields: dict[str, Any] = {"question": "?", "tasks": ("image/digits",), "architectures": ("mlp",)}
    with pytest.raises(StudyError, match="match 'flops' chooses the width, so width cannot be a factor"):
        Study(**fields, factors={"width": (8, 16)}, match="flops")
    with pytest.raises(StudyError, match="one of none, parameters, flops"):
        Study(**fields, match="size")
