"""Real sweeps over a real Ray, with processes killed under them.

Whatever happens, the same command ends with every trial answered once, and with the same bits.
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from suite.explain import explain
from suite.record import Record
from suite.store import Status, Store

STUDY = '''
"""Small, and of trials of many lengths."""
from suite.study import Study
STUDY = Study(
    question=__doc__, tasks=("image/digits", "tabular/breast_cancer"), architectures=("mlp",),
    factors={"norm": ("none", "batch"), "residual": ("none", "add"), "dropout": (0.0, 0.5)},
    baseline={"width": 8, "depth": 2, "steps": STEPS}, seeds=2,
)
'''
TRIALS = 32
SECRET = "a-canary-that-nobody-may-see"  # in the environment of every sweep
LONG = 480  # seconds that a sweep may take here before the test fails


@dataclass
class Sweep:
    """A `wonderland sweep` in a process of its own."""

    study: Path
    runs: Path
    path: Path
    process: subprocess.Popen[str]

    @property
    def store(self) -> Store:
        return Store(self.runs)

    @property
    def records(self) -> tuple[Record, ...]:
        return self.store.records(self.study.stem)

    @property
    def lines(self) -> list[str]:
        """Ids in the ledger as they stand there, copies included."""
        return [record.id for record in self.store.reading(self.study.stem).records]

    def end(self) -> tuple[int, str]:
        """Wait for it; its exit code and what it said."""
        _, said = self.process.communicate(timeout=LONG)
        return self.process.returncode, said

    def until(self, records: int) -> None:
        """Wait until so many records are on disk."""
        deadline = time.monotonic() + LONG
        while len(self.lines) < records:
            assert time.monotonic() < deadline
            assert self.process.poll() is None, self.process.communicate()
            time.sleep(0.02)

    def child(self, name: str, *, other_than: int = 0) -> psutil.Process:
        """A process below it whose command line holds `name`, as soon as there is one."""
        deadline = time.monotonic() + LONG
        while time.monotonic() < deadline:
            for process in psutil.Process(self.process.pid).children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    if process.pid != other_than and any(name in word for word in process.cmdline()):
                        return process
            time.sleep(0.05)
        raise AssertionError(f"no {name}")


Start = Callable[..., Sweep]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a sweep of STUDY; whatever is left of it is ended with the test."""
    started: list[Sweep] = []

    def start(*options: str, runs: str = "runs", steps: int = 30, path: Path | None = None, text: str = STUDY) -> Sweep:
        study = tmp_path / "small.py"
        study.write_text(text.replace("STEPS", str(steps)))
        environment = os.environ | {"PYTHONPATH": str(path or Path(__file__).parents[1]), "HOME": str(tmp_path)}
        environment |= {"AWS_SECRET_ACCESS_KEY": SECRET, "MLFLOW_TRACKING_URI": f"http://anna:{SECRET}@127.0.0.1:9"}
        words = ["sweep", str(study), "--runs", str(tmp_path / runs), "--no-mirror", *options]
        process = subprocess.Popen(
            [sys.executable, "-c", "from suite.cli.main import main; main()", *words],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(Sweep(study, tmp_path / runs, path or tmp_path, process))
        return started[-1]

    yield start
    for sweep in started:
        sweep.process.kill()
        sweep.process.communicate()


def family(sweep: Sweep) -> list[psutil.Process]:
    return psutil.Process(sweep.process.pid).children(recursive=True)


def left_over(processes: list[psutil.Process], within: float = 5.0) -> list[psutil.Process]:
    """Which of them still run after so many seconds."""
    _, alive = psutil.wait_procs(processes, timeout=within)
    return [p for p in alive if p.status() != psutil.STATUS_ZOMBIE]


def digests(sweep: Sweep) -> dict[str, str]:
    return {record.id: record.result.digest for record in sweep.records}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What every trial of STUDY gives when it is trained here, one after the other, with no Ray at all."""
    from suite.arms import trials
    from suite.study_file import load
    from suite.train import train

    file = tmp_path_factory.mktemp("undisturbed") / "small.py"
    file.write_text(STUDY.replace("STEPS", "30"))
    _, study = load(str(file))
    return {trial.id: train(trial).result.digest for trial in reversed(trials(study))}


def test_a_sweep_gives_the_bits_of_training_alone_and_is_then_all_cached(
    start: Start, undisturbed: dict[str, str]
) -> None:
    sweep = start("--json", "--progress", "none")
    out, said = sweep.process.communicate(timeout=LONG)
    assert sweep.process.returncode == 0, said
    summary = json.loads(out)
    assert (summary["schema"], summary["state"], summary["done"]) == (1, "done", TRIALS)
    assert summary["outcomes"] == {"finished": TRIALS}
    assert digests(sweep) == undisturbed
    assert status_of(sweep).done == len(sweep.lines) == TRIALS
    files = [path for path in sweep.runs.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]
    explained = explain(sweep.store, sweep.records[0].id)
    assert (explained.state, explained.moved) == ("cached", ())
    again = start("--json", "--progress", "none", "--slots", "1")
    assert json.loads(again.process.communicate(timeout=LONG)[0])["cached"] == TRIALS
    assert len(again.lines) == TRIALS


def test_another_store_and_one_worker_give_the_same_bits(start: Start, undisturbed: dict[str, str]) -> None:
    sweep = start("--slots", "1", runs="other")
    assert sweep.end()[0] == 0
    assert digests(sweep) == undisturbed


def test_killed_at_random_moments_it_resumes_with_the_same_command(start: Start, undisturbed: dict[str, str]) -> None:
    moments = random.Random(7)
    for stopped in (False, True, False):
        sweep = start()
        before = len(sweep.lines)
        sweep.until(min(before + moments.randint(1, 8), TRIALS - 1))
        processes = family(sweep)
        committed = set(sweep.lines)
        if stopped:  # nor does an engine outlive it that hears nothing
            sweep.child("suite.engine").suspend()
        sweep.process.kill()
        sweep.process.wait()
        assert not left_over(processes)
        assert committed <= set(sweep.lines)
        status = sweep.store.status(sweep.study.stem)
        assert status is not None
        assert status.state == "lost"
    sweep = start()
    assert sweep.end()[0] == 0
    assert digests(sweep) == undisturbed
    assert len(sweep.lines) == len(set(sweep.lines)) == TRIALS


def test_a_killed_worker_costs_nobody_anything(start: Start, undisturbed: dict[str, str]) -> None:
    sweep = start()
    sweep.until(3)
    sweep.child("ray::work").kill()
    code, said = sweep.end()
    assert code == 0, said
    assert digests(sweep) == undisturbed
    assert len(sweep.lines) == TRIALS


@pytest.mark.parametrize("daemon", ["suite.engine", "raylet/raylet", "gcs_server"])
def test_a_killed_engine_or_daemon_is_replaced_once(start: Start, undisturbed: dict[str, str], daemon: str) -> None:
    sweep = start()
    sweep.until(3)
    sweep.child(daemon).kill()
    code, said = sweep.end()
    assert code == 0, said
    assert digests(sweep) == undisturbed
    assert len(sweep.lines) == TRIALS


def test_a_backend_that_is_lost_twice_ends_the_sweep_and_keeps_what_there_is(start: Start) -> None:
    sweep = start(steps=300)
    sweep.until(2)
    first = sweep.child("suite.engine")
    first.kill()
    sweep.child("suite.engine", other_than=first.pid).kill()
    begun = time.monotonic()
    code, said = sweep.end()
    assert code == 7, said
    assert time.monotonic() - begun < 120
    assert "Ray was lost 2 times" in said
    assert len(sweep.records) >= 2
    assert status_of(sweep).state == "stopped"


@pytest.mark.parametrize(("signal_", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_one_signal_stops_in_order(start: Start, signal_: int, code: int) -> None:
    sweep = start(steps=300)
    sweep.until(2)
    processes = family(sweep)
    begun = time.monotonic()
    sweep.process.send_signal(signal_)
    ended, said = sweep.end()
    assert ended == code, said
    assert time.monotonic() - begun < 15
    assert f"wonderland sweep {sweep.study}" in said
    assert not left_over(processes)
    assert status_of(sweep).state == "stopped"
    assert 2 <= len(sweep.records) < TRIALS


def test_two_signals_stop_at_once(start: Start) -> None:
    sweep = start(steps=20000)
    sweep.until(0)
    while not (status := sweep.store.status("small")) or not status.running:
        time.sleep(0.1)
    processes = family(sweep)
    sweep.process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    begun = time.monotonic()
    sweep.process.send_signal(signal.SIGINT)
    assert sweep.end()[0] == 130
    assert time.monotonic() - begun < 5
    assert not left_over(processes)


def test_a_second_owner_is_refused_at_once(start: Start) -> None:
    first = start(steps=300)
    first.until(1)
    code, said = start(steps=300).end()
    assert code == 5
    assert f"process {first.process.pid} on" in said


def test_trials_that_do_harm_are_recorded_and_the_others_go_on(start: Start, tree: Path) -> None:
    """One architecture kills its process, one sleeps in C, one takes all memory, beside one that is well."""
    (tree / "suite/architectures/greedy.py").write_text(
        'import psutil, torch\nACCEPTS = ("image", "tabular")\n'
        "def build(task, size, tricks):\n    torch.empty(psutil.virtual_memory().total * 4 // 5, dtype=torch.uint8)\n"
    )
    (tree / "suite/architectures/deadly.py").write_text(
        'import os, signal\nACCEPTS = ("image", "tabular")\n'
        "def build(task, size, tricks):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    (tree / "suite/architectures/hung.py").write_text(
        'import ctypes\nACCEPTS = ("image", "tabular")\n'
        "def build(task, size, tricks):\n    ctypes.PyDLL(None).sleep(100)\n"
    )
    text = STUDY.replace('("mlp",)', '("mlp", "deadly", "hung", "greedy")').replace("seeds=2", "seeds=1")
    text = text.replace('"norm": ("none", "batch"), "residual": ("none", "add"), ', "")
    text = text.replace('("image/digits", "tabular/breast_cancer")', '("image/digits",)')
    sweep = start("--deadline", "40", "--slots", "2", path=tree, text=text)
    code, said = sweep.end()
    assert code == 3, said
    outcomes = {}
    for record in sweep.records:
        outcomes.setdefault(record.trial.architecture, set()).add(record.result.outcome)
    ends = {"mlp": "finished", "deadly": "crashed", "hung": "timed_out", "greedy": "out_of_memory"}
    assert outcomes == {architecture: {outcome} for architecture, outcome in ends.items()}
    assert len(sweep.lines) == 8
    assert all(f"2 {outcome}" in said for outcome in ("crashed", "timed out", "out of memory"))


def test_a_trial_that_takes_the_engine_down_is_recorded_and_the_others_go_on(start: Start, tree: Path) -> None:
    (tree / "suite/architectures/assassin.py").write_text(
        "import time\nimport psutil\nfrom suite.architectures.mlp import build as harmless\n"
        'ACCEPTS = ("image", "tabular")\n'
        "def build(task, size, tricks):\n"
        "    above = [p for p in psutil.Process().parents() if 'suite.engine' in p.cmdline()]\n"
        "    if tricks.dropout and above:\n"
        "        above[0].kill()\n"
        "        time.sleep(60)\n"
        "    return harmless(task, size, tricks)\n"
    )
    text = STUDY.replace('("mlp",)', '("mlp", "assassin")').replace("seeds=2", "seeds=1")
    text = text.replace('"norm": ("none", "batch"), "residual": ("none", "add"), ', "")
    text = text.replace('("image/digits", "tabular/breast_cancer")', '("image/digits",)')
    sweep = start("--slots", "2", path=tree, text=text)
    code, said = sweep.end()
    assert code == 3, said
    outcomes = {(r.trial.architecture, r.trial.tricks.dropout): r.result.outcome for r in sweep.records}
    assert outcomes.pop(("assassin", 0.5)) == "crashed"
    assert list(outcomes.values()) == ["finished"] * 3
    assert len(sweep.lines) == 4
    (message,) = (record.result.message for record in sweep.records if record.result.outcome == "crashed")
    assert "at last with no other trial beside it" in (message or "")


def test_a_long_trial_whose_worker_is_killed_goes_on_from_its_checkpoint(
    start: Start, tree: Path, python: Callable[..., str]
) -> None:
    steps = 8_000
    checkpoint = tree / "suite/checkpoint.py"
    checkpoint.write_text(checkpoint.read_text().replace("EVERY = 60.0", "EVERY = 0.0"))
    (tree / "suite/architectures/counted.py").write_text(
        "import os\nfrom pathlib import Path\nfrom suite.architectures.mlp import build as silent\n"
        'ACCEPTS = ("image",)\n'
        "def build(task, size, tricks):\n"
        "    network = silent(task, size, tricks)\n"
        "    log = (Path(__file__).parents[2] / f'steps-{os.getpid()}').open('ab', buffering=0)\n"
        "    def count(module, _):\n"
        "        if module.training:\n"
        "            log.write(b'.')\n"
        "    network.register_forward_pre_hook(count)\n"
        "    return network\n"
    )
    text = (
        "from suite.study import Study\n"
        'STUDY = Study(question="?", tasks=("image/digits",), architectures=("counted",), seeds=1,\n'
        f'    baseline={{"steps": {steps}, "width": 8, "depth": 2, "dropout": 0.2}})\n'
    )
    sweep = start("--slots", "1", path=tree, text=text)
    log = tree / f"steps-{sweep.child('ray::work').pid}"
    folder = sweep.store.folder("small") / "checkpoints"
    while not (log.exists() and log.stat().st_size > steps // 4 and list(folder.glob("*.checkpoint"))):
        assert sweep.process.poll() is None, sweep.end()
        time.sleep(0.02)
    os.kill(int(log.name.removeprefix("steps-")), signal.SIGKILL)
    code, said = sweep.end()
    assert code == 0, said
    (record,) = sweep.records
    first = log.stat().st_size
    again = max(path.stat().st_size for path in tree.glob("steps-*") if path != log)
    assert first < steps, "it was killed on its way"
    assert steps - first <= again < 0.9 * steps, "it did not begin anew"
    digest = "from suite.train import train; print(train(Trial(**trial)).result.digest)"
    trial = f"from suite.trial import Trial; trial = {record.trial.model_dump()!r}; "
    assert python(trial + digest, path=tree).strip() == record.result.digest


def test_embedded_ray_listens_on_loopback_only_and_its_files_are_private(start: Start) -> None:
    sweep = start(steps=300)
    sweep.until(1)
    listening = [
        connection.laddr.ip.removeprefix("::ffff:")
        for process in family(sweep)
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert listening
    assert set(listening) <= {"127.0.0.1", "::1"}
    folder = Path(sweep.child("suite.engine").cmdline()[-1])
    assert folder.stat().st_mode & 0o077 == 0
    sweep.process.send_signal(signal.SIGINT)
    sweep.end()
    assert not folder.exists()


def status_of(sweep: Sweep) -> Status:
    found = sweep.store.status(sweep.study.stem)
    assert found is not None
    return found


def test_the_supervisor_imports_no_ray(python: Callable[..., str]) -> None:
    assert python("import suite.sweep, suite.cli.main, sys; print('ray' in sys.modules, 'mlflow' in sys.modules)") == (
        "False False\n"
    )


@pytest.mark.parametrize("daemon", ["raylet/raylet", "gcs_server"])
def test_a_stopped_daemon_is_as_good_as_dead(start: Start, undisturbed: dict[str, str], daemon: str) -> None:
    sweep = start()
    sweep.until(3)
    sweep.child(daemon).suspend()
    code, said = sweep.end()
    assert code == 0, said
    assert digests(sweep) == undisturbed
    assert len(sweep.lines) == TRIALS


def test_a_stopped_worker_ends_at_its_deadline(start: Start) -> None:
    sweep = start("--deadline", "40", steps=100)
    sweep.until(3)
    sweep.child("ray::work").suspend()
    code, said = sweep.end()
    if code == 3:
        assert status_of(sweep).outcomes == {"finished": TRIALS - 1, "timed_out": 1}
    else:  # it was caught between two trials, and nobody is charged
        assert code == 0, said
        assert status_of(sweep).outcomes == {"finished": TRIALS}


def test_trials_trained_together_are_another_answer(start: Start) -> None:
    """Four seeds of one network in one go; asked again so, all is cached, and asked alone, nothing is."""
    text = STUDY.replace("STEPS", "30")
    code, said = start("--fused", "4", text=text).end()
    assert code == 0, said
    sweep = start("--fused", "4", text=text)
    _, said = sweep.end()
    records = sweep.records
    modes = {(record.trial.architecture, record.provenance.execution) for record in records}
    assert f"{len(records)} cached" in said
    assert ("mlp", "fused-4") in modes
    assert {mode for _, mode in modes} <= {"solo", "fused-4"}
    alone = start(text=text)
    code, said = alone.end()
    assert code == 0
    together = {record.id for record in records if record.provenance.execution != "solo"}
    assert f"{len(records) - len(together)} cached" in said


ADAPTIVE = '''
"""Does a wide network know more than a narrow one, and does its seed matter?"""
from suite.claim import Claim
from suite.study import Study
STUDY = Study(
    question=__doc__, tasks=("image/digits",), architectures=("mlp",), factors={"width": (1, 32)},
    baseline={"depth": 1, "steps": 60}, seeds="until-decided", looks=(3, 6, 8),
    claims=(
        Claim(id="wide", says="width helps", factor="width", level=32, reference=1, expects="better", source="here"),
    ),
)
'''


def test_a_study_runs_until_it_is_decided_and_says_what_that_saved(start: Start) -> None:
    sweep = start("--json", text=ADAPTIVE)
    code, said = sweep.end()
    assert code == 0, said
    assert "1 of 1 claim settled after 6 seeds; 4 of 16 runs saved" in said
    assert len(sweep.records) == 12
    _, again = start(text=ADAPTIVE).end()
    assert "12 cached" in again
    assert len(sweep.records) == 12
    words = ["verdicts", "--runs", str(sweep.runs), "--json"]
    done = subprocess.run(
        [sys.executable, "-c", "from suite.cli.main import main; main()", *words],
        capture_output=True,
        text=True,
        check=True,
    )
    (found,) = json.loads(done.stdout)["verdicts"]
    assert (found["id"], found["verdict"], found["n_seeds"]) == ("wide", "supported", 6)
