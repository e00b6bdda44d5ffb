"""A world to break: a store, one small study, the fake engine's answers to it, and what must hold in the end."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from suite import ledger
from suite.arms import trials
from suite.record import Record
from suite.store import Store
from suite.study import Study
from tests.fake_engine import book

ROOT = Path(__file__).parents[2]
LONG = 120.0  # seconds that one command may take here on the slowest machine
STUDY: dict[str, Any] = {
    "question": "What is left after a fault?",
    "tasks": ["tabular/breast_cancer"],
    "architectures": ["mlp"],
    "factors": {"norm": ["none", "batch"], "dropout": [0.0, 0.5]},
    "baseline": {"steps": 3, "width": 4, "depth": 1},
    "seeds": 2,
}
QUICK: dict[str, Any] = {"suite.running.BEAT": 0.02, "suite.running.WAIT": 0.02}


class Stage:
    """The other end of tests/chaos/stage.py."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.stage"],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the stage is gone"
        return dict(json.loads(answer))

    def load(self, *modules: str) -> None:
        """Import these too, for all commands to come."""
        self.ask({"load": modules})

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=30.0)
        self._process.stdout.close()


@dataclass
class Command:
    """A `wonderland` command that was started on the stage."""

    stage: Stage
    pid: int
    out: str

    def end(self, within: float = LONG) -> int:
        """Its exit code, negative for a signal. Fails if it takes longer than that."""
        code = self.stage.ask({"wait": self.pid, "seconds": within})["code"]
        if code is None:
            os.kill(self.pid, signal.SIGKILL)
            self.stage.ask({"wait": self.pid, "seconds": LONG})
            raise AssertionError(f"no end within {within} seconds; it said:\n{self.said}")
        return int(code)

    @property
    def said(self) -> str:
        """What it said on standard error."""
        return Path(f"{self.out}.err").read_text(errors="replace")

    @property
    def printed(self) -> str:
        return Path(f"{self.out}.out").read_text(errors="replace")


@dataclass
class World:
    """A folder with a study, a store, and every trial's one true answer."""

    stage: Stage
    root: Path
    study: dict[str, Any] = field(default_factory=lambda: dict(STUDY))
    truth: dict[str, Record] = field(init=False)
    commands: int = 0

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / "tmp").mkdir()
        self.write_study()
        wanted = trials(Study(**self.study))
        answers = book(wanted)
        (self.root / "answers.json").write_text(json.dumps(answers))
        records = [Record.from_json(line) for line in answers.values()]
        self.truth = {record.id: record for record in records}
        self._remember(records[0])

    def _remember(self, like: Record) -> None:
        """Another study ran such a trial, so that no sweep has to build a network to guess how long they take."""
        trial = like.trial.model_copy(update={"seed": 999})
        with ledger.owned(self.store.folder("past")) as past:
            past.append([like.model_copy(update={"trial": trial})])
        plan = {"name": "past", "question": "?", "design": "factorial", "tasks": [], "architectures": []}
        plan |= {"factors": {}, "baseline": {}, "seeds": 1, "trials": [trial.id]}
        (self.store.folder("past") / "plan.json").write_text(json.dumps(plan))

    def write_study(self) -> None:
        (self.root / "small.json").write_text(json.dumps(self.study))

    @property
    def store(self) -> Store:
        return Store(self.root / "runs")

    @property
    def folder(self) -> Path:
        return self.store.folder("small")

    @property
    def segments(self) -> list[Path]:
        return ledger.segments(self.folder)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "TMPDIR": str(self.root / "tmp"),
            "CHAOS": str(self.root),  # by which processes of this world are known
            "FAKE_ANSWERS": str(self.root / "answers.json"),
            "FAKE_LOG": str(self.root / "begun"),
            "WONDERLAND_RUNS": str(self.store.root),
        }

    def start(
        self,
        *words: str,
        patches: dict[str, Any] | None = None,
        trip: dict[str, Any] | None = None,
        **environment: str,
    ) -> Command:
        """Start a command, `wonderland sweep` of the study without a mirror unless it is another."""
        self.commands += 1
        out = str(self.root / f"said-{self.commands}")
        asked = {
            "start": words or ("sweep", "small.json", "--no-mirror", "--slots", "2"),
            "cwd": str(self.root),
            "out": out,
            "environment": self.environment | environment,
            "patches": QUICK | (patches or {}),
            "trip": {"root": str(self.store.root), **trip} if trip else None,
            "committed": str(self.root / "committed"),
        }
        return Command(self.stage, self.stage.ask(asked)["pid"], out)

    def run(self, *words: str, **how: Any) -> tuple[int, str]:
        """Run a command to its end; its exit code and what it said."""
        command = self.start(*words, **how)
        return command.end(), command.said

    @property
    def committed(self) -> set[str]:
        """Ids whose append has returned."""
        return self._ids("committed")

    @property
    def begun(self) -> Counter[str]:
        """How often each trial was begun."""
        path = self.root / "begun"
        return Counter(path.read_text().split()) if path.exists() else Counter()

    def _ids(self, name: str) -> set[str]:
        path = self.root / name
        return set(path.read_text().split()) if path.exists() else set()

    @property
    def lines(self) -> list[str]:
        """Ids in the ledger as they stand there."""
        return [record.id for record in ledger.read(self.folder).records]

    def left_over(self, within: float = 5.0) -> list[str]:
        """Command lines of processes of this world that still run after so many seconds."""
        until = time.monotonic() + within
        while (left := self.processes()) and time.monotonic() < until:
            time.sleep(0.02)
        return list(left.values())

    def processes(self) -> dict[int, str]:
        """Those of this world that run, by number; not the commands on the stage themselves."""
        mark, found = f"CHAOS={self.root}\0".encode(), {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (process / "environ").read_bytes() and b") Z " not in (process / "stat").read_bytes():
                    found[int(process.name)] = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found


def as_command() -> None:
    """The `wonderland` command with the fake engine, in a process that has no stage."""
    from suite.cli.main import main
    from tests.chaos.stage import with_fake_engine

    with_fake_engine()
    main()


def whole(world: World, *, copies: int = 0) -> None:
    """Run the same command again and check that nothing is lost, nothing is there twice, and nothing is left."""
    assert not world.left_over(), "processes are left of the command before"
    command = world.start()
    code = command.end()
    assert code == 0, f"exit {code}: {command.said}"
    as_planned(world, copies=copies)


def as_planned(world: World, *, copies: int = 0) -> None:
    """The store as an undisturbed sweep leaves it, but for so many copies of records that were put there."""
    plan, records = world.store.plan("small"), world.store.records("small")
    assert set(plan.trials) == set(world.truth)
    assert [record.id for record in records] == list(plan.trials)
    assert {r.id: r.result.digest for r in records} == {id: r.result.digest for id, r in world.truth.items()}
    assert len(world.lines) == len(set(world.lines)) + copies
    status = world.store.status("small")
    assert status is not None
    assert (status.state, status.cached + status.done) == ("done", len(plan.trials))
    code, said = world.run("verify", "small")
    assert code == 0, said
    assert not world.left_over()
    assert not list((world.root / "tmp").iterdir())
    assert not list(world.folder.glob(".*"))
