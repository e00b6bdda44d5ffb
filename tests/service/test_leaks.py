"""A sweep on this machine gives away no secret of its user's, nor the token of its own Ray."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from suite.store import Store

ROOT = Path(__file__).parents[2]
STUDY = '''
"""Does anything leak?"""
from suite.study import Study
STUDY = Study(
    question=__doc__, tasks=("tabular/wine",), architectures=("mlp",), factors={"residual": ("none", "add")},
    baseline={"width": 8, "depth": 2, "steps": 200}, seeds=2,
)
'''
TRIALS = 4
SECRETS = {
    "AWS_SECRET_ACCESS_KEY": "canary-of-the-cloud",
    "GITHUB_TOKEN": "canary-of-the-forge",
    "MLFLOW_TRACKING_PASSWORD": "canary-of-the-mirror",
}


@pytest.fixture
def sweep(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    (tmp_path / "leaky.py").write_text(STUDY)
    words = ["sweep", str(tmp_path / "leaky.py"), "--runs", str(tmp_path / "runs"), "--yes", "--progress", "plain"]
    process = subprocess.Popen(
        [sys.executable, "-c", "from suite.cli.main import main; main()", *words],
        cwd=tmp_path,
        env=os.environ | SECRETS | {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def test_no_secret_is_in_an_argument_the_store_the_mirror_a_log_or_what_is_said(
    sweep: subprocess.Popen[str], tmp_path: Path
) -> None:
    arguments, tokens = set[str](), set[str]()
    store = Store(tmp_path / "runs")
    deadline = time.monotonic() + 240
    while sweep.poll() is None and not store.reading("leaky").records:
        assert time.monotonic() < deadline
        for process in psutil.Process(sweep.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                arguments |= set(process.cmdline())
                tokens |= {process.environ()["RAY_AUTH_TOKEN"]} if "suite.engine" in process.cmdline() else set()
        time.sleep(0.2)
    said, _ = sweep.communicate(timeout=240)
    assert sweep.returncode == 0, said
    assert len(store.records("leaky")) == TRIALS
    assert (tmp_path / "runs" / "mlflow.db").exists()
    assert {len(token) for token in tokens} == {64}  # one for each Ray that was started
    files = [path for path in (tmp_path / "runs").rglob("*") if path.is_file()]
    places = {str(path.relative_to(tmp_path)): path.read_bytes() for path in files}
    places |= {"arguments": "\0".join(arguments).encode(), "said": said.encode()}
    secrets = [*tokens, *SECRETS.values()]
    assert [(secret, place) for secret in secrets for place, held in places.items() if secret.encode() in held] == []
