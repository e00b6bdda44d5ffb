"""Detached sweeps through the Jobs API of a real head, where Ray is installed with it."""

import importlib.util
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ray.job_submission import JobStatus

from suite.cluster.jobs import code_of, command
from suite.process import adopt_orphans, end_descendants
from tests.test_sweep import STUDY

ROOT = Path(__file__).parents[2]
Wonderland = Callable[..., subprocess.CompletedProcess[str]]
needs_jobs = pytest.mark.skipif(
    importlib.util.find_spec("opencensus") is None,
    reason="the head's Jobs API needs ray[default]: pip install .[cluster]",
)


@pytest.mark.parametrize(
    ("status", "code", "ours"),
    [
        (JobStatus.SUCCEEDED, 0, 0),
        (JobStatus.FAILED, 3, 3),
        (JobStatus.FAILED, 7, 7),
        (JobStatus.FAILED, -9, 137),
        (JobStatus.FAILED, None, 1),
        (JobStatus.STOPPED, 0, 143),
        (JobStatus.STOPPED, None, 143),
        (JobStatus.RUNNING, None, None),
        (JobStatus.PENDING, None, None),
    ],
)
def test_a_job_that_did_not_succeed_never_ends_with_0(status: JobStatus, code: int | None, ours: int | None) -> None:
    assert code_of(status, code) == ours


def test_the_command_is_that_of_a_sweep_on_the_heads_own_cluster() -> None:
    assert command("first", "/store", ["--slots", "2"])[:5] == ["wonderland", "sweep", "first", "--ray", "auto"]
    assert command("first", "/store", ["--slots", "2"])[-4:] == ["--runs", "/store", "--slots", "2"]
    assert "--runs" not in command("first", None, [])


@pytest.fixture(scope="module")
def head(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A head of two cores with a dashboard; what must be in the environment to talk to it."""
    folder = Path(tempfile.mkdtemp(prefix="wj-", dir="/tmp"))
    token = folder / "token"
    token.touch(mode=0o600)
    token.write_text(secrets.token_hex(32))
    with socket.create_server(("127.0.0.1", 0)) as free, socket.create_server(("127.0.0.1", 0)) as other:
        port, jobs = free.getsockname()[1], other.getsockname()[1]
    way_in = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": str(token), "RAY_USAGE_STATS_ENABLED": "0"}
    way_in |= {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"}
    way_in |= {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "RAY_API_SERVER_ADDRESS": f"http://127.0.0.1:{jobs}",
    }
    adopt_orphans()
    ray = subprocess.Popen(
        [
            *(sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block", f"--port={port}"),
            *("--num-cpus=2", "--include-dashboard=true", f"--dashboard-port={jobs}", f"--temp-dir={folder}/r"),
            *("--dashboard-host=127.0.0.1", f"--object-store-memory={80 * 2**20}"),
        ],
        env=os.environ | way_in,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield way_in
    ray.terminate()
    ray.wait(timeout=60)
    end_descendants()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def wonderland(head: dict[str, str]) -> Wonderland:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from suite.cli.main import main; main()", *words],
            env=os.environ | head,
            capture_output=True,
            text=True,
            timeout=480,
        )

    return run


def until_it_answers(wonderland: Wonderland) -> None:
    deadline = time.monotonic() + 120
    while wonderland("job", "status", "nobody").returncode != 6:
        assert time.monotonic() < deadline
        time.sleep(1)


@needs_jobs
def test_a_job_is_submitted_seen_stopped_and_resumed(wonderland: Wonderland, tmp_path: Path) -> None:
    until_it_answers(wonderland)
    study = tmp_path / "small.py"
    study.write_text(STUDY.replace("STEPS", "600"))
    words = ["submit-job", str(study), "--runs", str(tmp_path / "runs"), "--json", "--", "--no-mirror"]
    submitted = wonderland(*words)
    assert submitted.returncode == 0, submitted.stderr
    id = json.loads(submitted.stdout)["job"]
    assert wonderland("job", "status", id).returncode == 0
    ledger = tmp_path / "runs" / "small"
    deadline = time.monotonic() + 120
    while not any(path.stat().st_size for path in ledger.glob("ledger-*")):
        assert time.monotonic() < deadline, wonderland("job", "logs", id).stdout
        time.sleep(0.5)
    stopped = wonderland("job", "stop", id)
    assert (stopped.returncode, stopped.stdout.split(":")[0]) == (0, "stopped, exit code 143")
    assert wonderland("job", "status", id).returncode == 143
    assert wonderland("job", "logs", id, "--follow").returncode == 143
    study.write_text(STUDY.replace("STEPS", "30"))
    again = wonderland(*words[:-2], "--wait", "--", "--no-mirror")
    assert again.returncode == 0, again.stdout
    assert "32 of 32" in again.stdout


@needs_jobs
def test_a_job_ends_with_the_code_of_its_sweep(wonderland: Wonderland) -> None:
    until_it_answers(wonderland)
    job = wonderland("submit-job", "no_such_study", "--wait")
    assert job.returncode == 2, job.stdout + job.stderr
    assert "no_such_study" in job.stdout


def test_nobody_there_is_a_lost_backend() -> None:
    words = ["job", "status", "x", "--address", "http://127.0.0.1:9"]
    done = subprocess.run(
        [sys.executable, "-c", "from suite.cli.main import main; main()", *words], capture_output=True, text=True
    )
    assert done.returncode == 7
    assert "no Jobs API answers at http://127.0.0.1:9" in done.stderr
