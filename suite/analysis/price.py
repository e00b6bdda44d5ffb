"""The price: what the highest score costs beside the cheaper ones, as the end of a sentence."""

import pandas as pd

from suite.analysis import text

FLOPS = "training FLOPs"


def price(ranked: pd.DataFrame) -> str:
    """Of a leaderboard's ranked rows of one scope, in order; "" where there is nothing cheaper or dearer to compare.

    Against the cheapest that the data cannot tell apart from the first; without any, against the best that is cheaper.
    """
    if len(ranked) < 2 or not (ranked["flops"] > 0).all() or ranked["flops"].nunique() == 1:
        return ""
    top, rest = ranked.iloc[0], ranked.iloc[1:]
    cheaper = rest[rest["flops"] < top["flops"]]
    if cheaper.empty:
        return f", and none of the others takes fewer {FLOPS}"
    tied = cheaper[[bool(set(group) & set(top["tie_group"])) for group in cheaper["tie_group"]]]
    if len(tied):
        other = tied.sort_values("flops", kind="stable").iloc[0]
        return f", at {_times(top, other)} {other['architecture']}, the cheapest of these"
    other = cheaper.iloc[0]
    level = text.score(other["mean"], other["low"], other["high"])
    return f", at {_times(top, other)} {other['architecture']}, the best of those that take fewer, with {level}"


def _times(top: pd.Series, other: pd.Series) -> str:
    times = top["flops"] / other["flops"]
    return f"{f'{times:,.0f}' if times >= 10 else f'{times:.2g}'}x the {FLOPS} of"
