"""An answer on a terminal: the sentence, the effects, the interactions, the leaderboard."""

from collections.abc import Sequence

import pandas as pd
from rich.console import Console

from suite.analysis import text
from suite.analysis.claims import Judgement
from suite.analysis.needed import said
from suite.answer import ALL, Answer
from suite.display import printable, tabulate
from suite.learning import Curves, ends
from suite.record import Record
from suite.trial import GROUP_OF

BARS = "▁▂▃▄▅▆▇█"
COST_NAMES = {"parameters": "parameters", "flops": "training FLOPs", "seconds": "seconds"}


def report(out: Console, answer: Answer) -> None:
    """What a sweep ends with."""
    out.print(printable(answer.plan.question), style="bold", soft_wrap=True)
    out.print(printable(answer.finding), soft_wrap=False)
    if len(answer.plan.architectures) > 1 and answer.standing != answer.finding:
        out.print(printable(answer.standing), soft_wrap=False)
    for judged in answer.verdicts:
        out.print(printable(f"{judged.sentence}. {judged.claim.says}"), soft_wrap=False)
    out.print()
    pooled = scope(answer.effects)
    if len(pooled):
        tabulate(out, effects(pooled), "Effects, pooled over tasks and architectures")
    interacting = scope(answer.interactions)
    if len(interacting):
        tabulate(out, interactions(interacting), "Interactions: how much one effect changes with the other factor")
    board = answer.leaderboard
    tabulate(out, leaderboard(board[board.task == ALL]), "Leaderboard over all tasks")
    tabulate(out, leaderboard(board[board.task != ALL]), "Leaderboard by task, at the setting that validation chose")
    if len(answer.references):
        tabulate(out, references(answer.references), "Beside published scores")
    if len(answer.failures):
        tabulate(out, answer.failures, "Not finished")


def searching(out: Console, answer: Answer) -> None:
    """What the search chose and took, where there was one."""
    if answer.searching:
        out.print(printable(f"{answer.searching[:1].upper()}{answer.searching[1:]}."), soft_wrap=True)


def scope(frame: pd.DataFrame, task: str = ALL, architecture: str = ALL) -> pd.DataFrame:
    """The rows of one task and architecture, or of the pools over them."""
    return frame[(frame.task == task) & (frame.architecture == architecture)]


def effects(rows: pd.DataFrame) -> pd.DataFrame:
    """Effects as people read them: a row per change."""
    shown = pd.DataFrame(
        {
            "factor": rows.factor,
            "change": [f"{a} → {b}" for a, b in zip(rows.reference, rows.level, strict=True)],
            "task": rows.task,
            "architecture": rows.architecture,
            "effect": _intervals(rows),
            "unit": rows.unit,
            "p_holm": rows.p_holm.map(text.p_value),
            "verdict": rows.verdict,
            "seeds needed": rows.seeds_needed.map(said),
            "mixed with": rows.aliases,
            "n_pairs": rows.n_pairs,
            "n_seeds": rows.n_seeds,
            "n_missing": rows.n_missing,
            "d_z": rows.d_z.map(text.signed),
            "pairing": rows.variance_ratio.map(_times),
            "p exact": rows.p_sign_flip.map(text.p_value),
            "between": rows.between_sd.map(text.number),
            "I2": rows.i2.map("{:.0%}".format),
        }
    )
    unknown = {"mixed with": not rows.aliases.any(), "p exact": rows.p_sign_flip.isna().all()}
    unknown |= {"between": rows.between_sd.isna().all(), "I2": rows.i2.isna().any()}
    return _without_constants(shown.drop(columns=[name for name, gone in unknown.items() if gone]))


