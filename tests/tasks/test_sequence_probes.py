"""Every probe asks what it says: a program that has the ability solves it, and one that lacks it does not."""

from collections.abc import Callable, Iterator
from functools import cache
from statistics import median

import numpy as np
import pytest

from suite import catalog
from suite.seeds import numpy_stream
from suite.train import train
from suite.trial import Trial
from tasks import probe as module
from tasks.probe import probe, subsets
from tasks.sequence import adding, listops, markov_language
from tasks.sequence.copying import BLANK
from tasks.sequence.induction_heads import SPECIAL
from tasks.sequence.multi_query_recall import KEYS, PAIRS
from tasks.task import Split, Splits
from tasks.translation import translation

Solver = Callable[[list[int]], dict[int, int]]


@cache
def load(name: str) -> Splits:
    return catalog.task(f"sequence/{name}").load(numpy_stream(f"sequence/{name}", 0, "data"))


def parity(tokens: list[int]) -> dict[int, int]:
    return {place: sum(tokens[: place + 1]) % 2 for place in range(1, len(tokens))}


def copying(tokens: list[int]) -> dict[int, int]:
    return {20 + place: tokens[place] for place in range(8)}


def selective_copying(tokens: list[int]) -> dict[int, int]:
    symbols = [token for token in tokens if token < BLANK]
    return {24 + place: symbol for place, symbol in enumerate(symbols)}


def associative_recall(tokens: list[int]) -> dict[int, int]:
    *pairs, asked = tokens
    return {len(pairs): pairs[pairs.index(asked) + 1] - 8}


def multi_query_recall(tokens: list[int]) -> dict[int, int]:
    """Where a key of the pairs comes again after an even number of places, for the last time that is asked."""
    book = dict(zip(tokens[: 2 * PAIRS : 2], tokens[1 : 2 * PAIRS : 2], strict=True))
    places = range(2 * PAIRS, len(tokens), 2)
    return {place: book[tokens[place]] - KEYS for place in places if tokens[place] in book}


def induction_heads(tokens: list[int]) -> dict[int, int]:
    return {len(tokens) - 1: tokens[tokens.index(SPECIAL) + 1]}


def reversal(tokens: list[int]) -> dict[int, int]:
    return {10 + place: tokens[9 - place] for place in range(10)}


def sorting(tokens: list[int]) -> dict[int, int]:
    return {10 + place: symbol for place, symbol in enumerate(sorted(tokens[:10]))}


SOLVERS: dict[str, Solver] = {
    solver.__name__: solver
    for solver in (
        parity,
        copying,
        selective_copying,
        associative_recall,
        multi_query_recall,
        induction_heads,
        reversal,
        sorting,
    )
}
MORE_THAN_ASKED = {"multi_query_recall"}  # noise may hold a key as well


def asked(split: Split) -> Iterator[tuple[list[int], dict[int, int]]]:
    """Tokens of each example, and what is asked of it: the answer at each place."""
    assert isinstance(split.inputs, np.ndarray)
    for tokens, targets in zip(split.inputs.tolist(), split.targets, strict=True):
        yield tokens, {int(place): int(targets[place]) for place in np.flatnonzero(targets >= 0)}


@pytest.mark.parametrize("name", list(SOLVERS))
def test_a_program_with_the_ability_solves_it(name: str) -> None:
    splits = load(name)
    for split in (splits.train, splits.valid, splits.test):
        for tokens, answers in asked(split):
            solved = SOLVERS[name](tokens)
            assert answers
            if name in MORE_THAN_ASKED:
                assert len(answers) == PAIRS
                assert answers.items() <= solved.items()
            else:
                assert answers == solved


def without_memory(name: str) -> float:
    """The score of the best answer for each token and place, learned from train, where nothing else is seen."""
    task, splits = catalog.task(f"sequence/{name}"), load(name)
    counts = np.zeros((task.shape[0], task.vocabulary, task.outputs))
    for tokens, answers in asked(splits.train):
        for place, answer in answers.items():
            counts[place, tokens[place], answer] += 1
    best = counts.argmax(-1)
    right = [best[place, tokens[place]] == y for tokens, answers in asked(splits.test) for place, y in answers.items()]
    return float(np.mean(right))


@pytest.mark.parametrize("name", [name for name in SOLVERS if name != "sorting"])
def test_one_without_memory_stays_at_chance(name: str) -> None:
    assert without_memory(name) == pytest.approx(catalog.task(f"sequence/{name}").chance, abs=0.035)


def test_one_without_memory_guesses_in_sorting() -> None:
    """Place and symbol before say how large the next must be, about."""
    assert 0.3 < without_memory("sorting") < 0.6


