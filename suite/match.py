"""Equal size for unequal networks: the width at which one has the parameters, or the training FLOPs, of another.

A trick or an architecture that also makes a network bigger is compared with a smaller one otherwise.
"""

from functools import lru_cache
from typing import Literal, NamedTuple

from suite import catalog
from suite.cost import parameters, training_flops
from suite.seeds import fixed
from suite.trial import Trial

Alike = Literal["parameters", "flops"]

TOLERANCE = 0.05  # of the reference's cost
WIDEST = 2**14
TRIED = (7, 11, 13)  # steps of width that must all build; primes, so that no step passes for a multiple of itself


class NoMatch(ValueError):
    """No width has a cost near enough to that of the reference; one sentence with the nearest."""


class Match(NamedTuple):
    """The width that was chosen, what it costs, and how many times the cost of the reference that is."""

    width: int
    cost: int
    ratio: float


def match(alike: Alike, trial: Trial, reference: Trial) -> Match:
    """The width that brings the trial's cost to within TOLERANCE of the reference's; NoMatch if there is none.

    The reference keeps its own width. The trial's own width does not matter.
    """
    return _match(alike, _at(trial, 1), cost(alike, reference))


def cost(alike: Alike, trial: Trial) -> int:
    """What is to be equal: trainable numbers, or the FLOPs of all training steps."""
    if alike == "flops":
        return training_flops(trial, trial.budget.steps)
    with fixed(0):
        task = catalog.task(trial.task)
        return parameters(catalog.architecture(trial.architecture).build(task, trial.size, trial.tricks))


@lru_cache(maxsize=4096)
def _match(alike: Alike, trial: Trial, wanted: int) -> Match:
    step = _step(trial)
    below = _last_below(alike, trial, step, wanted)
    around = [_found(alike, trial, width * step, wanted) for width in (below, below + 1) if width]
    nearest = min(around, key=lambda found: abs(found.ratio - 1))
    if abs(nearest.ratio - 1) > TOLERANCE:
        raise NoMatch(
            f"no width of {trial.architecture} on {trial.task} has the {alike} of the reference, {wanted:,}, "
            f"within {TOLERANCE:.0%}; the nearest is width {nearest.width} with {nearest.cost:,}, "
            f"{nearest.ratio:.2f} times as many"
        )
    return nearest


def _last_below(alike: Alike, trial: Trial, step: int, wanted: int) -> int:
    """The last multiple of `step` that costs no more than wanted, by bisection: what is wider costs no less."""
    low, high = 0, 1
    while high * step < WIDEST and cost(alike, _at(trial, high * step)) <= wanted:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if cost(alike, _at(trial, middle * step)) <= wanted:
            low = middle
        else:
            high = middle
    return low


def _found(alike: Alike, trial: Trial, width: int, wanted: int) -> Match:
    there = cost(alike, _at(trial, width))
    return Match(width, there, there / max(wanted, 1))


def _step(trial: Trial) -> int:
    """What the width must be a multiple of, found by trying: heads, groups, pairs of features."""
    for step in range(1, 8 * trial.size.heads + 1):
        refusals = [refusal for times in TRIED if (refusal := _refusal(_at(trial, step * times)))]
        if not refusals:
            return step
    raise NoMatch(f"{trial.architecture} on {trial.task} cannot be built at any width: {refusals[0]}")


def _refusal(trial: Trial) -> str:
    try:
        cost("parameters", trial)
    except Exception as error:  # anybody's network, and whatever it says of a width that it cannot have
        return str(error) or type(error).__name__
    return ""


def _at(trial: Trial, width: int) -> Trial:
    return trial.moved({"width": width})
