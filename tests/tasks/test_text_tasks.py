"""Text: what comes next follows from what was, parts share nothing, and labels by other means than the loader's."""

import ast
import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB

from suite import catalog
from suite.seeds import numpy_stream
from tasks.fetch import FetchError, fetch, is_here
from tasks.hub import Part
from tasks.task import Split, Splits
from tasks.text import _docstrings, ag_news, brackets, docstrings, r8, shakespeare
from tasks.text._documentation import EACH, LIBRARIES, documents
from tasks.text._documents import by_words, padded
from tasks.text._language import code_length, unseen, windows
from tasks.text._tokens import PADDING, UNKNOWN, Characters, Words, words

LANGUAGES = ("text/documentation", "text/documentation_bpe", "text/shakespeare")


@cache
def load(name: str, seed: int = 0) -> Splits:
    task = catalog.task(name)
    if not all(map(is_here, task.files)):
        pytest.skip(f"{name} is not on this machine; make data fetches it")
    return task.load(numpy_stream(name, seed, "data"))


def tokens(split: Split) -> np.ndarray:
    assert isinstance(split.inputs, np.ndarray)
    return split.inputs


def counted(splits: Splits, size: int) -> float:
    """The score on test of a model that looks at one token: how often each followed it in train, and one time more."""
    counts = np.ones((size, size))
    np.add.at(counts, (tokens(splits.train).ravel(), splits.train.targets.ravel()), 1)
    odds = counts / counts.sum(1, keepdims=True)
    return float(1 + np.log(odds[tokens(splits.test).ravel(), splits.test.targets.ravel()]).mean() / np.log(size))


@pytest.mark.parametrize("name", LANGUAGES)
def test_one_token_tells_more_of_the_next_than_none(name: str) -> None:
    size = catalog.task(name).vocabulary
    score = counted(load(name), size)
    assert score > code_length(load(name).test, size) + 0.08
    assert all(reference.score > score for reference in catalog.task(name).references), "published models look further"


@pytest.mark.parametrize("name", LANGUAGES)
def test_what_comes_next_is_what_is_read_next(name: str) -> None:
    for split in (load(name).train, load(name).valid, load(name).test):
        np.testing.assert_array_equal(split.targets[:, :-1], tokens(split)[:, 1:])
        assert (split.targets != PADDING).all()
        assert (split.targets == UNKNOWN).mean() < 0.002


def test_windows_are_the_text_without_overlap_and_without_a_gap() -> None:
    texts = ["abcdefghij", "ab", "", "abcd", "jihg"]
    tokenizer = Characters.fitted(texts, 20)
    split = windows(texts, tokenizer, 3)
    read = [tokenizer.decode(row.tolist()) for row in tokens(split)]
    asked = [tokenizer.decode(row.tolist()) for row in split.targets]
    assert read == ["abc", "def", "ghi", "abc", "jih"]
    assert asked == ["bcd", "efg", "hij", "bcd", "ihg"]


def test_windows_that_come_twice_or_elsewhere_are_left_out() -> None:
    rows = np.array([[2, 3], [4, 5], [2, 3], [6, 7], [8, 9]])
    split, other = Split(rows, rows + 1), Split(rows[3:4], rows[3:4])
    found = unseen(split, [other], 3)
    np.testing.assert_array_equal(found.inputs, [[2, 3], [4, 5], [8, 9]])
    np.testing.assert_array_equal(found.targets, [[3, 4], [5, 6], [9, 10]])
    with pytest.raises(AssertionError, match="3 windows are left; 4 are wanted"):
        unseen(split, [other], 4)


def test_code_length_of_known_odds() -> None:
    """Four tokens as often: log 4 nats. One alone: none."""
    even = Split(np.zeros((1, 4)), np.array([[0, 1, 2, 3]]))
    assert code_length(even, 4) == pytest.approx(0)
    assert code_length(even, 16) == pytest.approx(0.5)
    assert code_length(Split(even.inputs, np.full((1, 4), 2)), 4) == pytest.approx(1)


