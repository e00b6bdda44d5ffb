"""The command line: data on standard output, one clear error, and an exit code that means something."""

import io
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from suite import catalog
from suite.display import tabulate
from suite.store import Store
from tests.records import record
from tests.test_store import filled, status

ROOT = Path(__file__).parents[1]
Wonderland = Callable[..., subprocess.CompletedProcess[str]]
STUDY = """
from suite.study import Study
STUDY = Study(question="Does depth help?", tasks=("image/digits",), architectures=("mlp",),
              factors={"depth": (2, 8), "norm": ("none", "layer")}, seeds=3)
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A study of two factors, three seeds, one diverged trial."""
    records = [
        record(seed, depth=depth, norm=norm, test=0.5 + 0.01 * depth + (0.1 + 0.001 * seed) * (norm == "layer"))
        for seed in range(3)
        for depth in (2, 8)
        for norm in ("none", "layer")
    ]
    records[-1] = record(2, depth=8, norm="layer", outcome="diverged")
    return filled(tmp_path / "runs", "second", records)


def test_help_imports_nothing_heavy(python: Callable[..., str]) -> None:
    code = """
import sys
from suite.cli.main import main
sys.argv = ["wonderland", "--help"]
try:
    main()
except SystemExit as end:
    print("code", end.code)
print([name for name in ("torch", "ray", "mlflow", "streamlit", "pandas", "numpy") if name in sys.modules])
"""
    said = python(code)
    assert "Exit codes: 0 ok" in said
    assert said.endswith("code 0\n[]\n")


