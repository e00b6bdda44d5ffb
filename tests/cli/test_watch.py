"""Watching and stopping a sweep from elsewhere."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from suite.process import born
from suite.store import Store
from tests.cli.conftest import Wonderland
from tests.test_store import status

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"

PATIENT = """
import signal, time
heard = []
def end(*_):
    heard.append(1)
    if len(heard) == 2:
        raise SystemExit(2)
signal.signal(signal.SIGTERM, end)
print("up", flush=True)
time.sleep(600)
time.sleep(600)
"""


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([sys.executable, "-c", SLEEPER], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def running(store: Store, process: subprocess.Popen[str], **changes: object) -> None:
    fields: dict[str, object] = {"pid": process.pid, "born": born(process.pid), "outcomes": {"finished": 3}}
    store.write_status("second", status(**fields | changes))


def test_stop_ends_the_process_that_sweeps_and_says_how_to_go_on(
    wonderland: Wonderland, store: Store, sleeper: subprocess.Popen[str]
) -> None:
    running(store, sleeper)
    Thread(target=sleeper.wait, daemon=True).start()  # as its own parent would, so that it is gone when it is dead
    done = wonderland("stop", "second")
    assert done.code == 0
    assert sleeper.wait(timeout=10) == -signal.SIGTERM
    assert "second stopped; 3 of 4 trials are answered" in done.out
    assert "wonderland sweep second" in done.err


def test_stop_now_says_it_twice(wonderland: Wonderland, store: Store) -> None:
    with subprocess.Popen([sys.executable, "-c", PATIENT], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        running(store, process)
        Thread(target=process.wait, daemon=True).start()
        assert wonderland("stop", "second", "--now").code == 0
        assert process.wait(timeout=10) == 2


def test_stop_of_what_does_not_run_harms_nobody(
    wonderland: Wonderland, store: Store, sleeper: subprocess.Popen[str]
) -> None:
    running(store, sleeper, born=1.0)  # another process has its number now
    done = wonderland("stop", "second", "--json")
    assert done.code == 0
    assert (json.loads(done.out)["stopped"], json.loads(done.out)["state"]) == (False, "lost")
    assert sleeper.poll() is None


def test_a_sweep_elsewhere_is_stopped_there(
    wonderland: Wonderland, store: Store, sleeper: subprocess.Popen[str]
) -> None:
    running(store, sleeper, host="elsewhere")
    done = wonderland("stop", "second")
    assert done.code == 4
    assert "swept on elsewhere" in done.err
    assert sleeper.poll() is None


def test_what_does_not_stop_is_said(
    wonderland: Wonderland, store: Store, sleeper: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("suite.cli.watch.PATIENCE", 0.1)
    running(store, sleeper)
    with monkeypatch.context() as deaf:
        deaf.setattr("os.kill", lambda pid, number: None)
        done = wonderland("stop", "second")
    assert done.code == 4
    assert "wonderland stop second --now" in done.err


@pytest.mark.parametrize(
    ("state", "outcomes", "code"),
    [("done", {"finished": 4}, 0), ("done", {"finished": 3, "diverged": 1}, 3), ("stopped", {"finished": 2}, 3)],
)
def test_waiting_ends_as_the_sweep_did(
    wonderland: Wonderland, store: Store, state: str, outcomes: dict[str, int], code: int
) -> None:
    store.write_status("second", status(state=state, outcomes=outcomes))
    assert wonderland("status", "second", "--wait").code == code
    assert wonderland("status", "second").code == 0


def test_watching_goes_on_until_it_ends(
    wonderland: Wonderland, store: Store, sleeper: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    running(store, sleeper)
    looks = []

    def look(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            running(store, sleeper, state="done")

    monkeypatch.setattr("suite.cli.watch.time.sleep", look)
    done = wonderland("status", "second", "--watch")
    assert (done.code, len(looks)) == (0, 3)
    assert "second  3/4" in done.err
    assert done.out.startswith("done: second  3/4")


def test_no_sweep_yet_says_how_to_begin(wonderland: Wonderland, store: Store, tmp_path: Path) -> None:
    for words in (["status", "second_half"], ["stop", "second_half"]):
        done = wonderland(*words)
        assert done.code == 6
        assert "wonderland sweep second_half" in done.err
