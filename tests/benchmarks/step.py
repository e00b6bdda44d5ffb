"""Our training loop beside others on the same network, data and number of steps.

    python -m tests.benchmarks.step
    python -m tests.benchmarks.step --compile    # also with the network or the whole step compiled

`hand` is the best loop one would write for this one network: data in memory, batches by index, the fused optimizer.
`usual` is what tutorials show: a DataLoader, AdamW as it comes, a scheduler. `lightning` is the same under Lightning,
which is no dependency of ours: install it into an environment of its own, as LIGHTNING says.

All loops take turns in one process on one thread. Every round gives each loop's seconds over those of `hand` in the
same round, and the median over the rounds is printed. Seconds are the processor's, so that other programs on
the machine do not count.
"""

import argparse
import contextlib
import logging
import os
import tempfile
import time
import warnings
from collections.abc import Callable
from statistics import median
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, TensorDataset

from suite import catalog, checkpoint
from suite.course import weights_digest
from suite.data import Data, data
from suite.numerics import settled
from suite.seeds import fixed, stream
from suite.train import _follow, _learn, batches, begin, build
from suite.trial import Trial
from suite.tricks.optimizer import rate

STEPS, ROUNDS = 200, 7
TRIALS = {
    "mlp": {"width": 64, "depth": 4},
    "cnn": {"width": 32, "depth": 4, "patch": 4},
    "transformer": {"width": 32, "depth": 2, "patch": 4},
    "gru": {"width": 32, "depth": 2, "patch": 4},
}
TARGET = 1.03
LIGHTNING = """not installed. To compare with it:
    python -m venv /tmp/compare
    /tmp/compare/bin/pip install --constraint constraints.txt --editable . lightning
    /tmp/compare/bin/python -m tests.benchmarks.step"""

Loop = Callable[[nn.Module, Trial, Data], float]


def ours(network: nn.Module, trial: Trial, examples: Data) -> float:
    """Our loop, with its pauses at the points of the curve but without scoring there."""
    training, task = begin(network, trial), catalog.task(trial.task)
    began = time.process_time()
    for _ in _learn(training, trial, task, examples.train):
        pass
    return time.process_time() - began


def scored(network: nn.Module, trial: Trial, examples: Data) -> float:
    """All of it: our loop, a score at each point of the curve, and the final scores."""
    training, task = begin(network, trial), catalog.task(trial.task)
    began = time.process_time()
    _follow(training, trial, task, examples, checkpoint.Keeper(None))
    return time.process_time() - began


