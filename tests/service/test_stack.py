"""The service for real: every part of it is killed while it sweeps on two workers, and nothing is lost.

`make service-test` runs it. The tests build on each other, because bringing the service up takes minutes.
"""

import base64
import json
import re
import socket
import subprocess
import time
import urllib.error
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from suite.service.secrets import NAMES
from tests.service import engine
from tests.service.stack import SWEEP, Stack, docker, run, wonderland

pytestmark = [pytest.mark.skipif(bool(engine.missing()), reason=engine.missing()), pytest.mark.timeout(7200)]

STUDY = '''"""Does it matter who dies?"""

from suite.study import Study

STUDY = Study(
    question=__doc__,
    tasks=("image/digits",),
    architectures=("mlp", "cnn"),
    factors={"norm": ("none", "batch", "layer", "rms"), "residual": ("none", "add")},
    design="factorial",
    baseline={"width": 32, "patch": 4, "steps": 300, "batch": 32, "rate": 3e-3},
    seeds=SEEDS,
)
'''
TRIALS, SEEDS = 16, 5  # of a study for each seed, and of those that are swept while a part is killed
GIVEN_UP = (4, 7)  # exit codes of a sweep that lost something it needs, or waited too long for it
KILLED = ("worker", "dashboard", "mlflow", "postgres", "ray-head")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with engine.running():
        engine.build()
        here = Stack(tmp_path_factory.mktemp("service"))
        here.prepare()
        for name in KILLED:
            (here.folder / "ablations" / f"{name.replace('-', '_')}.py").write_text(STUDY.replace("SEEDS", str(SEEDS)))
        try:
            here.up()
            yield here
        finally:
            here.down("--volumes")


def test_compose_refuses_to_start_without_its_secrets(stack: Stack, tmp_path: Path) -> None:
    other = Stack(tmp_path, name=f"{stack.name}-bare")
    (tmp_path / "docker-compose.yml").write_text((stack.folder / "docker-compose.yml").read_text())
    refused = other.compose("config", "--quiet", check=False)
    assert refused.returncode != 0
    assert "wonderland service init" in refused.stderr


def test_a_sweep_runs_on_both_workers_and_mlflow_shows_it(stack: Stack) -> None:
    finish(stack, "worker", "--seeds", "1")
    hosts = {record["provenance"]["host"] for record in records(stack, "worker")}
    assert len(hosts) == 2
    assert len(runs(stack, "worker")) == TRIALS
    assert stack.wonderland("sync", "worker").startswith("0 runs written")


@pytest.mark.parametrize("victim", KILLED)
def test_nothing_is_lost_when_one_of_them_is_killed(stack: Stack, victim: str) -> None:
    """The sweep may go on or give up; the same command finishes it, and no trial is there twice or not at all."""
    study = victim.replace("-", "_")
    before = len(records(stack, study))
    sweep = begun(stack, study, before + 5)
    kept = {record["id"]: record["result"] for record in records(stack, study)}
    stack.kill(victim)
    said, _ = sweep.communicate(timeout=SWEEP)
    assert sweep.returncode in (0, *GIVEN_UP), said
    stack.wait_until_well(victim)
    if sweep.returncode:
        finish(stack, study)
    after = {record["id"]: record["result"] for record in records(stack, study)}
    assert len(after) == SEEDS * TRIALS
    assert {id: after[id] for id in kept} == kept
    assert len(after) == len(records(stack, study))
    stack.wonderland("sync", study)
    assert stack.wonderland("sync", study).startswith("0 runs written")
    shown = runs(stack, study)
    assert sorted(shown) == sorted(after)


def test_down_and_up_again_keeps_everything(stack: Stack) -> None:
    before, shown = records(stack, "mlflow"), sorted(runs(stack, "mlflow"))
    stack.down()
    stack.up()
    assert records(stack, "mlflow") == before
    assert sorted(runs(stack, "mlflow")) == shown
    finish(stack, "mlflow")
    assert records(stack, "mlflow") == before
    assert "0 damaged lines" in stack.wonderland("verify")


def test_new_secrets_are_taken_over(stack: Stack) -> None:
    old = secret(stack, "mlflow_sweeper_password")
    wonderland("service", "init", "--rotate", "--dir", str(stack.folder))
    stack.up("--force-recreate")
    assert secret(stack, "mlflow_sweeper_password") != old
    assert ask(stack, "sweeper", old) == 401
    assert ask(stack, "sweeper", secret(stack, "mlflow_sweeper_password")) == 200
    assert stack.wonderland("sync", "worker").startswith("0 runs written")


