"""The version of a board, and the file: what moves the one, and that the other is only added to."""

from collections.abc import Callable
from pathlib import Path

import pytest

from suite.board import published
from suite.board.code import analysis_code, metrics_code
from suite.board.facts import Facts, asked, moved
from suite.board.line import AnyLine, Opening, Stamp, read, written
from suite.board.protocol import accepts, board_study, facts, of_one
from suite.board.rules import findings
from suite.study import StudyError
from tests.board import made


def opening(board: Facts) -> Opening:
    return Opening(stamp=Stamp(board=board.version, at=made.STAMP.at, by="us"), facts=board)


@pytest.mark.parametrize(
    "other",
    [
        made.task_facts(chance=0.2),
        made.task_facts("compression"),
        made.task_facts(version=2),
        made.task_facts(outputs=9),
        made.task_facts(causal=True),
        made.task_facts(data={"0": "another split"}),
    ],
)
def test_the_version_moves_with_what_a_score_means(other: object) -> None:
    board = made.facts(**{"image/digits": other})  # type: ignore[arg-type]
    assert board.asked != made.FACTS.asked
    assert moved(made.FACTS, board)[0].endswith("of image/digits")


@pytest.mark.parametrize(
    "change", [{"baseline": {"width": 8}}, {"tune": {}}, {"seeds": 5}, {"protocol": 2}, {"metrics": "others"}]
)
def test_the_version_moves_with_what_is_asked_of_everybody(change: dict[str, object]) -> None:
    board = Facts.model_validate(made.FACTS.model_dump() | change)
    assert board.asked != made.FACTS.asked
    assert moved(made.FACTS, board) == tuple(change)


def test_the_version_moves_with_a_task_more() -> None:
    more = made.facts(**{"audio/vowels": made.task_facts()})
    assert more.asked != made.FACTS.asked
    assert moved(made.FACTS, more) == ("task audio/vowels",)


def test_other_code_that_ranks_is_another_version_for_the_same_rows() -> None:
    board = Facts.model_validate(made.FACTS.model_dump() | {"analysis": "other"})
    assert board.version != made.FACTS.version
    assert asked(board.version) == asked(made.FACTS.version) == board.asked


def test_the_code_that_ranks_is_known_by_its_files(python: Callable[..., str], tree: Path) -> None:
    """Another ranking or interval is another version; another finding or metric is not."""
    before = analysis_code()
    code = "from suite.board.code import analysis_code, metrics_code; print(analysis_code(), metrics_code())"

    def after(file: str, old: str = "", new: str = "# changed\n") -> list[str]:
        """With something at the end of a file, or in the place of `old`, which is there."""
        path = tree / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new) if old else text + new)
        said = python(code, path=tree).split()
        path.write_text(text)
        return said

    assert before not in after("suite/analysis/ranking.py")
    assert before not in after("suite/analysis/interval.py")
    assert before not in after("suite/board/standing.py")
    assert after("suite/analysis/finding.py") == [before, metrics_code()]
    assert after("suite/objective.py") == [before, metrics_code()], "the losses there are no metrics"
    for line in (".argmax(1) == targets", "count.cumsum(0)"):
        scored = after("suite/objective.py", line, f"{line} + 0")
        assert scored[0] == before
        assert scored[1] != metrics_code()


def test_every_line_is_read_as_it_was_written() -> None:
    for line in (opening(made.FACTS), *made.honest("gru")):
        assert read(written(line)) == line


def test_a_file_is_added_to_and_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "board.jsonl"
    published.append(file, [opening(made.FACTS), *made.honest("mlp")])
    before = file.read_bytes()
    published.append(file, made.honest("gru"))
    assert file.read_bytes().startswith(before)
    found = published.board(file)
    assert list(found.entries) == ["mlp", "gru"]
    assert found.rows == tuple(line for name in ("mlp", "gru") for line in made.rows(name))
    assert findings(found) == ()


def test_a_torn_line_takes_nothing_else_along(tmp_path: Path) -> None:
    file = tmp_path / "board.jsonl"
    published.append(file, [opening(made.FACTS), *made.honest("mlp")])
    with file.open("ab") as end:
        end.write(b'{"line":"row","entry":"gru"')
    published.append(file, made.honest("cnn"))
    found = published.board(file)
    assert list(found.entries) == ["mlp", "cnn"]
    (broken,) = found.broken
    assert broken.reason == "it is not JSON"


def test_rows_stay_where_only_the_analysis_is_another_one_and_are_history_otherwise(tmp_path: Path) -> None:
    file = tmp_path / "board.jsonl"
    published.append(file, [opening(made.FACTS), *made.honest("mlp")])
    published.append(file, [opening(Facts.model_validate(made.FACTS.model_dump() | {"analysis": "other"}))])
    assert list(published.board(file).entries) == ["mlp"]
    published.append(file, [opening(Facts.model_validate(made.FACTS.model_dump() | {"seeds": 5}))])
    found = published.board(file)
    assert list(found.entries) == []
    assert found.earlier == 1 + len(made.honest("mlp")) + 1


def test_a_file_that_is_no_board_says_so(tmp_path: Path) -> None:
    with pytest.raises(published.BoardError, match=r"no board in .* yet; publish one with"):
        published.board(tmp_path / "board.jsonl")
    file = tmp_path / "board.jsonl"
    lines: list[AnyLine] = made.honest("mlp")
    published.append(file, lines)
    with pytest.raises(published.BoardError, match="does not begin with the opening of a board"):
        published.board(file)


def test_a_board_of_ours_says_what_it_asks() -> None:
    """Without loading data: the study, what is accepted, and what one architecture runs of it."""
    study = board_study()
    assert len(study.tasks) >= 8
    assert len({task.partition("/")[0] for task in study.tasks}) >= 6
    assert study.most_seeds >= 3
    assert study.tune
    one = of_one(study, "gru")
    assert one.architectures == ("gru",)
    assert "graph/hops" not in one.tasks
    assert "image/digits" in one.tasks
    known = accepts(made.FACTS)
    assert known("gru") == ("image/digits", "series/mnist1d")
    assert known("nothing of ours") is None
    with pytest.raises(StudyError, match="a board compares architectures alone"):
        board_study("first")


def test_facts_are_of_the_data_itself() -> None:
    study = board_study()
    small = study.model_copy(update={"tasks": ("tabular/breast_cancer",), "seeds": 2})
    found = facts(small)
    task = found.tasks["tabular/breast_cancer"]
    assert (task.metric, list(task.data)) == ("accuracy", ["0", "1", str(found.tuning_seed)])
    assert len(set(task.data.values())) == 3, "every block of draws splits anew"
    assert found == facts(small)
