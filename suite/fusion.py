"""Which trials can be trained together: those of a kind, where a try shows that nothing but rounding differs."""

import math
import warnings
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

import torch
from torch import Tensor

from suite import catalog
from suite.data import Data, Part, data
from suite.fused import enlist, learn
from suite.numerics import settled
from suite.record import SOLO
from suite.train import _learn, begin, build
from suite.trial import Trial

OWN = ("rate", "weight_decay", "augmentation")  # what each member may have its own of, besides its seed
ALONE = ("optimizer", "clip", "patience", "sparsity", "precision", "tuning")  # what only training alone can do
DEFAULTS = Trial(task="", architecture="").levels
PROBE = {"steps": 3, "batch": 8}
PROBE_EXAMPLES = 32
PROBE_TOLERANCE = 1e-7  # of weights in float64; what is another training differs in the first digits


def execution(trial: Trial, width: int) -> str:
    """How the trial is run where up to `width` are trained together: its part of the numerics class."""
    return SOLO if width == 1 or refusal(trial) else f"fused-{width}"


def kind(trial: Trial) -> Hashable:
    """What trials must have in common to be trained together."""
    shared = tuple(level for name, level in trial.levels.items() if name not in OWN)
    distributions = trial.tricks.augmentation in ("mixup", "mixup_beta", "cutmix")  # instead of classes as targets
    return trial.task, trial.architecture, trial.protocol, distributions, shared


def groups(trials: Sequence[Trial], width: int) -> Iterator[tuple[Trial, ...]]:
    """The trials in their order, neighbours of a kind together, at most `width` of them."""
    for _, alike in groupby(trials, key=kind):
        members = tuple(alike)
        yield from (members[start : start + width] for start in range(0, len(members), width))


def refusal(trial: Trial) -> str | None:
    """Why trials like this one cannot be trained together, or None if they can."""
    if catalog.task(trial.task).per != "example":
        return "answers at every place are not stacked"
    if trial.tricks.dropout:
        return "dropout draws its masks inside the network, where members have no streams of their own"
    moved = [name for name in ALONE if trial.levels[name] != DEFAULTS[name]]
    if moved:
        return f"{moved[0]} {trial.levels[moved[0]]} is not part of the stacked step"
    budget = trial.budget.model_copy(update=PROBE)
    return _refusal(trial.model_copy(update={"seed": 0, "budget": budget}))


@lru_cache(maxsize=1024)
def _refusal(probe: Trial) -> str | None:
    """Try it: after a few steps two members must have the weights that each has alone."""
    try:
        with settled(), warnings.catch_warnings():
            warnings.simplefilter("error")  # torch warns where it can only loop over the members
            worst = _disagreement([probe.model_copy(update={"seed": seed}) for seed in (0, 1)])
    except Exception as error:  # anybody's network, and whatever of it torch cannot stack
        return f"{probe.architecture} cannot be stacked: {str(error).partition('. ')[0]}"[:200]
    if worst <= PROBE_TOLERANCE:
        return None
    return f"{probe.architecture} is trained differently when stacked: weights differ by {worst:.1g}"


def _disagreement(trials: Sequence[Trial]) -> float:
    """The largest difference of any weight between training together and alone, in float64."""
    task = catalog.task(trials[0].task)
    members = [enlist(trial, _double(data(trial.task, trial.seed))) for trial in trials]
    for member in members:
        member.network.double()
    for _ in learn(members, task):
        pass
    worst = torch.zeros(())
    for member in members:
        training = begin(build(member.trial).double(), member.trial)
        for _ in _learn(training, member.trial, task, member.examples.train):
            pass
        ours, theirs = member.network.state_dict(), training.network.state_dict()
        for name in ours:
            worst = torch.maximum(worst, (ours[name] - theirs[name]).abs().max())
    return worst.item() if worst.isfinite() else math.inf


def _double(examples: Data) -> Data:
    inputs, targets = examples.train.inputs[:PROBE_EXAMPLES], examples.train.targets[:PROBE_EXAMPLES]
    assert isinstance(inputs, Tensor), "graphs and several modes"
    inputs = inputs.double() if inputs.is_floating_point() else inputs
    targets = targets.double() if targets.is_floating_point() else targets
    return replace(examples, train=Part(inputs, targets))