def test_mlflow_wants_an_account_and_its_own_name(stack: Stack) -> None:
    assert ask(stack) == 401
    assert ask(stack, "admin", "password1234") == 401
    assert ask(stack, "admin", secret(stack, "mlflow_admin_password")) == 200
    assert ask(stack, "admin", secret(stack, "mlflow_admin_password"), host="evil.example:5000") == 403


def test_only_loopback_listens(stack: Stack) -> None:
    listening = run(["ss", "-ltnH"], stack.folder, 30).stdout
    for port in stack.ports.values():
        addresses = {line.split()[3].rpartition(":")[0] for line in listening.splitlines() if f":{port} " in line}
        assert addresses == {"127.0.0.1"}
    listed = docker("ps", f"--filter=label=com.docker.compose.project={stack.name}", "--format={{.Ports}}")
    assert len(re.findall(r"127\.0\.0\.1:\d+->", listed)) == len(re.findall(r"\d+->", listed)) == 2


def test_ray_lets_nobody_in_without_the_token(stack: Stack) -> None:
    code = (
        "import urllib.request as u, urllib.error as e\n"
        "try: print(u.urlopen('http://ray-head:8265/api/jobs/', timeout=20).status)\n"
        "except e.HTTPError as error: print(error.code)"
    )
    out = stack.compose("exec", "-T", "worker", "python", "-c", code).stdout
    assert out.strip() == "401"
    command = ["run", "--rm", "-T", "-e", "RAY_AUTH_TOKEN_PATH=/dev/null", "-e", "RAY_AUTH_TOKEN=0123456789abcdef"]
    unanswered = ["sweep", "/data/studies/worker.py", "--runs", "/tmp/runs", "--yes"]  # so that it needs Ray at all
    refused = stack.compose(*command, *unanswered, timeout=900, check=False)
    assert refused.returncode == 7, refused.stdout + refused.stderr


def test_a_trial_reaches_neither_the_database_nor_the_world_and_is_nobody(stack: Stack) -> None:
    code = (
        "import os, socket\n"
        "def reach(host, port):\n"
        "    try: socket.create_connection((host, port), timeout=3).close(); return True\n"
        "    except OSError: return False\n"
        "status = open('/proc/self/status').read()\n"
        "capable = [l.split()[1] for l in status.splitlines() if l.startswith(('CapEff', 'CapBnd'))]\n"
        "def writes(path):\n"
        "    try: open(path, 'w'); return True\n"
        "    except OSError: return False\n"
        "print(os.getuid(), reach('ray-head', 6379), reach('postgres', 5432), reach('203.0.113.1', 443), "
        "set(capable) == {'0' * 16}, 'NoNewPrivs:\\t1' in status, writes('/opt/x'), writes('/wonderland/x'))"
    )
    out = stack.compose("exec", "-T", "worker", "python", "-c", code).stdout
    assert out.split()[0] != "0"
    assert out.split()[1:] == ["True", "False", "False", "True", "True", "False", "False"]


def test_no_secret_is_anywhere_but_in_its_file(stack: Stack) -> None:
    """Not in what Docker knows of containers and images, an argument, a log, the ledger, or what MLflow shows."""
    ids = docker("ps", "--all", "--quiet", f"--filter=label=com.docker.compose.project={stack.name}").split()
    arguments = [
        docker("top", id, "-eo", "pid,args")
        for id in ids
        if "running" in docker("inspect", "-f", "{{.State.Status}}", id)
    ]
    places = {
        "containers": docker("inspect", *ids),
        "image": docker("inspect", "wonderland") + docker("history", "--no-trunc", "wonderland"),
        "arguments": "\n".join(arguments),
        "logs": stack.logs(),
        "store": stack.compose("exec", "-T", "dashboard", "grep", "-rah", "", "/data/runs", check=False).stdout,
        "runs": json.dumps(search(stack, "worker")),
    }
    values = {name: secret(stack, name) for name in NAMES}
    assert [(name, place) for name, value in values.items() for place, text in places.items() if value in text] == []
    assert all(places.values())