@pytest.mark.parametrize("seed", [0, 1])
def test_documents_are_in_one_part_and_all_there(seed: int) -> None:
    """A few docstrings are there in two libraries, word for word."""
    parts = documents(np.random.default_rng(seed))
    whole = {text for library in LIBRARIES for text in _docstrings.docstrings(library, EACH)}
    assert set().union(*parts) == whole
    assert sum(map(len, parts)) == len(whole) > 1150
    assert [len(part) / len(whole) for part in parts] == pytest.approx([0.8, 0.1, 0.1], abs=0.001)


def test_the_parts_of_shakespeare_are_one_text_in_order() -> None:
    splits = load("text/shakespeare")
    text = "\n\n".join(file.read_text() for file in fetch(*shakespeare.FILES))
    parts = shakespeare.cut(text)
    assert "".join(parts) == text
    assert [len(part) / len(text) for part in parts] == pytest.approx([0.9, 0.05, 0.05], abs=1e-5)
    tokenizer = Characters.fitted(parts[:1], shakespeare.VOCABULARY)
    for part, split in zip(parts, (splits.train, splits.valid, splits.test), strict=True):
        read = tokens(split).ravel()
        assert 0 < len(part) - len(read) <= shakespeare.LENGTH, "only what does not fill a window is left out"
        assert read.tolist() == tokenizer.encode(part)[: len(read)]
    first = tokenizer.decode(tokens(splits.train)[0].tolist())
    assert first.startswith("THE TRAGEDY OF CORIOLANUS\n\nby William Shakespeare")


def test_padding_is_at_the_end_and_long_texts_are_cut() -> None:
    tokenizer = Words.fitted(["one two three"], 5)
    np.testing.assert_array_equal(
        padded(["two", "one three two four", "three five one"], tokenizer, 3), [[4, 0, 0], [2, 3, 4], [3, 1, 2]]
    )


def test_documents_that_read_like_later_ones_are_left_out_and_words_are_those_of_train() -> None:
    train = ["a b", "a c", "c a", "b b"], np.array([0, 1, 2, 3])
    valid = ["q", "a c z", "b a"], np.array([4, 5, 6])
    test = ["c a", "zz"], np.array([7, 8])
    splits = by_words(train, valid, test, vocabulary=5, length=2, sizes=(2, 1))
    assert splits.train.targets.tolist() == [0, 3]
    assert splits.valid.targets.tolist() == [5]
    assert splits.test.targets.tolist() == [7, 8]
    assert tokens(splits.test).tolist() == [[4, 2], [UNKNOWN, PADDING]]


def bag(split: Split, vocabulary: int) -> np.ndarray:
    """How often each token comes; (examples, vocabulary)."""
    return np.stack([(tokens(split) == token).sum(1) for token in range(1, vocabulary)], 1).astype(float)


def score_of_a_bag(name: str) -> float:
    splits, size = load(name), catalog.task(name).vocabulary
    model = MultinomialNB().fit(bag(splits.train, size), splits.train.targets)
    return float(model.score(bag(splits.test, size), splits.test.targets))


