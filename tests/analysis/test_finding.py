"""The finding: one sentence with the numbers of the tables, and honest about what they do not show."""

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from suite.analysis import text
from suite.analysis.finding import finding
from suite.analysis.interactions import interactions, simple_effects, three_way
from suite.analysis.ranking import leaderboard
from suite.analysis.table import table
from suite.record import Record
from suite.trial import Level, Trial

Make = Callable[..., list[Record]]
FACTORS: dict[str, tuple[Level, ...]] = {"norm": ("none", "batch", "rms"), "residual": ("none", "add"), "depth": (2, 8)}
TASKS = ("image/digits", "tabular/breast_cancer")
NETS = ("mlp", "cnn")


def scores(size: float = 0.01, strength: float = 1.0) -> Callable[[Trial], float]:
    """Deep networks learn only with a norm or a residual connection, and both together add little."""
    rng = np.random.default_rng(2)

    def score(trial: Trial) -> float:
        norm, add = trial.tricks.norm != "none", trial.tricks.residual == "add"
        held = 0.0 if trial.size.depth == 2 else -0.3 if not (norm or add) else 0.02 * (norm and add)
        return 0.6 + strength * held + float(rng.normal(0, size))

    return score


def sentence(records: list[Record], factors: Mapping[str, Sequence[Level]]) -> str:
    found = finding(table(records), factors)
    assert found.endswith(".")
    assert not re.search(r"\.\s", found), "one sentence"
    assert found.isascii()
    assert not re.search(r"nan|None|<NA>|_", found.replace("breast_cancer", ""))
    return found


def test_three_factors_tell_the_interaction_at_both_ends_of_the_third(factorial: Make) -> None:
    records = factorial(scores(), FACTORS, TASKS, NETS)
    found, frame = sentence(records, FACTORS), table(records)
    assert found.startswith("At depth 8, changing residual from none to add moves the normalised score by +0.")
    assert "partly replace each other (interaction -0." in found
    assert "Holm p <0.001, the clearest of 2, all decided; 95% intervals over 3 seeds x 4 pairs" in found
    assert "while at depth 2 that interaction is" in found
    for rows in (
        simple_effects(frame, FACTORS, "residual", "norm", within={"depth": 8}).query("task == 'all'"),
        interactions(frame, FACTORS, within={"depth": 8}).query("task == 'all'"),
        interactions(frame, FACTORS, within={"depth": 2}).query("task == 'all'"),
        three_way(frame, FACTORS, ("norm", "residual", "depth")).query("task == 'all'"),
    ):
        rows = rows[rows["architecture"] == "all"]
        told = [text.effect(*row) in found for row in rows[["effect", "low", "high"]].itertuples(index=False)]
        assert any(told), "the sentence has the numbers of the table"


def test_where_nothing_is_decided_it_says_inconclusive(factorial: Make) -> None:
    found = sentence(factorial(scores(0.3, 0.0), FACTORS, TASKS, NETS), FACTORS)
    assert "averaged over norm (inconclusive): whether norm changes that is inconclusive" in found
    assert "replace" not in found
    assert re.search(r"\(difference .*, inconclusive\)", found)


def test_one_seed_decides_nothing(factorial: Make) -> None:
    found = sentence(factorial(scores(), FACTORS, TASKS, NETS, seeds=1), FACTORS)
    assert "whether norm changes that is inconclusive" in found
    assert "[no interval]" in found
    assert "there is no second seed" in found
    assert "95%" not in found


def test_one_task_is_told_in_its_metric(factorial: Make) -> None:
    found = sentence(factorial(scores(), FACTORS, TASKS[:1], NETS[:1], seeds=5), FACTORS)
    assert "moves the accuracy on image/digits by" in found
    assert "5 seeds of mlp)" in found
    assert "normalised" not in found


@pytest.mark.parametrize(
    ("worth", "words"),
    [
        ({(0, 0): 0.5, (1, 0): 0.5, (0, 1): 0.4, (1, 1): 0.6}, "add hurts with norm none and helps with norm batch"),
        ({(0, 0): 0.5, (1, 0): 0.5, (0, 1): 0.6, (1, 1): 0.4}, "add helps with norm none and hurts with norm batch"),
        ({(0, 0): 0.5, (1, 0): 0.6, (0, 1): 0.6, (1, 1): 0.6}, "residual add at least partly replace each other"),
        ({(0, 0): 0.5, (1, 0): 0.6, (0, 1): 0.6, (1, 1): 0.65}, "residual add partly replace each other"),
        ({(0, 0): 0.5, (1, 0): 0.5, (0, 1): 0.6, (1, 1): 0.55}, "give less together than the sum of each alone"),
        ({(0, 0): 0.5, (1, 0): 0.5, (0, 1): 0.5, (1, 1): 0.6}, "give more together than the sum of each alone"),
        ({(0, 0): 0.5, (1, 0): 0.6, (0, 1): 0.6, (1, 1): 0.7}, "whether norm changes that is inconclusive"),
    ],
)
def test_the_conclusion_fits_the_numbers(factorial: Make, worth: dict[tuple[int, int], float], words: str) -> None:
    factors = {"norm": ("none", "batch"), "residual": ("none", "add")}
    rng = np.random.default_rng(0)

    def score(trial: Trial) -> float:
        place = int(trial.tricks.norm == "batch"), int(trial.tricks.residual == "add")
        return worth[place] + float(rng.normal(0, 0.003))

    assert words in sentence(factorial(score, factors, seeds=6), factors)