def test_the_image_holds_no_setting_of_its_build(stack: Stack) -> None:
    history = docker("history", "--no-trunc", "--format={{.CreatedBy}}", "wonderland")
    assert not re.search(r"index-url|find-links|password|https?://", history)
    look = "cat /etc/pip.conf; ls -a /root /home/wonderland /run/secrets; grep -rh find-links /etc"
    out = run(
        ["docker", "run", "--rm", "--user", "0", "--network", "none", "--entrypoint", "sh", "wonderland", "-c", look],
        stack.folder, 120, check=False,
    )  # fmt: skip
    assert "find-links" not in out.stdout
    assert ".pip" not in out.stdout


def test_the_dashboard_takes_no_web_page_under_a_name_of_its_own(stack: Stack) -> None:
    assert handshake(stack, "localhost") == 101
    assert handshake(stack, "evil.example") == 400


def begun(stack: Stack, study: str, answered: int) -> subprocess.Popen[str]:
    """A sweep that runs, with so many trials answered. One that gives up before that is started again."""
    last = time.monotonic() + SWEEP
    sweep = stack.sweep(f"/data/studies/{study}.py", "--yes")
    while len(records(stack, study)) < answered:
        assert time.monotonic() < last
        if sweep.poll() is not None:
            said, _ = sweep.communicate()
            assert sweep.returncode in GIVEN_UP, said
            sweep = stack.sweep(f"/data/studies/{study}.py", "--yes")
        time.sleep(1.0)
    return sweep


def finish(stack: Stack, study: str, *options: str) -> None:
    """Sweep until all is answered; what gives up because this machine is slow is started again."""
    last = time.monotonic() + SWEEP
    while True:
        sweep = stack.sweep(f"/data/studies/{study}.py", *options, "--yes")
        said, _ = sweep.communicate(timeout=SWEEP)
        if sweep.returncode == 0:
            return
        assert sweep.returncode in GIVEN_UP, said
        assert time.monotonic() < last, said


def records(stack: Stack, study: str) -> list[dict[str, object]]:
    """The ledger's lines, as the dashboard's container sees them."""
    found = stack.compose("exec", "-T", "dashboard", "sh", "-c", f"cat /data/runs/{study}/ledger-*.jsonl", check=False)
    return [json.loads(text) for line in found.stdout.splitlines() if (text := whole(line))]


def whole(line: str) -> str:
    """The JSON in a line, whatever stands beside it."""
    begin, end = line.find("{"), line.rfind("}")
    return line[begin : end + 1] if 0 <= begin < end else ""


def secret(stack: Stack, name: str) -> str:
    return (stack.folder / "secrets" / name).read_text().strip()


def ask(stack: Stack, user: str = "", password: str = "", host: str = "") -> int:
    """The code with which MLflow answers a search for experiments; `host` is the name it is asked by."""
    port = stack.ports["WONDERLAND_MLFLOW_PORT"]
    headers = {"Content-Type": "application/json", "Host": host or f"localhost:{port}"}
    if user:
        headers["Authorization"] = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    address = f"http://127.0.0.1:{port}/api/2.0/mlflow/experiments/search"
    try:
        with urlopen(Request(address, data=b'{"max_results": 1}', headers=headers), timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def search(stack: Stack, study: str) -> list[dict[str, object]]:
    """The runs that MLflow has of a study."""
    code = (
        "import json, sys\n"
        "from mlflow import MlflowClient\n"
        "client = MlflowClient()\n"
        f"found = client.get_experiment_by_name('wonderland/{study}')\n"
        "runs = client.search_runs([found.experiment_id], max_results=50000) if found else []\n"
        "print('RUNS' + json.dumps([{'tags': r.data.tags, 'params': r.data.params} for r in runs]))\n"
    )
    command = ["run", "--rm", "-T", "--entrypoint", "python", "wonderland", "-m", "suite.service.client"]
    said = stack.compose(*command, "python", "-c", code, timeout=900).stdout
    return list(json.loads(said.partition("RUNS")[2]))


def runs(stack: Stack, study: str) -> list[str]:
    return [run["tags"]["wonderland.trial_id"] for run in search(stack, study)]  # type: ignore[index]


def handshake(stack: Stack, host: str) -> int:
    """The code with which the dashboard answers who wants to talk to it from a page of that host."""
    port = stack.ports["WONDERLAND_DASHBOARD_PORT"]
    lines = [
        "GET /_stcore/stream HTTP/1.1",
        f"Host: {host}:{port}",
        f"Origin: http://{host}:{port}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        return int(line.recv(64).split()[1])
