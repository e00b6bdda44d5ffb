"""At its commit a record comes out the same, whatever became of the code since; and nothing is left of the checkout."""

import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from suite.reproduction import commit
from suite.reproduction.commit import Missing, checked_out, environment, has

Python = Callable[..., str]
TRAIN = """
from suite.train import train
from suite.trial import Trial
print(train(Trial(task="image/digits", architecture="mlp").moved({"steps": 10, "width": 8, "depth": 1})).to_json())
"""
JUDGE = """
import sys
from suite.record import Record
from suite.reproduction.each import each
record = Record.from_json(RECORD)
for at_commit in (False, True):
    ((_, verdict),) = each([record], at_commit=at_commit, say=lambda text: None)
    print(verdict.kind, [what for what, _, _ in verdict.moved], verdict.commit == record.provenance.commit)
"""


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=Alice", "-c", "user.email=alice@example.org")
    return subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def repository(tree: Path) -> Path:
    """A repository of the product's code, with one commit."""
    (tree / "constraints.txt").write_text("torch==2.13.0\n")
    (tree / ".gitignore").write_text("__pycache__/\n")
    git(tree, "init", "--quiet")
    git(tree, "add", ".")
    git(tree, "commit", "--quiet", "-m", "first")
    return tree


def test_at_its_commit_it_is_the_same_again(repository: Path, python: Python) -> None:
    """One line of the schedule is changed, and committed, after the record was made."""
    record = python(TRAIN, path=repository).strip()
    loop = repository / "suite/tricks/optimizer.py"
    loop.write_text(loop.read_text().replace("WARMUP = 0.1", "WARMUP = 0.2"))
    git(repository, "commit", "--quiet", "--all", "-m", "second")
    said = python(JUDGE.replace("RECORD", repr(record)), path=repository).splitlines()
    assert said == ["different ['source'] False", "bit-exact [] True"]
    assert git(repository, "worktree", "list").count("\n") == 0
    assert git(repository, "status", "--porcelain") == ""


@contextmanager
def rooted(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(commit.catalog, "root", lambda package: folder / package)
        yield


def test_the_worktree_is_removed_even_after_an_error(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = git(repository, "rev-parse", "HEAD")

    def fail() -> None:
        with checked_out(head, {"torch": "2"}) as place:
            assert (place.tree / "suite/train.py").is_file()
            assert place.commit == head
            assert "worktree" not in str(place.tree)
            raise KeyboardInterrupt

    with rooted(monkeypatch, repository), pytest.raises(KeyboardInterrupt):
        fail()
    assert git(repository, "worktree", "list").count("\n") == 0


def missing(commit: str | None, libraries: dict[str, str] | None = None) -> Missing:
    with pytest.raises(Missing) as caught, checked_out(commit, libraries or {}):
        pass
    return caught.value


def test_what_cannot_be_checked_out_says_what_would_help(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    with rooted(monkeypatch, repository):
        absent = missing("0" * 40)
        assert "no commit 0000" in str(absent)
        assert absent.commands == ("git fetch --all", f"git fetch origin {'0' * 40}")
        assert "names no commit" in str(missing(None))
        assert "names no commit" in str(missing("--upload-pack=touch /tmp/x"))
    with rooted(monkeypatch, tmp_path_factory.mktemp("elsewhere")):
        assert "is no git checkout" in str(missing("0" * 40))


def test_another_lock_without_a_network_names_the_commands(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = git(repository, "rev-parse", "HEAD")
    (repository / "constraints.txt").write_text("torch==2.13.0\nnumpy==2.4.0\n")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with rooted(monkeypatch, repository):
        lacks = missing(head, {"never-made": "1.2"})
    assert "never-made" in str(lacks)
    assert f"git worktree add --detach ../wonderland-{head[:12]} {head}" in lacks.commands


def test_an_environment_that_has_what_was_locked_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    here = {"torch": "2.13.0+cpu", "numpy": "2.4.0"}
    monkeypatch.setattr(commit, "_version", lambda name: commit._public(here[name]) if name in here else None)
    assert has("torch==2.13.0\nnumpy==2.4.0\nsphinx==8.0\n", {"torch": "2.13.0+cpu"})
    assert not has("torch==2.12.0\n", {"torch": "2.12.0"})
    assert not has("torch==2.13.0\nkornia==1.0\n", {"kornia": "1.0"})


def test_a_made_environment_has_the_locked_version_and_is_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in ("1.0", "2.0"):
        wheel(tmp_path / "wheels", number)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    lock = tmp_path / "constraints.txt"
    lock.write_text("cheshire==1.0\n")
    said = list[str]()
    python = environment(lock, {"cheshire": "1.0"}, said.append)
    number = subprocess.run([python, "-c", "import cheshire; print(cheshire.NUMBER)"], capture_output=True, text=True)
    assert number.stdout == "1.0\n"
    assert environment(lock, {"cheshire": "1.0"}, said.append) == python
    assert len(said) == 1


def wheel(folder: Path, number: str) -> None:
    folder.mkdir(exist_ok=True)
    about = f"cheshire-{number}.dist-info"
    with zipfile.ZipFile(folder / f"cheshire-{number}-py3-none-any.whl", "w") as archive:
        archive.writestr("cheshire.py", f"NUMBER = {number!r}\n")
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: cheshire\nVersion: {number}\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", f"cheshire.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n")