def test_failures_and_gaps_are_told(factorial: Make, record: Callable[..., Record]) -> None:
    records = factorial(scores(), FACTORS, TASKS, NETS)
    broken = [
        record(r.trial, None, outcome="out_of_memory" if r.trial.tricks.norm == "none" else "diverged")
        if r.trial.levels["depth"] == 8 and r.trial.seed == 1 and r.trial.task == TASKS[0]
        else r
        for r in records
    ]
    found = sentence(broken[:-1], FACTORS)
    assert found.endswith("; 12 of 143 runs did not finish (8 diverged, 4 out of memory) and 1 run has no record.")
    assert "at least 2 seeds x 4 pairs of task and architecture, 2 of 12 comparisons lost" in found


def test_a_fourth_factor_is_averaged_over_and_a_constant_one_is_not_mentioned(factorial: Make) -> None:
    more = FACTORS | {"dropout": (0.0, 0.1), "width": (32,)}
    found = sentence(factorial(scores(), more), more)
    assert found.startswith("At depth 8 and averaged over dropout, changing residual")
    assert "width" not in found


def test_one_factor_tells_the_largest_decided_effect(factorial: Make) -> None:
    worth = {"none": 0.5, "batch": 0.7, "layer": 0.6, "rms": 0.501}
    rng = np.random.default_rng(0)
    factors = {"norm": tuple(worth)}
    records = factorial(lambda t: worth[t.tricks.norm] + float(rng.normal(0, 0.01)), factors, TASKS, NETS, 5)
    found = sentence(records, factors)
    assert found.startswith("Changing norm from none to batch moves the normalised score by +0.")
    assert "the largest decided of 3 effects, 2 decided (norm layer +0." in found
    assert re.search(r"norm rms \S+ \[.*\], inconclusive\)", found)


def test_one_factor_without_effect(factorial: Make) -> None:
    rng = np.random.default_rng(0)
    factors = {"rate": (1e-3, 1e-2)}
    found = sentence(factorial(lambda t: float(rng.normal(0.5, 0.1)), factors, TASKS), factors)
    assert found.startswith("Changing rate from 0.001 to 0.01 moves the normalised score by ")
    assert found.endswith("which is inconclusive.")


def test_one_at_a_time_falls_back_to_effects(record: Callable[..., Record]) -> None:
    score = scores()
    arms = [{"norm": "none", "residual": "none"}, {"norm": "batch", "residual": "none"}, {"norm": "none"}]
    trials = [Trial(task=TASKS[0], architecture="mlp", seed=s).moved({"depth": 8} | a) for s in range(5) for a in arms]
    found = sentence([record(t, score(t)) for t in trials], {"norm": ("none", "batch"), "residual": ("none", "add")})
    assert found.startswith("Changing ")
    assert "the largest decided of 2 effects, all decided" in found
    assert "record" not in found


def test_without_factors_it_tells_who_scores_highest(factorial: Make) -> None:
    worth = {"cnn": 0.9, "gru": 0.899, "mlp": 0.7}
    rng = np.random.default_rng(0)
    records = factorial(lambda t: worth[t.architecture] + float(rng.normal(0, 0.01)), {}, TASKS, worth, 6)
    top = leaderboard(table(records), {}, task="all").iloc[0]
    found = sentence(records, {})
    assert f"The highest normalised score of 3 architectures is that of {top['architecture']}, " in found
    assert text.score(top["mean"], top["low"], top["high"]) in found
    assert found.endswith(f"apart from {'gru' if top['architecture'] == 'cnn' else 'cnn'}.")
    alone = [r for r in records if r.trial.architecture == "mlp" and r.trial.task == TASKS[0]]
    assert sentence(alone, {}).startswith("The accuracy on image/digits of mlp is 0.")
    one = sentence([r for r in records if r.trial.seed == 0], {})
    assert "[no interval] (1 seed x 2 tasks), which the data cannot tell apart from" in one


def test_architectures_without_every_task_are_said_to_be_left_out(factorial: Make) -> None:
    records = factorial(scores(), {}, TASKS, NETS) + factorial(scores(), {}, TASKS[:1], ("gru",))
    assert sentence(records, {}).endswith("; 1 architecture without a score on every task left out.")
    apart = factorial(scores(), {}, TASKS[:1], ("gru",)) + factorial(scores(), {}, TASKS[1:], ("mlp",))
    assert "none can be ranked over all of them" in sentence(apart, {})


def test_nothing_finished(factorial: Make, record: Callable[..., Record]) -> None:
    assert sentence([], FACTORS) == "Nothing has finished yet, so there is no answer."
    lost = [record(r.trial, None, outcome="crashed") for r in factorial(scores(), FACTORS)]
    assert sentence(lost, FACTORS).endswith("no answer; 36 of 36 runs did not finish (36 crashed).")


def test_nothing_that_makes_a_pair_finished(factorial: Make) -> None:
    records = [r for r in factorial(scores(), FACTORS) if r.trial.seed == 0][:1]
    assert sentence(records, FACTORS) == "No two runs that can be compared have finished."


@pytest.mark.parametrize("lost", [0, 1, 4, 11])
def test_any_loss_leaves_a_sentence(factorial: Make, record: Callable[..., Record], lost: int) -> None:
    """Every third run fails, or nothing but one arm is there, or an arm is gone: a sentence all the same."""
    records = factorial(scores(), FACTORS, TASKS, NETS)
    assert sentence(records[lost::3], FACTORS)
    assert sentence([r for i, r in enumerate(records) if i % 12 != lost], FACTORS)
    assert sentence(
        [record(r.trial, None, outcome="failed") if i % 12 < lost else r for i, r in enumerate(records)], FACTORS
    )