def test_the_values_alone_give_four_tenths_of_associative_recall() -> None:
    """As its file says: name the value that is there most often."""
    right = []
    for tokens, answers in asked(load("associative_recall").test):
        values = tokens[1::2]
        right.append(max(values, key=values.count) - 8 in answers.values())
    assert np.mean(right) == pytest.approx(0.41, abs=0.04)


@pytest.mark.parametrize(("name", "places"), [("selective_copying", 24), ("induction_heads", 20)])
def test_no_distance_is_the_right_one(name: str, places: int) -> None:
    """What a linear time-invariant layer can do by itself: repeat the token that stood so far before the question."""
    test = list(asked(load(name).test))
    for distance in range(2, places):
        right = [tokens[place - distance] == y for tokens, answers in test for place, y in answers.items()]
        assert np.mean(right) < 0.35


def test_questions_of_multi_query_recall_come_soon_rather_than_late() -> None:
    """The published power law: half of the weight is on the first few gaps."""
    places = np.concatenate([np.flatnonzero(row >= 0) for row in load("multi_query_recall").train.targets])
    gaps = (places - 2 * PAIRS) // 2
    assert ((places - 2 * PAIRS) % 2 == 0).all()
    counts = np.bincount(gaps, minlength=18)
    assert (np.diff(counts) < 150).all()
    assert counts[0] > 2 * counts[9] > 0


# Adding


def test_adding_is_the_sum_of_what_is_marked() -> None:
    splits = load("adding")
    for split in (splits.train, splits.test):
        numbers, marks = np.moveaxis(split.inputs, -1, 0)
        marked = marks > 0
        assert (marked.sum(1) == 2).all()
        assert (marked[:, :16].sum(1) == 1).all()
        sums = (numbers * marked).sum(1)
        assert np.corrcoef(sums, split.targets[:, 0])[0, 1] > 1 - 1e-6


def test_a_linear_model_cannot_add() -> None:
    """It explains two parts in 32 of the variance."""
    splits = load("adding")
    (x, y), (test_x, test_y) = ((s.inputs.reshape(len(s), -1), s.targets) for s in (splits.train, splits.test))
    weights, *_ = np.linalg.lstsq(x, y)
    residual = ((test_y - test_x @ weights) ** 2).mean() / test_y.var()
    assert 1 - residual == pytest.approx(2 / adding.LENGTH, abs=0.04)


# ListOps

NAMES = {11: max, 12: min, 13: lambda v: int(median(v)), 14: lambda v: sum(v) % 10}


def evaluate(tokens: list[int]) -> int:
    """With a stack, token by token; the file itself goes down and up again."""
    stack: list[list[int]] = [[]]
    operations = []
    for token in tokens:
        if token in NAMES:
            operations.append(NAMES[token])
            stack.append([])
        elif token == listops.CLOSE:
            value = operations.pop()(stack.pop())
            stack[-1].append(value)
        elif token:
            stack[-1].append(token - 1)
    (value,) = stack.pop()
    return value


def test_listops_are_evaluated_right() -> None:
    assert evaluate([11, 3, 12, 8, 5, 15, 2, 15]) == 4  # [MAX 2 [MIN 7 4 ] 1 ]
    assert evaluate([14, 10, 9, 15]) == 7  # [SM 9 8 ]
    assert evaluate([13, 2, 5, 15]) == 2  # [MED 1 4 ], rounded down
    splits = load("listops")
    for split in (splits.train, splits.valid, splits.test):
        assert [evaluate(tokens) for tokens in split.inputs.tolist()] == split.targets.tolist()


def test_listops_are_nested_and_balanced() -> None:
    splits = load("listops")
    depths = [
        max(np.cumsum([(t in NAMES) - (t == listops.CLOSE) for t in tokens])) for tokens in splits.train.inputs.tolist()
    ]
    assert set(depths) == {1, 2, 3}
    assert np.mean(np.array(depths) > 1) > 0.4
    assert np.bincount(splits.train.targets).min() > 0.07 * len(splits.train)


def test_the_first_operation_alone_does_not_solve_listops() -> None:
    """Nor do the number of tokens and the first operation together."""
    splits = load("listops")
    counts = np.zeros((4, listops.LENGTH + 1, 10))
    lengths = [(split.inputs != 0).sum(1) for split in (splits.train, splits.test)]
    np.add.at(counts, (splits.train.inputs[:, 0] - 11, lengths[0], splits.train.targets), 1)
    right = counts.argmax(-1)[splits.test.inputs[:, 0] - 11, lengths[1]] == splits.test.targets
    assert right.mean() < 0.35


# Markov language


