"""A submission: what a store's records make, where it would land, and that only what is clean and new is published."""

from pathlib import Path

import pytest

from suite import catalog
from suite.analysis.search import TUNING_SEED
from suite.board import published
from suite.board.facts import Facts
from suite.board.line import AnyLine, Classical, Entry, Row, Stamp
from suite.board.newcomer import NewcomerError, adopt
from suite.board.publication import classical, judged, one
from suite.board.published import Board, BoardError
from suite.board.rules import findings
from suite.board.submission import Submission, begun, read
from suite.record import Record
from suite.reproduction.kept import keep, of
from suite.reproduction.verdict import compare
from suite.study import Study
from tests.board import made, test_standing
from tests.board.test_attacks import better_duplicate, changed
from tests.test_store import filled

STUDY = Study(
    question="Which is best?",
    tasks=("image/digits", "series/mnist1d", "tabular/friedman"),
    architectures=("mlp", "cnn", "gru"),
    baseline=made.BASELINE,
    tune={"rate": made.RATES},
    seeds=3,
)


def records(*, source: str = "source of gru") -> list[Record]:
    """What a sweep of the board's study for gru leaves in the ledger."""
    found = [row.record for row in made.rows("gru")]
    return [changed(record, provenance={"source": source}) for record in found]


def lines(tmp_path: Path, there: list[Record], *more: list[Record]) -> list[AnyLine]:
    store = filled(tmp_path / "runs", "submit-gru", there)
    for number, others in enumerate(more):
        filled(tmp_path / "runs", f"earlier-{number}", others)
    return one(store, STUDY, "gru", "gru", without_gru(), made.STAMP)


def without_gru() -> Board:
    return made.board([line for name in ("mlp", "cnn", "lstm") for line in made.honest(name)])


def test_the_seed_of_searches_is_the_one_that_boards_are_made_with_here() -> None:
    assert TUNING_SEED == made.TUNING


def test_a_sweep_makes_an_honest_entry(tmp_path: Path) -> None:
    found = lines(tmp_path, records())
    entry, *others = made.honest("gru")
    assert found == [entry.model_copy(update={"ignores": catalog.ignored("gru")}), *others]
    assert findings(without_gru().plus(found)) == ()


def test_earlier_forms_are_sent_in_with_the_rest_and_counted(tmp_path: Path) -> None:
    """The same trials were answered before, by other code, with other results; other trials are nobody's business."""
    before = [changed(one, provenance={"source": "before"}, result={"weights": "w"}) for one in records()]
    elsewhere = made.record("gru", "image/digits", 0, made.RATES[0], 0.3, depth=7)
    found = lines(tmp_path, [*before, *records()], [elsewhere])
    entry = next(line for line in found if isinstance(line, Entry))
    roles = [line.role for line in found if isinstance(line, Row)]
    assert entry.variants == 2
    assert roles.count("variant") == len(before)
    assert elsewhere.id not in {line.id for line in found if isinstance(line, Row)}
    assert findings(without_gru().plus(found)) == ()


def test_the_best_of_twenty_architectures_comes_with_the_other_nineteen(tmp_path: Path) -> None:
    """Each under a name of its own; one that is no longer in the catalogue was scored as well."""
    names = [f"mine_{number:02}" for number in range(19)]
    others = [changed(record, trial={"architecture": name}) for name in names for record in records()]
    found = lines(tmp_path, [*records(), *others])
    entry = next(line for line in found if isinstance(line, Entry))
    assert entry.others == tuple(names)
    (hidden,) = findings(without_gru().plus(found))
    assert hidden.rule == "hidden variants"
    assert "19 other architectures (mine_00, mine_01, " in hidden.reason
    sent = [entry.model_copy(update={"entry": name, "architecture": name, "others": ()}) for name in names]
    assert not [one for one in findings(without_gru().plus([*found, *sent])) if one.entry == "gru"]


def test_what_was_only_tried_otherwise_is_nobodys_business(tmp_path: Path) -> None:
    small = [changed(record, trial={"architecture": "mine"}) for record in records()]
    less = [record.model_copy(update={"trial": record.trial.moved({"steps": 5})}) for record in small]
    searched = [record for record in small if record.trial.seed == TUNING_SEED]
    found = lines(tmp_path, [*records(), *less, *searched])
    assert next(line for line in found if isinstance(line, Entry)).others == ()


def test_the_same_results_by_other_code_are_no_other_form(tmp_path: Path) -> None:
    found = lines(tmp_path, [*records(source="before"), *records()])
    assert [line.role for line in found if isinstance(line, Row)].count("variant") == 0


def test_a_sweep_that_was_stopped_is_not_an_entry_yet(tmp_path: Path) -> None:
    there = [record for record in records() if record.trial.seed != 2]
    found = findings(without_gru().plus(lines(tmp_path, there)))
    assert {finding.rule for finding in found} == {"wrong seeds"}


def test_where_it_lands_is_said_and_what_is_clean_is_published_once(tmp_path: Path) -> None:
    file = tmp_path / "board.jsonl"
    begin = begun(file, made.FACTS, made.STAMP, anew=True)
    others = [line for name in ("mlp", "cnn", "lstm") for line in made.honest(name)]
    assert Submission(begin.there, tuple(others), opening=begin.opening).publish(file) == len(others) + 1
    sent = Submission(begun(file, made.FACTS, made.STAMP, anew=False).there, tuple(made.honest("gru")))
    landing = sent.landing("gru").set_index("scope")
    assert landing.loc["image/digits", "n_ranked"] == 4
    assert landing.loc["image/digits", "rank_low"] == 2, "behind cnn, and not told from lstm"
    assert sent.publish(file) == len(made.honest("gru"))
    again = Submission(begun(file, made.FACTS, made.STAMP, anew=False).there, tuple(made.honest("gru")))
    assert again.publish(file) == 0
    assert set(published.board(file).entries) == set(made.ACCEPTS)


