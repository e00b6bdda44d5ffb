"""MLflow down, hung, or talking nonsense: no sweep fails or waits for it, and `wonderland sync` catches up."""

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.chaos.servers import server
from tests.chaos.world import LONG, Command, Stage, World, as_planned

SWEEP = ("sweep", "small.json", "--slots", "2")
SOME = ("silent", "a page")
LOCAL = ("locked", "damaged")
SECRET = "a-canary-that-nobody-may-see"


@pytest.fixture
def open_servers() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def break_database(world: World, how: str, stack: ExitStack) -> None:
    path = world.store.root / "mlflow.db"
    if how == "a folder":
        path.mkdir()
    elif how == "damaged":
        path.write_bytes(b"SQLite format 3\x00" + bytes(range(256)) * 64)
    else:
        lock = stack.enter_context(closing(sqlite3.connect(path, isolation_level=None)))
        lock.execute("CREATE TABLE other (x)")
        lock.execute("BEGIN EXCLUSIVE")


def mend_database(world: World) -> None:
    path = world.store.root / "mlflow.db"
    if path.is_dir():
        path.rmdir()
    for part in world.store.root.glob("mlflow.db*"):
        part.unlink()


def test_no_sweep_fails_or_waits(stage: Stage, tmp_path: Path, open_servers: ExitStack) -> None:
    """All of them side by side, because each starts a mirror, and that has to import MLflow first."""
    stage.load("mlflow", "mlflow.store.db.utils", "mlflow.store.tracking.sqlalchemy_store")
    sweeps: dict[str, tuple[World, Command]] = {}
    begun = time.monotonic()
    for fault in (*SOME, *LOCAL):
        world = World(stage, tmp_path / fault)
        if fault in LOCAL:
            break_database(world, fault, open_servers)
            environment = {}
        else:
            address = open_servers.enter_context(server(fault)).replace("//", f"//anna:{SECRET}@")
            environment = {"MLFLOW_TRACKING_URI": address}
        required = ["--require-mlflow"] if fault == "damaged" else []
        sweeps[fault] = world, world.start(*SWEEP, *required, **environment)
    for world, _ in sweeps.values():  # what matters is in the ledger long before MLflow is even imported
        while len(world.committed) < len(world.truth):
            assert time.monotonic() - begun < LONG
            assert SECRET not in str(world.processes())
            time.sleep(0.05)
    for fault, (world, command) in sweeps.items():
        assert command.end() == (7 if fault == "damaged" else 0), f"{fault}: {command.said}"
        assert "MLflow is behind; wonderland sync" in command.said, fault
        as_planned(world)
        assert (world.folder / "mirror.log").stat().st_size < 100_000
    assert time.monotonic() - begun < LONG
    open_servers.close()
    hurried = {"MLFLOW_HTTP_REQUEST_TIMEOUT": "1", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0"}
    for fault in ("silent", "a page"):
        with server(fault) as address:
            address = address.replace("//", f"//anna:{SECRET}@")
            code, said = sweeps[fault][0].run("sync", MLFLOW_TRACKING_URI=address, **hurried)
        assert code == 7, said
        assert "anna:***@" in said
        assert "they are safe in the ledger" in said
        assert "Traceback" not in said
    for world, _ in sweeps.values():
        kept = [path for path in world.root.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
        assert not kept, "a password is in a file"
    world = sweeps["damaged"][0]
    mend_database(world)
    converged(world)


def test_ctrl_c_ends_it_while_the_mirror_waits_for_a_silent_server(world: World) -> None:
    with server("silent") as address:
        command = world.start(*SWEEP, MLFLOW_TRACKING_URI=address)
        while (status := world.store.status("small")) is None or status.state != "done":
            time.sleep(0.05)
        begun = time.monotonic()
        os.kill(command.pid, signal.SIGINT)
        assert command.end() == 130, command.said
    assert time.monotonic() - begun < 15
    assert "MLflow is behind; wonderland sync" in command.said
    as_planned(world)


def converged(world: World) -> None:
    code, said = world.run("sync", "small")
    assert code == 0, said
    with closing(sqlite3.connect(world.store.root / "mlflow.db")) as database:
        rows = database.execute("SELECT status, COUNT(*) FROM runs WHERE lifecycle_stage = 'active' GROUP BY status")
        assert dict(rows.fetchall()) == {"FINISHED": len(world.truth)}
