"""wonderland board and wonderland submit, as people call them."""

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from suite import catalog
from suite.board import published
from suite.board.line import Opening
from tests.board import made
from tests.board.test_attacks import better_duplicate

ROOT = Path(__file__).parents[2]
Wonderland = Callable[..., subprocess.CompletedProcess[str]]
STUDY = """
from suite.study import Study
STUDY = Study(question="Which is best on a small table?", tasks=("tabular/wine", "graph/hops"),
              architectures=("mlp", "linear"), baseline={"width": 4, "depth": 1, "steps": 3, "batch": 8},
              tune={"rate": (1e-3, 1e-2)}, seeds=2)
"""
MINE = """
\"\"\"Mine: a table through one linear map, written by a person who enters the board.\"\"\"

from suite.architectures.linear import build

ACCEPTS = ("tabular",)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A board with an attack on it."""
    path = tmp_path / "mine.jsonl"
    others = [line for name in ("mlp", "cnn", "lstm") for line in made.honest(name)]
    published.append(path, [Opening(stamp=made.STAMP, facts=made.FACTS), *others, *better_duplicate()])
    return path


def test_a_board_is_shown_with_its_quarantine(wonderland: Wonderland, file: Path) -> None:
    done = wonderland("board", "image/digits", "--board", str(file))
    assert done.returncode == 0, done.stderr
    assert "3 tasks, 4 entries, 1 in quarantine" in done.stdout
    assert "image/digits (pool " in done.stdout
    assert "is there with test 0.71 and with test 0.99" in done.stdout
    assert "self-reported" in done.stdout
    assert "wonderland submit ARCHITECTURE" in done.stderr


def test_a_board_is_one_document_or_one_table(wonderland: Wonderland, file: Path) -> None:
    done = wonderland("board", "--board", str(file), "--json")
    told = json.loads(done.stdout)
    assert [ranking["scope"] for ranking in told["rankings"]] == ["image+series"]
    assert {row["entry"] for row in told["rankings"][0]["rows"]} == {"mlp", "cnn", "lstm"}
    assert {finding["entry"] for finding in told["quarantine"]} == {"gru"}
    assert {(cell["entry"], cell["cell"]) for cell in told["cells"] if cell["task"] == "tabular/friedman"} >= {
        ("mlp", "scored"),
        ("cnn", "not accepted"),
    }
    rows = list(csv.DictReader(io.StringIO(wonderland("board", "each", "--board", str(file), "--csv").stdout)))
    assert [row["entry"] for row in rows if row["scope"] == "image/digits"] == ["cnn", "lstm", "mlp"]
    assert r"\begin{tabular}" in wonderland("board", "each", "--board", str(file), "--latex").stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("board", "--board", "nothing.jsonl"), 6, "no board in nothing.jsonl yet; publish one with"),
        (("board", "image/digit", "--board", "mine.jsonl"), 2, "did you mean 'image/digits'?"),
        (("submit",), 2, "give one of the three"),
        (("submit", "gruu"), 2, "did you mean 'gru'?"),
        (("submit", "--file", "Mine.py"), 2, "cannot name an architecture"),
        (("submit", "gru", "--board", "first"), 2, "a board compares architectures alone"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    wonderland: Wonderland, file: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    done = wonderland(*words)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_somebody_enters_with_an_architecture_of_their_own(wonderland: Wonderland, tmp_path: Path, tree: Path) -> None:
    """Run, checked, placed and published; entered again it is found; forged it is refused."""
    (tmp_path / "small.py").write_text(STUDY)
    (tmp_path / "mine.py").write_text(MINE)
    done = wonderland("submit", "--file", "mine.py", "--board", "small.py", "--by", "me", "--publish", product=tree)
    assert done.returncode == 0, done.stderr
    assert "tabular/wine: mine is at rank 1 of 1 (ties a) with " in done.stdout
    found = published.board(tmp_path / "small.jsonl")
    assert {(row.role, row.record.trial.seed) for row in found.rows} == {
        ("tuning", 1_000_000),
        ("score", 0),
        ("score", 1),
    }
    assert {row.stamp.by for row in found.rows} == {"me"}
    again = wonderland("submit", "mine", "--board", "small.py", "--publish", "--json", product=tree)
    assert json.loads(again.stdout)["published_lines"] == 0, "nothing is new"
    sent = tmp_path / "runs/submissions/mine.jsonl"
    forged = tmp_path / "forged.jsonl"
    forged.write_text(sent.read_text().replace('"mean":0.', '"mean":0.9'))
    refused = wonderland("submit", "forged.jsonl", "--board", "small.py", "--publish", product=tree)
    assert refused.returncode == 3
    assert "is said to be 0.9" in refused.stdout
    assert published.board(tmp_path / "small.jsonl") == found
    assert "mine" not in catalog.architecture_names(), "it was put into a copy of the product"
