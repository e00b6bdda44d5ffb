"""Findings: one sentence for each page, with its number, its interval and what it was counted from."""

from collections.abc import Callable

import pandas as pd

from dashboard.words import changes, headed, of_all, scores
from suite.analysis import text, wording


def worths(rows: pd.DataFrame) -> str:
    """What the levels of a factor are worth over all tasks or architectures asked for, the clearest in full."""
    known = rows[rows["effect"].notna()]
    if known.empty:
        return "No two finished runs differ in this factor alone."
    clear = wording.clearest(known)
    moved = wording.changing(clear["factor"], clear["reference"], clear["level"])
    others = f"the clearest of {len(rows)}; " if len(rows) > 1 else ""
    pairs = f"{text.count(int(clear['n_seeds']), 'seed')}, {of_all(known.loc[[clear.name]])[0]} pairs"
    worth = f"{wording.worth(clear)} {clear['unit']}, {clear['verdict']}"
    return f"{moved[:1].upper()}{moved[1:]} is worth {worth} ({others}{wording.certainty(clear)}, {pairs})."


def together(rows: pd.DataFrame, one: str, other: str) -> str:
    """What two factors give together beyond the sum of each alone, by the clearest of their interactions."""
    known = rows[rows["effect"].notna()]
    if known.empty:
        return (
            f"Whether {one} and {other} depend on each other cannot be told: no 4 finished runs differ in them alone."
        )
    clear = wording.clearest(known)
    here = known.loc[[clear.name]]
    first = f" (the clearest of {len(rows)})" if len(rows) > 1 else ""
    return (
        f"{changes(here, 'a')[0]} and {changes(here, 'b')[0]} together give {wording.worth(clear)} {clear['unit']} "
        f"beyond the sum of each alone: {clear['verdict']}{first}; {wording.certainty(clear)}, "
        f"{text.count(int(clear['n_seeds']), 'seed')}, {of_all(here)[0]} comparisons."
    )


def ended(ends: pd.DataFrame, value: str, arms: int) -> str:
    """Who ended best, and with which number; of several tasks, on how many."""
    lowest = value == "loss"
    best = ends.loc[ends.groupby("task", sort=False)["mean"].agg("idxmin" if lowest else "idxmax")]
    winner = best["arm"].mode().iloc[0]
    wins = best[best["arm"] == winner]
    first = wins.iloc[0]
    number = f"{text.score(first['mean'], first['low'], first['high'])} ({text.count(int(first['n']), 'seed')})"
    where = f"on {len(wins)} of {len(best)} tasks, on {first['task']}" if len(best) > 1 else f"on {first['task']}"
    drawn = f"of {text.count(ends['arm'].nunique(), 'arm')} drawn and {arms:,} in the study"
    return f"{winner} ended {'lowest' if lowest else 'highest'} {where} at {number}, {drawn}."


def frontier(entries: pd.DataFrame, amount: Callable[[float], str]) -> str:
    """Who is on the front, from the cheapest to the best, and what that buys."""
    best = entries[entries["front"]].sort_values("paid")
    counted = f"{len(best)} of {len(entries)} {'is' if len(best) == 1 else 'are'} on the front"
    if best.empty:
        return f"{counted}."
    first, last = ((row, scores(best.loc[[row.name]])[0]) for row in (best.iloc[0], best.iloc[-1]))
    seeds = text.count(int(best["n_seeds"].min()), "seed")
    cheapest = f"{first[0]['competitor']} is the cheapest, {first[1]} {first[0]['unit']} for {amount(first[0]['paid'])}"
    if len(best) == 1:
        return f"{counted}: {cheapest}, and nobody is better ({seeds})."
    dearest = f"{last[0]['competitor']} is the best, {last[1]} for {amount(last[0]['paid'])}"
    return f"{counted}: {cheapest}; {dearest} ({seeds})."


def verdicts(rows: pd.DataFrame, all_there: int) -> str:
    """How many claims have which verdict, and the clearest of them in full."""
    counts = rows["verdict"].value_counts()
    counted = text.listed([f"{count:,} {verdict}" for verdict, count in counts.items()])
    of = f"{text.count(len(rows), 'claim')}" if len(rows) == all_there else f"{len(rows):,} of {all_there:,} claims"
    judged = rows[rows["p_holm"].notna()].sort_values("p_holm", kind="stable")
    clearest = f" The clearest: {judged['sentence'].iloc[0]}." if len(judged) else ""
    return f"{of}: {counted or 'none'}.{clearest}"


def standing(board: pd.DataFrame) -> str:
    """One sentence on a board: who leads, by which score, who cannot be told apart, and who is not ranked."""
    ranked, rest = board[board["rank_low"].notna()], board[board["rank_low"].isna()]
    missing = f"scores are missing for {headed(rest['architecture'])}"
    if ranked.empty:
        return f"No architecture can be ranked: {missing}." if len(rest) else "There is nothing to rank yet."
    top = ranked.iloc[0]
    score = text.score(top["mean"], top["low"], top["high"])
    lead = f"{top['architecture']} has the highest {top['unit']}, {score} ({text.count(int(top['n_seeds']), 'seed')})"
    return f"{lead}{_apart(ranked)}.{f' Not ranked: {missing}.' if len(rest) else ''}"


def scattered(boards: pd.DataFrame) -> str:
    """One sentence on boards of single tasks where nobody has them all, so that there is none for all of them."""
    ranked = boards[boards["rank_low"].notna()]
    tasks = text.count(boards["task"].nunique(), "task")
    firsts = ranked.groupby("task", sort=False).head(1)["architecture"].value_counts()
    most = f"{firsts.index[0]} is first on {firsts.iloc[0]} of them"
    clear = sum(1 for _, rows in ranked.groupby("task") if len(rows) > 1 and not tied(rows))
    seeds = text.count(int(ranked["n_seeds"].min()), "seed")
    return (
        f"No architecture can be ranked over all {tasks}, as none has a score on each. {most}; on {clear} the first is "
        f"told apart from every other (at least {seeds})."
    )


def _apart(ranked: pd.DataFrame) -> str:
    if len(ranked) == 1:
        return ""
    same = tied(ranked)
    return f", but cannot be told apart from {headed(same)}" if same else ", told apart from every other"


def tied(ranked: pd.DataFrame) -> list[str]:
    """Who, of a ranked board, cannot be told apart from its first."""
    letters = set(ranked["tie_group"].iloc[0])
    below = ranked.iloc[1:]
    return list(below["architecture"][[bool(letters & set(group)) for group in below["tie_group"]]])
