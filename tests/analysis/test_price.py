"""The price of the highest score, in a sentence."""

from collections.abc import Callable

from suite.analysis.finding import finding, standing
from suite.analysis.table import table
from suite.record import Record
from suite.trial import Trial

Make = Callable[..., list[Record]]
WORTH = {"mamba": 0.9, "gru": 0.8, "mlp": 0.7}


def priced(records: list[Record], flops: dict[str, int]) -> list[Record]:
    return [
        r.model_copy(update={"cost": r.cost.model_copy(update={"flops": flops[r.trial.architecture]})}) for r in records
    ]


def score(trial: Trial) -> float:
    return WORTH[trial.architecture] + 0.002 * ((trial.seed * 7 + len(trial.architecture)) % 5)


def told(factorial: Make, flops: dict[str, int], at: Callable[[Trial], float] = score) -> str:
    return standing(table(priced(factorial(at, {}, ("image/digits",), WORTH, seeds=6), flops)), {})


def test_the_best_is_dearer_than_the_next(factorial: Make) -> None:
    said = told(factorial, {"mamba": 3000, "gru": 1000, "mlp": 500})
    assert said.startswith("The highest accuracy on image/digits of 3 architectures is that of mamba, 0.90")
    assert "at 3x the training FLOPs of gru, the best of those that take fewer, with 0.80" in said


def test_hundreds_of_times_are_said_in_full(factorial: Make) -> None:
    assert "at 1,234x the training FLOPs of gru" in told(factorial, {"mamba": 123400, "gru": 100, "mlp": 50})


def test_the_best_is_the_cheapest(factorial: Make) -> None:
    assert "and none of the others takes fewer training FLOPs" in told(factorial, {"mamba": 1, "gru": 3, "mlp": 2})


def test_who_is_tied_with_the_best_and_cheaper_is_named(factorial: Make) -> None:
    def tied(trial: Trial) -> float:
        return 0.8 + 0.05 * ((trial.seed * 7 + 3 * len(trial.architecture)) % 5)

    said = told(factorial, {"mamba": 1000, "gru": 500, "mlp": 2000}, tied)
    assert "cannot tell apart" in said
    assert "x the training FLOPs of" in said or "none of the others takes fewer" in said


def test_nothing_is_said_where_all_cost_the_same(factorial: Make) -> None:
    assert "FLOPs" not in told(factorial, dict.fromkeys(WORTH, 5))


def test_an_effect_inside_the_margin_is_said_to_be_there(factorial: Make) -> None:
    factors = {"norm": ("none", "layer")}

    def same(trial: Trial) -> float:
        on = trial.tricks.norm == "layer"
        return 0.7 + 0.001 * on * ((-1) ** trial.seed)

    rows = table(factorial(same, factors, ("image/digits",), ("mlp",), seeds=8))
    assert "lies inside the margin of 0.01" in finding(rows, factors, margin=0.01)
    assert "inconclusive" in finding(rows, factors)
