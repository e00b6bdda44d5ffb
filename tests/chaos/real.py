"""Rounds with the real engine: processes of Ray, and the supervisor above them, are killed and stopped at random."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import psutil

from suite import ledger
from suite.arms import trials
from suite.store import Store
from suite.study import Study
from tests.chaos.world import LONG, ROOT, STUDY

SMALL = {**STUDY, "baseline": {"steps": 40, "width": 8, "depth": 2}, "seeds": 4}
GONE = 5.0  # seconds after which no process may be left of a sweep that was killed


@cache
def truth() -> dict[str, str]:
    """What every trial gives when it is trained here, one after the other."""
    from suite.train import train

    return {trial.id: train(trial).result.digest for trial in trials(Study(**SMALL))}


def disturbed(folder: Path, chance: random.Random, faults: list[str]) -> None:
    """Sweeps that are disturbed, and one that is not, at the end of which all must be there."""
    (folder / "small.json").write_text(json.dumps(SMALL))
    faults.extend(_disturb(_start(folder), chance) for _ in range(chance.randint(1, 2)))
    code, said = _end(_start(folder))
    assert code == 0, said
    store = Store(folder / "runs")
    records = store.records("small")
    assert {record.id: record.result.digest for record in records} == truth()
    assert len(ledger.read(store.folder("small")).records) == len(records)


def _disturb(sweep: subprocess.Popen[str], chance: random.Random) -> str:
    time.sleep(chance.uniform(0.0, 15.0))
    family = _family(sweep.pid)
    if sweep.poll() is not None or not family:
        _end(sweep)
        return "Ray: too late"
    victim, number = (
        chance.choice([*family, psutil.Process(sweep.pid)]),
        chance.choice([signal.SIGKILL, signal.SIGSTOP]),
    )
    supervisor = victim.pid == sweep.pid
    try:
        name = "supervisor" if supervisor else victim.name()
        victim.send_signal(number)
        if supervisor and number == signal.SIGSTOP:
            time.sleep(chance.uniform(0.0, 5.0))
            victim.send_signal(signal.SIGCONT)
    except psutil.NoSuchProcess:
        name = "nobody"
    code, said = _end(sweep)
    assert code in ((-9,) if supervisor and number == signal.SIGKILL else (0, 3, 7)), said
    _, alive = psutil.wait_procs(family, timeout=GONE)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE], alive
    return f"Ray: {name} {signal.Signals(number).name}"


def _family(pid: int) -> list[psutil.Process]:
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def _start(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from suite.cli.main import main; main()",
            "sweep",
            "small.json",
            "--no-mirror",
            "--retry",
        ],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _end(sweep: subprocess.Popen[str]) -> tuple[int, str]:
    try:
        _, said = sweep.communicate(timeout=2 * LONG)
    except subprocess.TimeoutExpired:
        sweep.kill()
        raise
    return sweep.returncode, said