def interactions(rows: pd.DataFrame) -> pd.DataFrame:
    """Interactions as people read them: how much the one change is worth more where the other is made too."""
    sides = ("a", "b")
    changes = {
        side: [
            f"{factor} {reference} → {level}"
            for factor, reference, level in zip(
                rows[f"factor_{side}"], rows[f"reference_{side}"], rows[f"level_{side}"], strict=True
            )
        ]
        for side in sides
    }
    shown = pd.DataFrame(
        {
            "change": changes["a"],
            "with": changes["b"],
            "task": rows.task.to_numpy(),
            "architecture": rows.architecture.to_numpy(),
            "interaction": _intervals(rows),
            "p_holm": rows.p_holm.map(text.p_value).to_numpy(),
            "verdict": rows.verdict.to_numpy(),
            "n_pairs": rows.n_pairs.to_numpy(),
        }
    )
    return _without_constants(shown)


def leaderboard(rows: pd.DataFrame) -> pd.DataFrame:
    """A board as people read it: rank intervals, and a letter shared by those who cannot be told apart."""
    factors = [name for name in GROUP_OF if name in rows.columns]
    shown = pd.DataFrame(
        {
            "rank": [
                "-" if pd.isna(low) else text.ranks(low, high)
                for low, high in zip(rows.rank_low, rows.rank_high, strict=True)
            ],
            "architecture": rows.architecture,
            "task": rows.task,
            **{name: rows[name] for name in factors},
            "score": [text.score(*values) for values in zip(rows["mean"], rows.low, rows.high, strict=True)],
            "unit": rows.unit,
            "tie": rows.tie_group.map(text.ties),
            "n_seeds": rows.n_seeds,
            "n_failed": rows.n_failed,
            "seeds needed": rows.seeds_needed.map(said),
            "coverage": rows.coverage.map("{:.0%}".format),
            "parameters": rows.parameters.round().astype("Int64"),
            "seconds": rows.seconds.round(2),
        }
    )
    return _without_constants(shown).dropna(axis="columns", how="all")


def curves(found: Curves) -> pd.DataFrame:
    """Where arms ended, and how they came there."""
    rows = ends(found)
    means = {line: one["mean"].tolist() for line, one in found.means.groupby(["task", "arm"], sort=False)}
    return pd.DataFrame(
        {
            "task": rows.task,
            "arm": rows.arm,
            "at the last step": [text.score(*values) for values in zip(rows["mean"], rows.low, rows.high, strict=True)],
            "step": rows.step,
            "runs": [f"{n} of {whole}" for n, whole in zip(rows.n, rows.n_runs, strict=True)],
            "curve": [sparkline(means[line]) for line in zip(rows.task, rows.arm, strict=True)],
        }
    )


def spending(rows: pd.DataFrame, cost: str) -> pd.DataFrame:
    """Competitors against one cost, and who is on the front."""
    amount = text.seconds if cost == "seconds" else text.amount
    shown = pd.DataFrame(
        {
            "front": ["yes" if there else "" for there in rows.front],
            "competitor": rows.competitor,
            "task": rows.task,
            "score": [text.score(*values) for values in zip(rows["mean"], rows.low, rows.high, strict=True)],
            "unit": rows.unit,
            COST_NAMES[cost]: rows.paid.map(amount),
            "from": rows.least.map(amount),
            "to": rows.most.map(amount),
            "share of draws": ["-" if share != share else f"{share:.0%}" for share in rows.front_share],
            "n_seeds": rows.n_seeds,
            "n_failed": rows.n_failed,
        }
    )
    same = (rows.least == rows.most).all()
    return _without_constants(shown.drop(columns=["from", "to"] if same else []))


def tuning(rows: pd.DataFrame) -> pd.DataFrame:
    """What every arm chose for itself as people read it; the search's own columns last."""
    shown = rows.drop(columns=["id"]).assign(valid=rows.valid.map(text.number), seconds=rows.seconds.round(2))
    shown = shown.rename(columns={"valid": "best valid", "n_tried": "tried", "n_lost": "lost"})
    return shown.assign(chosen_by=rows["id"])


def verdicts(judged: Sequence[Judgement]) -> pd.DataFrame:
    """Claims as people read them."""
    return pd.DataFrame(
        {
            "claim": [one.claim.id for one in judged],
            "says": [one.claim.says for one in judged],
            "expects": [one.claim.expects for one in judged],
            "verdict": [one.verdict for one in judged],
            "effect": [text.effect(one.effect, one.low, one.high) for one in judged],
            "unit": [one.unit for one in judged],
            "p_holm": [text.p_value(one.p_holm) for one in judged],
            "n_seeds": [one.n_seeds for one in judged],
            "n_tasks": [one.n_tasks for one in judged],
            "n_missing": [one.n_missing for one in judged],
        }
    )