def test_the_chain_is_what_is_spoken() -> None:
    """How often each token follows each pair is as the table says, within four standard errors."""
    tokens = load("markov_language").train.inputs
    counts = np.zeros(markov_language.CHAIN.shape)
    np.add.at(counts, (tokens[:, :-2], tokens[:, 1:-1], tokens[:, 2:]), 1)
    total = counts.sum(-1, keepdims=True)
    odds = markov_language.CHAIN
    error = np.sqrt(odds * (1 - odds) / np.maximum(total, 1))
    seen = np.broadcast_to(total > 100, odds.shape)
    assert seen.mean() > 0.7
    assert (np.abs(counts / np.maximum(total, 1) - odds) <= 4.5 * error + 1e-9)[seen].all()


def test_sentences_begin_in_the_middle_of_the_language() -> None:
    """The first pair of tokens is as frequent as any other, within four and a half standard errors."""
    tokens, pairs = load("markov_language").train.inputs, markov_language.PAIRS
    counts = np.zeros_like(pairs)
    np.add.at(counts, (tokens[:, 0], tokens[:, 1]), 1)
    error = np.sqrt(pairs * (1 - pairs) / len(tokens))
    assert (np.abs(counts / len(tokens) - pairs) <= 4.5 * error + 1e-9).all()


def bits(split: Split, odds: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> float:
    """The score of odds for the next token, given the two before."""
    first, second, targets = split.inputs[:, :-1], split.inputs[:, 1:], split.targets[:, 1:]
    chosen = np.take_along_axis(odds(first, second), targets[..., None], -1)
    return float(1 + np.log(chosen).mean() / np.log(markov_language.TOKENS))


def test_the_best_score_is_the_closed_form_and_chance_is_that_of_the_frequencies() -> None:
    task, test, pairs = catalog.task("sequence/markov_language"), load("markov_language").test, markov_language.PAIRS
    by_two = bits(test, lambda a, b: markov_language.CHAIN[a, b])
    by_one_table = np.einsum("ab,abc->bc", pairs, markov_language.CHAIN) / pairs.sum(0)[:, None]
    by_one = bits(test, lambda a, b: by_one_table[b])
    by_none = bits(test, lambda a, b: np.broadcast_to(pairs.sum(0), (*a.shape, markov_language.TOKENS)))
    (reference,) = task.references
    assert by_two == pytest.approx(reference.score, abs=0.01)
    assert by_none == pytest.approx(task.chance, abs=0.01)
    assert by_none < by_one - 0.03 < by_one < by_two - 0.1


def test_the_long_run_is_one() -> None:
    pairs = markov_language.PAIRS
    np.testing.assert_allclose(np.einsum("ab,abc->bc", pairs, markov_language.CHAIN), pairs, atol=1e-12)
    np.testing.assert_allclose(pairs.sum(), 1)
    np.testing.assert_allclose(markov_language.CHAIN.sum(-1), 1)


# What makes them


def test_a_probe_draws_until_it_has_enough_that_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, number in (("TRAIN", 30), ("VALID", 10), ("TEST", 20)):
        monkeypatch.setattr(module, name, number)
    splits = probe(np.random.default_rng(0), lambda rng, n: ((x := rng.integers(0, 64, (n, 1))), x[:, 0] + 1))
    dealt = np.concatenate([splits.train.inputs, splits.valid.inputs, splits.test.inputs])
    assert (len(splits.train), len(splits.valid), len(splits.test)) == (30, 10, 20)
    assert len(np.unique(dealt)) == 60, "sixty of the sixty-four there are"
    assert (splits.test.targets == splits.test.inputs[:, 0] + 1).all()


def test_subsets_hold_every_number_as_often_and_none_twice() -> None:
    chosen = subsets(np.random.default_rng(0), 4000, 3, 5)
    assert all(len(set(row)) == 3 for row in chosen.tolist())
    for place in range(3):
        assert np.bincount(chosen[:, place]) == pytest.approx(800, abs=120)


def test_a_translation_gives_the_answer_so_far_and_asks_for_the_next() -> None:
    inputs, targets = translation(np.array([[1, 2]]), np.array([[3, 4]]), 9)
    assert inputs.tolist() == [[1, 2, 9, 3]]
    assert targets.tolist() == [[-1, -1, 3, 4]]


# What learns them


def score(task: str, architecture: str, **levels: object) -> float:
    trial = Trial(task=f"sequence/{task}", architecture=architecture)
    settings = {"width": 32, "depth": 2, "rate": 3e-3, **levels}
    result = train(trial.moved(settings)).result
    assert result.outcome == "finished"
    assert result.test is not None
    return result.test


def test_a_state_space_model_copies_and_a_short_convolution_cannot() -> None:
    assert score("copying", "s4d", steps=100) > 0.9
    assert score("copying", "cnn", steps=100) < 0.2


def test_a_recurrence_keeps_the_parity_and_one_that_is_linear_in_its_state_cannot() -> None:
    assert score("parity", "elman", steps=250) > 0.9
    assert score("parity", "mingru", steps=250) < 0.65