def test_list_shows_all_there_is(wonderland: Wonderland) -> None:
    done = wonderland("list", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert found["schema"] == 1
    assert [task["name"] for task in found["tasks"]] == list(catalog.task_names())
    assert [row["name"] for row in found["architectures"]] == list(catalog.architecture_names())
    assert {row["name"]: row["levels"] for row in found["factors"]}[
        "norm"
    ] == "none, batch, layer, group, instance, rms, layer_all"
    assert "first" in [study["name"] for study in found["studies"]]
    assert "image/digits" in wonderland("list", "tasks").stdout


def test_plan_counts_and_touches_nothing(wonderland: Wonderland, tmp_path: Path) -> None:
    done = wonderland("plan", "first", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert (found["new"], found["cached"], found["stale"], found["impossible"]) == (480, 0, 0, 96)
    assert "does not accept tabular data" in found["reasons"][0]["reason"]
    assert 0 < found["seconds"]["low"] < found["seconds"]["high"]
    assert len(found["arms"]) == 16
    assert len(set(found["trials"])) == 480
    assert list(tmp_path.iterdir()) == []


BAD = {
    "a study that is not there": ("", "no study 'frist'; did you mean 'first'?"),
    "a task that is not there": ('tasks=("image/digit",)', "did you mean 'image/digits'?"),
    "an architecture that is not there": ('architectures=("transformr",)', "did you mean 'transformer'?"),
    "a factor that is not there": ('factors={"nrom": ("none",)}', "no factor 'nrom'"),
    "a level that is not there": ('factors={"norm": ("none", "groups")}', "none, batch, layer, group, instance, rms"),
    "a key that is not there": ("wide=3", "no key 'wide'"),
    "a duplicate level": ('factors={"depth": (2, 2)}', "twice"),
    "zero seeds": ("seeds=0", "seeds cannot be 0"),
    "a level that is no number": ('factors={"rate": (float("nan"), 0.1)}', "rate cannot be nan"),
    "a design that is not there": ('design="latin"', "factorial, one_at_a_time"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("verb", ["plan", "sweep"])
def test_a_bad_study_is_one_error_before_anything_runs(
    wonderland: Wonderland, tmp_path: Path, case: str, verb: str
) -> None:
    change, message = BAD[case]
    key = change.partition("=")[0]
    kept = [line for line in STUDY_FIELDS if not line.startswith(key + "=")] if key else STUDY_FIELDS
    file = tmp_path / "bad.py"
    file.write_text(f"from suite.study import Study\nSTUDY = Study({', '.join([*kept, change])})\n")
    done = wonderland(verb, str(file) if change else "frist")
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""
    assert not (tmp_path / "runs").exists()


STUDY_FIELDS = [
    'question="?"',
    'tasks=("image/digits",)',
    'architectures=("mlp",)',
    'factors={"depth": (2, 8)}',
    "seeds=3",
]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import nothing_of_that_name\n", "ModuleNotFoundError"),
        ("STUDY = (\n", "SyntaxError"),
        ("x = 1\n", "exports no STUDY"),
        ("raise SystemExit(0)\n", "SystemExit"),
    ],
)
def test_a_file_that_is_no_study_is_one_error(wonderland: Wonderland, tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "bad.py").write_text(text)
    done = wonderland("sweep", "bad.py")
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("text", ["{", "[]", "\xff\xfe", '{"question": "?"}', '{"a": 1}'])
def test_a_json_file_that_is_no_study_is_one_error(wonderland: Wonderland, tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.json").write_bytes(text.encode("latin-1"))
    done = wonderland("plan", "bad.json")
    assert done.returncode == 2
    assert "bad.json" in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_usage_is_exit_2(wonderland: Wonderland) -> None:
    for words in (["plan"], ["fly"], ["plan", "first", "--slots", "0"], ["list", "everything"]):
        assert wonderland(*words).returncode == 2


def test_effects_say_the_finding_the_table_and_what_is_missing(wonderland: Wonderland, store: Store) -> None:
    done = wonderland("effects", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert found["records"] == {"there": 12, "planned": 12}
    rows = {(row["factor"], row["level"]): row for row in found["effects"]}
    assert rows["depth", 8]["effect"] == pytest.approx(0.06 / 0.9)
    assert rows["norm", "layer"]["n_missing"] == 1
    assert rows["norm", "layer"]["verdict"] == "better"
    assert "1 of 12 runs" in found["finding"] or "diverged" in found["finding"]
    said = wonderland("effects", "second", "--task", "each", "--factor", "depth").stdout
    assert "image/digits" in said
    assert "2 → 8" in said


def test_leaderboard_ranks_with_intervals(wonderland: Wonderland, store: Store) -> None:
    found = json.loads(wonderland("leaderboard", "--task", "image/digits", "--json").stdout)
    (row,) = found["leaderboard"]
    assert (row["architecture"], row["rank_low"], row["n_seeds"]) == ("mlp", 1, 3)
    assert "mlp" in wonderland("leaderboard").stdout


def test_a_filter_that_matches_nothing_names_the_choices(wonderland: Wonderland, store: Store) -> None:
    for words, choices in (
        (["effects", "--task", "image/digit"], "image/digits"),
        (["effects", "--factor", "dpeth"], "did you mean 'depth'?"),
        (["effects", "--architecture", "cnn"], "mlp"),
        (["leaderboard", "--task", "nothing"], "image/digits"),
    ):
        done = wonderland(*words)
        assert done.returncode == 2
        assert choices in done.stderr
        assert done.stdout == ""


def test_show_finds_a_trial_by_a_prefix(wonderland: Wonderland, store: Store) -> None:
    wanted = store.records("second")[0]
    done = wonderland("show", wanted.id[:7])
    assert done.returncode == 0
    assert wanted.id in done.stdout
    assert f"wonderland reproduce {wanted.id}" in done.stderr
    assert json.loads(wonderland("show", wanted.id, "--json").stdout)["record"] == json.loads(wanted.to_json())


def test_what_is_not_there_is_exit_6(wonderland: Wonderland, store: Store) -> None:
    for words, message in (
        (["show", "zzzzzzzz"], "the nearest are"),
        (["effects", "frist"], "there is second"),
        (["status", "second"], "wonderland sweep second"),
        (["effects", "--runs", "nowhere"], "wonderland sweep first"),
    ):
        done = wonderland(*words)
        assert done.returncode == 6, done.stderr
        assert message in done.stderr
        assert "Traceback" not in done.stderr


def test_status_reads_the_heartbeat(wonderland: Wonderland, store: Store) -> None:
    store.write_status("second", status(born=1.0, outcomes={"finished": 3}))
    done = wonderland("status")
    assert "lost: second  3/4" in done.stdout
    assert "wonderland sweep second" in done.stderr
    assert json.loads(wonderland("status", "--json").stdout)["state"] == "lost"


def test_verify_names_the_damaged_line(wonderland: Wonderland, store: Store) -> None:
    assert wonderland("verify").returncode == 0
    segment = store.folder("second") / "ledger-000001.jsonl"
    segment.write_bytes(segment.read_bytes().replace(b'"mlp"', b'"cnn"', 1))
    done = wonderland("verify")
    assert done.returncode == 6
    assert "second/ledger-000001.jsonl line 1: checksum does not match" in done.stdout


def test_a_store_that_cannot_be_written_is_exit_4(wonderland: Wonderland, tmp_path: Path) -> None:
    (tmp_path / "study.py").write_text(STUDY)
    (tmp_path / "runs").write_text("a file where the store should be")
    done = wonderland("sweep", "study.py")
    assert done.returncode == 4
    assert "runs" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_seen_enough_is_no_error(store: Store, tmp_path: Path) -> None:
    command = f"{sys.executable} -c 'from suite.cli.main import main; main()' list --json | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "{\n"
    assert "Traceback" not in done.stderr


def test_hostile_names_reach_the_terminal_as_text(wonderland: Wonderland, tmp_path: Path) -> None:
    one = record()
    hostile = one.model_copy(
        update={"result": one.result.model_copy(update={"message": "\x1b[2J[red]x[/red] :smile:"})}
    )
    filled(tmp_path / "runs", "hostile", [hostile])
    said = wonderland("show", one.id).stdout
    assert "\x1b" not in said
    assert "[red]x[/red] :smile:" in said


def test_the_dashboard_serves_and_ends_when_told(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from suite.cli.main import main; main()",
        "dashboard",
        "--port",
        "0",
        "--no-browser",
    ]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        assert healthy(address)
        server.terminate()
        server.wait(timeout=10)
    assert not healthy(address, patience=0.5)


def healthy(address: str, patience: float = 30.0) -> bool:
    """Whether the dashboard answers there, within so many seconds."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.1)
    return False


def test_a_port_that_is_taken_is_exit_4(wonderland: Wonderland) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = wonderland("dashboard", "--no-browser", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 4
    assert "--port 0" in done.stderr


def test_explain_says_why_a_trial_would_run_again(wonderland: Wonderland, store: Store) -> None:
    wanted = store.records("second")[0]
    found = json.loads(wonderland("explain", wanted.id, "--json").stdout)
    assert (found["state"], found["study"]) == ("stale", "second")
    assert {change["what"]: change["then"] for change in found["moved"]}["source"] == "source"
    assert f"{wanted.id}  stale in second: source and data and" in wonderland("explain", wanted.id[:6]).stdout
    assert wonderland("explain", "zzzzzz").returncode == 6


def test_explain_knows_a_trial_that_is_only_planned(wonderland: Wonderland, store: Store) -> None:
    plan = store.plan("second")
    store.write_plan(plan.model_copy(update={"trials": (*plan.trials, "abcdef012345")}))
    assert "abcdef012345  new in second" in wonderland("explain", "abcdef").stdout


def test_a_narrow_terminal_gets_fewer_columns_and_is_told_so() -> None:
    wide = pd.DataFrame({"architecture": ["mlp"], "score": ["0.5 [0.4, 0.6]"], "unit": ["accuracy"], "seconds": [1.5]})
    narrow = Console(width=40, file=io.StringIO(), record=True)
    tabulate(narrow, wide, "Board")
    said = " ".join(narrow.export_text().split())
    assert "0.5 [0.4, 0.6]" in said
    assert "A wider terminal also shows seconds, unit." in said
    broad = Console(width=120, file=io.StringIO(), record=True)
    tabulate(broad, wide, "Board")
    assert "accuracy" in broad.export_text()


def test_version_names_what_matters(wonderland: Wonderland) -> None:
    said = wonderland("--version").stdout
    assert said.startswith("wonderland ")
    assert "torch 2" in said