def test_what_is_against_the_rules_is_not_published_and_nobody_else_is_held_up() -> None:
    mixed = (*better_duplicate(), *made.honest("lstm"))
    sent = Submission(made.board([line for name in ("mlp", "cnn") for line in made.honest(name)]), mixed)
    assert {finding.entry for finding in sent.findings} == {"gru"}
    assert list(sent.clean) == made.honest("lstm")


def test_rows_for_another_board_are_refused_with_what_is_another_one(tmp_path: Path) -> None:
    file = tmp_path / "board.jsonl"
    begin = begun(file, made.FACTS, made.STAMP, anew=True)
    Submission(begin.there, tuple(made.honest("mlp")), opening=begin.opening).publish(file)
    other = Facts.model_validate(made.FACTS.model_dump() | {"seeds": 5})
    with pytest.raises(BoardError, match=r"the published board is \w+, and here it would be \w+: seeds"):
        begun(file, other, made.STAMP, anew=False)
    assert begun(file, other, made.STAMP, anew=True).there.rows == ()
    ranked_otherwise = Facts.model_validate(made.FACTS.model_dump() | {"analysis": "other"})
    assert begun(file, ranked_otherwise, made.STAMP, anew=False).there.rows == tuple(made.rows("mlp"))
    assert begun(file, ranked_otherwise, made.STAMP, anew=True).opening


def test_a_submission_is_a_file_that_others_can_check(tmp_path: Path) -> None:
    file = tmp_path / "gru.jsonl"
    Submission(without_gru(), tuple(made.honest("gru"))).write(file)
    assert read(file) == (tuple(made.honest("gru")), ())
    assert list(published.board(file).entries) == ["gru"]
    with pytest.raises(BoardError, match="no submission in"):
        read(tmp_path / "nothing.jsonl")


def test_nobody_sends_in_verdicts_on_their_own_rows(tmp_path: Path) -> None:
    file = tmp_path / "gru.jsonl"
    praise = test_standing.judged(made.rows("gru")[-1], "bit-exact", by="a maintainer")
    Submission(without_gru(), (*made.honest("gru"), praise)).write(file)
    assert read(file) == (tuple(made.honest("gru")), ())


def test_verdicts_that_the_store_keeps_on_published_rows_are_published(tmp_path: Path) -> None:
    store = filled(tmp_path / "runs", "submit-gru", records())
    rows = [row for row in made.rows("gru") if row.role == "score"]
    first = rows[0].record
    stranger = changed(first, result={"test": 0.2})
    keep(store, "submit-gru", [of(first, compare(first, first)), of(stranger, compare(stranger, stranger))])
    (found,) = judged(store, rows, made.STAMP)
    assert (found.verdict.id, found.verdict.verdict) == (first.id, "bit-exact")


def test_baselines_are_fitted_once_each() -> None:
    """On a table of 178 wines, with only those left to fit that the board does not have."""
    wine = made.task_facts(chance=0.399, outputs=3)
    facts = Facts.model_validate(made.FACTS.model_dump() | {"tasks": {"tabular/wine": wine.model_dump()}, "seeds": 1})
    known = [
        Classical(stamp=made.STAMP, task="tabular/wine", baseline=name, seed=0, valid=0.9, test=0.9)
        for name in ("forest", "boosting", "svm", "linear")
    ]
    there = Board(made.board().opening.model_copy(update={"facts": facts}), tuple(known))
    said = list[str]()
    stamp = Stamp(board=facts.version, at=made.STAMP.at, by="us")
    found = {line.baseline: line.test for line in classical(there, stamp, said.append)}
    assert set(found) == {"constant", "neighbours"}
    assert found["neighbours"] > found["constant"] == pytest.approx(0.4, abs=0.05)
    assert said == ["fitting constant on tabular/wine, seed 0", "fitting neighbours on tabular/wine, seed 0"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("Mine.py", "", "cannot name an architecture"),
        ("mine.txt", "", "cannot name an architecture"),
        ("gru.py", "ACCEPTS = ()", "there is another architecture 'gru'"),
        ("mine_is_not_one.py", "ACCEPTS = ('series',)", "is no architecture: it has no build"),
        ("mine_is_broken.py", "import nothing_there", "is no architecture: ModuleNotFoundError"),
    ],
)
def test_a_file_that_is_no_architecture_is_refused_and_not_left_behind(
    tmp_path: Path, name: str, content: str, reason: str
) -> None:
    file = tmp_path / name
    file.write_text(content)
    folder = Path(__file__).parents[2] / "suite/architectures"
    before = sorted(folder.glob("*.py"))
    with pytest.raises(NewcomerError, match=reason):
        adopt(file)
    assert sorted(folder.glob("*.py")) == before


def test_an_architecture_that_is_there_already_may_be_given_again() -> None:
    file = Path(__file__).parents[2] / "suite/architectures/gru.py"
    assert adopt(file) == file