def hand(network: nn.Module, trial: Trial, examples: Data) -> float:
    budget, part = trial.budget, examples.train
    inputs, targets = part.inputs, part.targets
    optimizer = AdamW(network.parameters(), lr=budget.rate, weight_decay=budget.weight_decay, fused=True)
    (group,) = optimizer.param_groups
    network.train()
    losses = []
    began = time.process_time()
    for step, rows in enumerate(batches(trial, len(inputs)), start=1):
        group["lr"] = rate(budget, step)
        optimizer.zero_grad()
        loss = functional.cross_entropy(network(inputs[rows]), targets[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return time.process_time() - began


def usual(network: nn.Module, trial: Trial, examples: Data) -> float:
    loader = _loader(trial, examples)
    optimizer, scheduler = _optimizer(network, trial)
    network.train()
    losses, step = [], 0
    began = time.process_time()
    while step < trial.budget.steps:
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = functional.cross_entropy(network(inputs), targets)
            loss.backward()
            optimizer.step()
            scheduler.step()
            losses.append(loss.detach())
            step += 1
            if step == trial.budget.steps:
                break
    return time.process_time() - began


def _loader(trial: Trial, examples: Data) -> DataLoader[tuple[Tensor, ...]]:
    part = TensorDataset(examples.train.inputs, examples.train.targets)
    return DataLoader(part, batch_size=trial.budget.batch, shuffle=True, drop_last=True)


def _optimizer(network: nn.Module, trial: Trial) -> tuple[AdamW, LambdaLR]:
    budget = trial.budget
    optimizer = AdamW(network.parameters(), lr=1.0, weight_decay=budget.weight_decay)
    return optimizer, LambdaLR(optimizer, lambda step: rate(budget, min(step + 1, budget.steps)))


def lightning() -> Loop | None:
    """A loop under Lightning's Trainer with everything optional off, or None where it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import lightning as L
    except ImportError:
        return None
    for name in ("lightning.pytorch", "lightning.fabric", "lightning.pytorch.utilities.rank_zero"):
        logging.getLogger(name).setLevel(logging.ERROR)

    class Module(L.LightningModule):  # type: ignore[misc, name-defined]
        def __init__(self, network: nn.Module, trial: Trial) -> None:
            super().__init__()
            self.network, self.trial = network, trial

        def training_step(self, batch: Any, index: int) -> Tensor:
            return functional.cross_entropy(self.network(batch[0]), batch[1])

        def configure_optimizers(self) -> Any:
            optimizer, scheduler = _optimizer(self.network, self.trial)
            return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "interval": "step"}}

        def on_train_start(self) -> None:
            self.began = time.process_time()

        def on_train_end(self) -> None:
            self.seconds = time.process_time() - self.began

    def loop(network: nn.Module, trial: Trial, examples: Data) -> float:
        off: dict[str, Any] = dict.fromkeys(
            ("logger", "enable_checkpointing", "enable_progress_bar", "enable_model_summary"), False
        )
        module = Module(network, trial)
        with warnings.catch_warnings(), contextlib.redirect_stderr(None):
            warnings.simplefilter("ignore")
            L.Trainer(max_steps=trial.budget.steps, accelerator="cpu", devices=1, **off).fit(
                module, _loader(trial, examples)
            )
        return module.seconds

    return loop


def compare(architecture: str, loops: dict[str, Loop]) -> dict[str, float]:
    """Milliseconds per step of `hand`, and of each other loop its seconds over those of `hand`."""
    trial = Trial(task="series/mnist1d", architecture=architecture).moved(TRIALS[architecture] | {"steps": STEPS})
    examples = data(trial.task, 0)
    seconds: dict[str, list[float]] = {name: [] for name in loops}
    for turn in range(ROUNDS + 1):
        digests = {}
        for name in list(loops)[turn % len(loops) :] + list(loops)[: turn % len(loops)]:
            with settled(), fixed(stream(trial.task, 0, "noise")):
                network = build(trial)
                took = loops[name](network, trial, examples)
            digests[name] = weights_digest(network)
            if turn:  # the first turn warms up
                seconds[name].append(took)
        assert digests["ours"] == digests["hand"], "the two loops must do the same work, to the last bit"
    ratios = {name: median(a / b for a, b in zip(took, seconds["hand"], strict=True)) for name, took in seconds.items()}
    return {"hand": 1000 * median(seconds["hand"]) / STEPS} | {n: r for n, r in ratios.items() if n != "hand"}


def compiled(architecture: str) -> str:
    """What compiling the whole step gains, and after how many steps it has paid for itself.

    `cold` are the seconds of the first compilation, `warm` those of one in the same process that finds the cache
    filled; it pays after so many steps of every later trial. A new process needs seconds more.
    """
    trial = Trial(task="series/mnist1d", architecture=architecture).moved(TRIALS[architecture] | {"steps": STEPS})
    step, examples = _step(build(trial), trial, data(trial.task, 0)), data(trial.task, 0)
    with tempfile.TemporaryDirectory() as cache, settled():
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = cache
        cold, quick = _compile(_step(build(trial), trial, examples))
        torch.compiler.reset()
        warm, quick = _compile(_step(build(trial), trial, examples))
        before, after = _alternate(step, quick)
    pays = f"{warm / (before - after):,.0f}" if after < before else "never"
    times = f"{1000 * before:6.2f} {1000 * after:9.2f} {before / after:7.2f}x {cold:6.1f} s {warm:5.1f} s"
    return f"{architecture:<12} {times} {pays:>10}"


def _compile(step: Callable[[], Tensor]) -> tuple[float, Callable[[], Tensor]]:
    quick = torch.compile(step)
    began = time.perf_counter()
    for _ in range(3):  # the optimizer's first step has no state yet, and is compiled apart
        quick()
    return time.perf_counter() - began, quick


def _alternate(*steps: Callable[[], Tensor]) -> tuple[float, ...]:
    """Median seconds of each step, taking turns."""
    seconds: list[list[float]] = [[] for _ in steps]
    for _ in range(ROUNDS):
        for step, took in zip(steps, seconds, strict=True):
            began = time.process_time()
            for _ in range(STEPS // 2):
                step()
            took.append((time.process_time() - began) / (STEPS // 2))
    return tuple(map(median, seconds))


def _step(network: nn.Module, trial: Trial, examples: Data) -> Callable[[], Tensor]:
    """One whole step on one batch: forward, backward, and the optimizer."""
    optimizer = AdamW(network.parameters(), lr=trial.budget.rate, weight_decay=trial.budget.weight_decay, fused=True)
    inputs, targets = (whole[: trial.budget.batch] for whole in (examples.train.inputs, examples.train.targets))
    network.train()

    def step() -> Tensor:
        optimizer.zero_grad()
        loss = functional.cross_entropy(network(inputs), targets)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step


def main() -> None:
    parser = argparse.ArgumentParser(description="Our training loop beside others.")
    parser.add_argument("--compile", action="store_true", help="also try torch.compile")
    wanted = parser.parse_args()
    loops: dict[str, Loop] = {"hand": hand, "ours": ours, "scored": scored, "usual": usual}
    theirs = lightning()
    if theirs is not None:
        loops["lightning"] = theirs
    others = [name for name in loops if name != "hand"]
    print(f"one thread, torch {torch.__version__}, load {os.getloadavg()[0]:.1f}; seconds over those of `hand`")
    print(f"{'':<12} {'hand, ms':>9} " + " ".join(f"{name:>9}" for name in others) + f"   (ours: target {TARGET})")
    for architecture in TRIALS:
        found = compare(architecture, loops)
        print(f"{architecture:<12} {found['hand']:9.2f} " + " ".join(f"{found[name]:8.2f}x" for name in others))
    if theirs is None:
        print(f"lightning    {LIGHTNING}")
    if wanted.compile:
        print(f"\n{'':<12} {'plain':>6} {'compiled':>9} {'gain':>8} {'cold':>8} {'warm':>7} {'pays after':>10} steps")
        for architecture in TRIALS:
            print(compiled(architecture))


if __name__ == "__main__":
    main()
