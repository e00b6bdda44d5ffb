"""What training several trials together gains over training each alone, by architecture and width.

    python -m tests.benchmarks.fused

Both take turns on the same networks, data and number of steps, on one thread and, where there is one, on the
accelerator too. Printed is the time of a step alone over a member's share of a step together: above 1 is a gain.
"""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median

import torch

from suite import catalog
from suite.data import Data, Part, data
from suite.fused import enlist, learn
from suite.fusion import refusal
from suite.numerics import settled
from suite.train import _learn, begin, build
from suite.trial import Trial

TASK = "series/mnist1d"
WIDTHS = (2, 4, 8, 16)
STEPS, ROUNDS = 50, 3
SIZES = {
    "mlp": [{"width": 16, "depth": 2}, {"width": 64, "depth": 4}],
    "cnn": [{"width": 16, "depth": 2, "patch": 4}, {"width": 32, "depth": 4, "patch": 4}],
    "transformer": [{"width": 16, "depth": 2, "patch": 4}, {"width": 32, "depth": 2, "patch": 4}],
    "gru": [{"width": 32, "depth": 2, "patch": 4}],
}


def alone(trials: list[Trial], device: str) -> Callable[[], None]:
    """Train them one after the other."""
    trainings = [(begin(build(trial).to(device), trial), trial, _on(device, trial.seed)) for trial in trials]

    def run() -> None:
        for training, trial, examples in trainings:
            for _ in _learn(training, trial, catalog.task(TASK), examples.train):
                pass

    return run


def together(trials: list[Trial], device: str) -> Callable[[], None]:
    members = [enlist(trial, _on(device, trial.seed)) for trial in trials]
    for member in members:
        member.network.to(device)

    def run() -> None:
        for _ in learn(members, catalog.task(TASK)):
            pass

    return run


def _on(device: str, seed: int) -> Data:
    examples = data(TASK, seed)
    return replace(examples, train=Part(examples.train.inputs.to(device), examples.train.targets.to(device)))


def seconds(run: Callable[[], None], device: str) -> float:
    """The processor's on a CPU, so that other programs on the machine do not count; of the clock on an accelerator."""
    clock = time.process_time if device == "cpu" else time.perf_counter
    began = clock()
    run()
    if device != "cpu":
        torch.cuda.synchronize()
    return clock() - began


def gain(trial: Trial, width: int, device: str) -> float:
    trials = [trial.model_copy(update={"seed": seed}) for seed in range(width)]
    ratios = []
    with settled():
        for _ in range(ROUNDS + 1):
            one, other = seconds(alone(trials, device), device), seconds(together(trials, device), device)
            ratios.append(one / other)
    return median(ratios[1:])  # the first round warms up


def main() -> None:
    devices = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
    print(f"one thread, torch {torch.__version__}, load {os.getloadavg()[0]:.1f}; seconds alone over seconds together")
    if "cuda" in devices:
        os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"  # or cuBLAS refuses to be deterministic
        print(f"accelerator: {torch.cuda.get_device_name()}")
    print(f"{'':<33} " + " ".join(f"{f'x {width}':>6}" for width in WIDTHS))
    for device in devices:
        for architecture, sizes in SIZES.items():
            for size in sizes:
                trial = Trial(task=TASK, architecture=architecture).moved(size | {"steps": STEPS})
                name = f"{device} {architecture} {' '.join(f'{key[0]}{level}' for key, level in size.items())}"
                because = refusal(trial)
                gains = because or " ".join(f"{gain(trial, width, device):5.2f}x" for width in WIDTHS)
                print(f"{name:<33} {gains}", flush=True)


if __name__ == "__main__":
    main()