def test_docstrings_are_those_of_the_library_in_a_fixed_order() -> None:
    """Read a second time, and in another way: every one is what Python itself finds in some file of the library."""
    found = _docstrings.docstrings("networkx", 50)
    assert found == _docstrings.docstrings.__wrapped__("networkx", 50)
    assert found[:20] == _docstrings.docstrings("networkx", 20)
    assert len(set(found)) == 50
    assert min(map(len, found)) > _docstrings.SHORTEST / 2
    import networkx

    sources = [file.read_text() for file in Path(inspect.getfile(networkx)).parent.rglob("*.py")]
    known = {
        ast.get_docstring(node)
        for source in sources
        if any(text[:60].splitlines()[0] in source for text in found)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    assert set(found) <= known


def test_a_library_with_too_few_docstrings_is_named() -> None:
    with pytest.raises(LookupError, match=r"networkx has .* docstrings; 1000000 are wanted"):
        _docstrings.docstrings("networkx", 1_000_000)


def test_docstrings_have_the_label_of_their_library_and_do_not_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    given = list[tuple[list[str], np.ndarray]]()
    monkeypatch.setattr(docstrings, "by_words", lambda *parts, **_: given.extend(parts))
    docstrings.load(np.random.default_rng(0))
    of = [set(_docstrings.docstrings(library, docstrings.EACH)) for library in docstrings.LIBRARIES]
    hidden = [{docstrings.HIDDEN.sub(" ", text) for text in texts} for texts in of]
    for texts, labels in given:
        assert all(text in hidden[label] for text, label in zip(texts, labels, strict=True))
        assert np.ptp(np.bincount(labels)) == 0, "as many of each"
        assert not {"numpy", "np", "torch", "pytorch", "sklearn", "scipy", "pandas", "pd"} & set(words(" ".join(texts)))
    assert sum(len(texts) for texts, _ in given) == len(docstrings.LIBRARIES) * docstrings.EACH


def test_words_tell_the_library() -> None:
    assert score_of_a_bag("text/docstrings") > 0.6


def test_r8_has_the_published_numbers_of_documents() -> None:
    load("text/r8")
    train, test = map(r8.read, fetch(*r8.FILES))
    assert [len(train[0]), len(test[0])] == [5485, 2189]
    assert np.bincount(train[1]).tolist() == [1596, 253, 2840, 41, 190, 206, 108, 251]
    assert np.bincount(test[1]).tolist() == [696, 121, 1083, 10, 81, 87, 36, 75]


def test_r8_keeps_the_official_test_set_and_words_tell_the_subject() -> None:
    splits = load("text/r8")
    assert [len(splits.train), len(splits.valid), len(splits.test)] == [*r8.SIZES, 2189]
    assert splits.test.targets.tolist() == r8.read(fetch(*r8.FILES)[1])[1].tolist()
    assert score_of_a_bag("text/r8") > 0.92


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the hub, and an empty cache."""
    (tmp_path / "shelf").mkdir()
    monkeypatch.chdir(tmp_path / "shelf")
    monkeypatch.setenv("WONDERLAND_DATA", str(tmp_path / "cache"))
    return tmp_path / "shelf"


def put(shelf: Path, part: Part, rows: dict[str, list[Any]]) -> None:
    """Lay out a split as the hub does on its parquet branch."""
    place = shelf / part.name / "default" / part.split
    place.mkdir(parents=True)
    datasets.Dataset.from_dict(rows).to_parquet(place / "0000.parquet")


SUBJECTS = ("war", "goal", "shares", "planet")
NAMES = ("Ann", "Bob", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hal", "Ida", "Joe", "Kim", "Lea")


def news(numbers: range) -> dict[str, list[Any]]:
    texts = [f"{NAMES[number // 12]} and {NAMES[number % 12]}: {SUBJECTS[number % 4]}" for number in numbers]
    return {"text": texts, "label": [number % 4 for number in numbers]}


@pytest.fixture
def small(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """AG News of 100 texts to learn from and 40 to test on."""
    monkeypatch.setattr(ag_news, "TRAIN", replace(ag_news.TRAIN, rows=100))
    monkeypatch.setattr(ag_news, "TEST", replace(ag_news.TEST, rows=40, content=""))
    monkeypatch.setattr(ag_news, "SIZES", (60, 20))
    put(shelf, ag_news.TRAIN, news(range(100)))
    return shelf


def test_ag_news_reads_what_it_says_and_keeps_the_official_test_set(small: Path) -> None:
    put(small, ag_news.TEST, news(range(100, 140)))
    splits = ag_news.load(np.random.default_rng(0))
    assert [len(splits.train), len(splits.valid), len(splits.test)] == [60, 20, 40]
    assert splits.test.targets.dtype == np.int64
    assert splits.test.targets.tolist() == [number % 4 for number in range(100, 140)]
    for split in (splits.train, splits.valid, splits.test):
        assert tokens(split).shape[1:] == ag_news.TASK.shape
        subject = tokens(split)[:, 4]  # a name, "and", a name, a colon, the subject
        assert [len(set(subject[split.targets == label])) for label in range(4)] == [1] * 4
        assert len(set(subject)) == 4
        assert (tokens(split)[:, 5:] == PADDING).all()


def test_ag_news_does_not_learn_from_texts_of_the_test_set(small: Path) -> None:
    put(small, ag_news.TEST, news(range(40)))
    with pytest.raises(AssertionError, match="documents are left"):
        ag_news.load(np.random.default_rng(0))


def test_ag_news_draws_other_texts_for_another_seed(small: Path) -> None:
    put(small, ag_news.TEST, news(range(100, 140)))
    first, again, other = (ag_news.load(np.random.default_rng(seed)) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.train.inputs, again.train.inputs)
    assert not np.array_equal(first.train.targets, other.train.targets)


def test_ag_news_without_a_network_says_what_to_do(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datasets.config.HF_HUB_OFFLINE", True)
    with pytest.raises(FetchError, match=r"fancyzhx/ag_news on the hub .*; try again with a network"):
        ag_news.load(np.random.default_rng(0))


def stack_says(row: list[int]) -> bool:
    """A stack machine over the characters, which knows nothing of how the strings are made."""
    text = "".join("?#()[]"[token] for token in row if token != PADDING)
    stack = ""
    for character in text:
        if character in "([":
            stack += character
        elif stack[-1:] + character in ("()", "[]"):
            stack = stack[:-1]
        else:
            return False
    return not stack


def neighbours_say(row: list[int]) -> bool:
    text = "".join("?#()[]"[token] for token in row)
    return "(]" not in text and "[)" not in text


def share_right(say: Callable[[list[int]], bool], split: Split) -> float:
    answers = np.array([say(row) for row in tokens(split).tolist()])
    return float((answers == (split.targets == 1)).mean())


def test_a_stack_solves_brackets_and_neighbours_a_part() -> None:
    splits = load("text/brackets")
    for split in (splits.train, splits.valid, splits.test):
        assert share_right(stack_says, split) == 1
    assert 0.6 < share_right(neighbours_say, splits.test) < 0.8


def test_a_bag_of_brackets_knows_nothing() -> None:
    splits = load("text/brackets")
    model = LogisticRegression().fit(bag(splits.train, brackets.VOCABULARY), splits.train.targets)
    assert model.score(bag(splits.test, brackets.VOCABULARY), splits.test.targets) == pytest.approx(0.5, abs=0.05)


def test_where_brackets_open_and_close_says_nothing() -> None:
    """Depth alone: each row is right if one counts, so that kinds have to be remembered."""
    splits = load("text/brackets")
    for row in tokens(splits.test):
        depth = (np.isin(row, (2, 4)).astype(int) - np.isin(row, (3, 5))).cumsum()
        assert depth.min() == 0
        assert depth[-1] == 0
        assert (row == 2).sum() == (row == 3).sum()
        assert (row == 4).sum() == (row == 5).sum()


def test_all_shapes_are_as_likely() -> None:
    """Three pairs have five shapes (the Catalan number); of 5,000 draws each gets about 1,000."""
    rng = np.random.default_rng(0)
    drawn = [brackets.shape(rng, 3).tobytes() for _ in range(5000)]
    counts = [drawn.count(one) for one in set(drawn)]
    assert len(counts) == 5
    assert max(abs(count - 1000) for count in counts) < 130