def references(rows: pd.DataFrame) -> pd.DataFrame:
    """Published scores beside ours as people read them."""
    return pd.DataFrame(
        {
            "task": rows.task,
            "architecture": rows.architecture,
            "score": [text.score(*values) for values in zip(rows["mean"], rows.low, rows.high, strict=True)],
            "unit": rows.unit,
            "n_seeds": rows.n_seeds,
            "published": rows.published.map(text.number),
            "model": rows.model,
            "ours": rows.compared,
            "source": rows.source,
        }
    )


def baselines(rows: pd.DataFrame) -> pd.DataFrame:
    """Classical baselines as people read them, the best of each task first."""
    ordered = rows.sort_values(["task", "mean"], ascending=[True, False])
    numbers = zip(ordered["mean"], ordered.low, ordered.high, strict=True)
    return pd.DataFrame(
        {
            "task": ordered.task,
            "baseline": ordered.baseline,
            "score": [text.score(*values) for values in numbers],
            "unit": ordered.unit,
            "n_seeds": ordered.n_seeds,
        }
    )


def card(out: Console, study: str, record: Record, also: Sequence[tuple[str, str]] = ()) -> None:
    """One record: what was asked, what came out, what it took, what gave it, and what else is known of it."""
    trial, result, cost, by = record.trial, record.result, record.cost, record.provenance
    rows = [
        ("trial", record.id),
        ("study", study),
        ("task", trial.task),
        ("architecture", trial.architecture),
        ("seed", str(trial.seed)),
        ("setting", ", ".join(setting(record))),
        ("outcome", result.outcome + (f" after {result.steps} steps" if result.steps else "")),
        ("message", result.message or ""),
        (f"test {record.metric}", "-" if result.test is None else text.number(result.test)),
        (f"valid {record.metric}", "-" if result.valid is None else text.number(result.valid)),
        ("loss", sparkline([point.loss for point in result.curve])),
        ("valid", sparkline([point.valid for point in result.curve])),
        ("cost", f"{cost.parameters:,} parameters, {text.amount(cost.flops)} FLOPs, {cost.seconds:.2f} s"),
        ("weights", result.weights or "-"),
        ("source", by.source),
        ("data", by.data),
        ("commit", f"{by.commit or 'none'}{' with changes' if by.dirty else ''}"),
        ("numerics", ", ".join(f"{key} {value}" for key, value in by.numerics.items())),
        *also,
    ]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        if value:
            out.print(f"{name:<{width}}  {printable(value)}", soft_wrap=True)


def setting(record: Record) -> list[str]:
    """The levels of all factors: norm layer, depth 8."""
    return [f"{name} {level}" for name, level in record.trial.levels.items()]


def sparkline(values: Sequence[float]) -> str:
    """A curve in one line, with its first and last value."""
    if not values:
        return ""
    low, span = min(values), max(values) - min(values) or 1.0
    bars = "".join(BARS[int((value - low) / span * (len(BARS) - 1))] for value in values)
    return f"{text.number(values[0])} {bars} {text.number(values[-1])}"


def _times(ratio: float) -> str:
    """How many times more seeds unpaired runs would need."""
    return "unknown" if pd.isna(ratio) else f"{ratio:.3g}x"


def _intervals(rows: pd.DataFrame) -> list[str]:
    return [text.effect(*values) for values in zip(rows.effect, rows.low, rows.high, strict=True)]


def _without_constants(shown: pd.DataFrame) -> pd.DataFrame:
    """Leave out scope columns that say the same in every row."""
    same = [name for name in ("task", "architecture") if name in shown and (shown[name] == ALL).all()]
    nothing = ("n_missing", "n_failed", "parameters", "seconds")
    same += [name for name in nothing if name in shown and (shown[name] == 0).all()]
    return shown.drop(columns=same)
