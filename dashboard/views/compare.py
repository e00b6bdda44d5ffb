"""Compare: all with all, in every way there is to say who is better, and how sure that is."""

import pandas as pd
import streamlit as st

from dashboard import colours, contests, frame, lines, scope, theme, words
from dashboard.colours import Looks
from dashboard.store import readable
from suite import versus
from suite.analysis import text
from suite.analysis.comparison import Comparison
from suite.analysis.field import ARCHITECTURE
from suite.analysis.needed import said
from suite.answer import ALL, Answer

SCORES, PROFILES, RANKS, PAIRS, STRENGTHS, SEEDS = "Scores", "Profiles", "Ranks", "Pairs", "Strengths", "Seeds needed"
TABLES = {SCORES: "aggregates", RANKS: "ranks", PAIRS: "pairwise", STRENGTHS: "bradley_terry"}
OPEN = (STRENGTHS, PAIRS)  # also where nobody has every task
NAMED = 6  # lines with a colour of their own
HOW = {
    SCORES: "The mean of the middle half of all runs, in normalised scores: 0 is the best constant answer, 1 is "
    "perfect. Bars are 95% bootstrap intervals over seeds inside each task.",
    PROFILES: "How many of its runs are above each score, each task counting alike; bands are 95% bootstrap intervals. "
    "A line that is everywhere above another is better at every level, not only on average.",
    RANKS: "The mean of the ranks on each task, 1 the best. A bar joins those that no pair of which is separated by "
    "Wilcoxon's test over tasks with Holm's correction. Place: where it would stand on other draws of the tasks.",
    PAIRS: "How often a run of the first is better than a run of the other with the same task and seed; ties count a "
    "half. A hollow point has an interval that holds a half. Probabilities are for another task.",
    STRENGTHS: "Elo points by Bradley and Terry around 0: 100 points more are 64% of duels won. Bars are 95% "
    "bootstrap intervals over tasks.",
    SEEDS: "How many seeds would probably (power 80%) tell each from the next below, if they differ by what they seem "
    "to differ by now. Those that are told apart already have no bar.",
}


def show() -> None:
    study = frame.opened().answer
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = _by(study)
        task = scope.task([name for name in study.plan.tasks if (study.table["task"] == name).any()])
    try:
        told = study.compare(by, None if task == ALL else task)
    except ValueError as problem:
        why = f"{str(problem)[:1].upper()}{str(problem)[1:]}."
        frame.empty("These cannot be compared", why, words.command("wonderland", "effects", study.plan.name))
        return
    whole = bool(told.field.complete.names)
    views = [view for view in (HOW if whole else OPEN) if view != SEEDS or by == ARCHITECTURE]
    picked = st.segmented_control("Look at", views, default=views[0], required=True, key="part", bind="query-params")
    view = picked or views[0]
    with readable(), st.spinner("Comparing all with all"):
        frame.finding(_head(versus.headline(told)))
        if not whole:
            frame.notice("All tasks together, only those that meet can be compared; choose a task for all the rest.")
        VIEWS[view](study, told, task)
    st.caption(" ".join([HOW[view], *versus.notes(told, TABLES.get(view, view))]))
    asked = ["--by", by, *scope.options(task, ALL)]
    if view == SEEDS:
        frame.terminal("wonderland", "leaderboard", study.plan.name, *scope.options(task, ALL))
    else:
        form = ["--json"] if view == PROFILES else []
        frame.terminal("wonderland", "compare", study.plan.name, *asked, *form)


def _head(sentence: str) -> str:
    return f"{sentence[:1].upper()}{sentence[1:].removesuffix('.')}."


def _by(study: Answer) -> str:
    """Architectures, or the levels of a factor."""
    several = [name for name, levels in study.plan.factors.items() if len(levels) > 1]
    choices = [*([ARCHITECTURE] if len(study.plan.architectures) > 1 or not several else []), *several]
    return st.selectbox("What to compare", choices, key="by_what", bind="query-params", width=frame.PICKER)


def _looks(study: Answer, told: Comparison, names: list[str]) -> Looks:
    if told.field.by == ARCHITECTURE:
        return colours.of_architectures(names, theme.current())
    return colours.of_levels(names, study.plan.factors[told.field.by], theme.current())


def _scores(study: Answer, told: Comparison, task: str) -> None:
    rows = told.aggregates
    known = rows[rows["iqm"].notna()]
    drawn = _interval(known, "iqm", "iqm_low", "iqm_high", [text.score(*v) for v in _triples(known, "iqm")])
    _both(study, told, drawn, "interquartile mean", SCORES, signed=False)


def _ranks(study: Answer, told: Comparison, task: str) -> None:
    rows = told.ranks
    known = rows[rows["average_rank"].notna()]
    drawn = _interval(known, "average_rank", "average_rank", "average_rank", known["average_rank"].map(text.number))
    drawn = drawn.assign(low=float("nan"), high=float("nan"), tie_group=known["cliques"].to_list())
    _both(study, told, drawn, "average rank", RANKS, signed=False)


def _strengths(study: Answer, told: Comparison, task: str) -> None:
    rows = told.bradley_terry
    known = rows[rows["elo"].notna()]
    drawn = _interval(known, "elo", "low", "high", versus.bradley_terry(known)["elo"])
    _both(study, told, drawn, "Elo points", STRENGTHS, signed=True)


def _interval(rows: pd.DataFrame, value: str, low: str, high: str, told: "pd.Series | list[str]") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "competitor": rows["competitor"].to_list(),
            "value": rows[value].to_list(),
            "low": rows[low].to_list(),
            "high": rows[high].to_list(),
            "told": list(told),
        }
    )


def _triples(rows: pd.DataFrame, name: str) -> "zip[tuple[float, float, float]]":
    return zip(rows[name], rows[f"{name}_low"], rows[f"{name}_high"], strict=True)


def _both(study: Answer, told: Comparison, drawn: pd.DataFrame, title: str, view: str, *, signed: bool) -> None:
    """The chart, and beside it the table that `wonderland compare` prints."""
    left, right = st.columns([7, 13] if view == SCORES else [9, 11], gap="medium")
    if len(drawn):
        chart = contests.standing(
            drawn, title, _looks(study, told, list(drawn["competitor"])), theme.current(), signed=signed
        )
        with left:
            frame.draw(chart, TABLES[view])
    with right if len(drawn) else left:
        said, tall = (frame.described(chart), int(chart.height)) if len(drawn) else ("Nothing can be compared.", None)
        _table(study, told, view, said, tall)


def _table(study: Answer, told: Comparison, view: str, said_of: str, tall: int | None = None) -> None:
    part = TABLES[view]
    full = getattr(told, part)
    shown = versus.SHOWN[part](full)
    shown.columns = [str(name).removeprefix("n_").replace("_", " ") for name in shown.columns]
    shown = shown.rename(columns=lambda name: "IQM" if name == "iqm" else f"{name[:1].upper()}{name[1:]}")
    right = [name for name in shown.columns if name not in ("Competitor", "Against", "Cliques")]
    frame.tabulate(shown, full, f"{study.plan.name}-{part}", said_of, frame.right(*right), tall)


def _profiles(study: Answer, told: Comparison, task: str) -> None:
    rows = told.profiles
    if rows.empty:
        st.text("Nobody has a finished run on every task, so there is no profile.", width="stretch")
        return
    best = [name for name in told.aggregates["competitor"] if name in set(rows["competitor"])]
    picked = st.multiselect(
        "In colour", best, key="profiled", bind="query-params", max_selections=NAMED, placeholder=f"The best {NAMED}"
    )
    names = picked or best[:NAMED]
    looks = colours.dashed(_looks(study, told, names))
    frame.draw(lines.key(names, looks, theme.current()), "key")
    chart = contests.profiles(rows, names, looks, theme.current())
    frame.draw(chart, "profiles")
    wide = rows[(rows["threshold"] * 10 % 1).round(6).isin([0.0, 1.0])]
    shown = wide.assign(share=wide["share"].map("{:.0%}".format)).pivot(
        index="competitor", columns="threshold", values="share"
    )
    shown = shown.reindex(best).rename(columns="> {:.1f}".format).rename_axis("Competitor", axis=0)
    shown = shown.rename_axis(None, axis=1).reset_index()
    frame.tabulate(
        shown, rows, f"{study.plan.name}-profiles", frame.described(chart), frame.right(*list(shown.columns)[1:])
    )
    if len(best) > len(names):
        st.caption(f"{len(names)} of {len(best)} in colour, the others in grey; the table has all of them.")


def _pairs(study: Answer, told: Comparison, task: str) -> None:
    """The best against everybody as a chart, and every pair as a table."""
    rows = told.pairwise
    if rows.empty:
        st.text("No two of them meet on a task and seed.", width="stretch")
        return
    meets = set(rows["competitor"]) | set(rows["other"])
    order = told.aggregates if told.field.complete.names else told.bradley_terry
    names = [name for name in order["competitor"] if name in meets]
    name = st.selectbox("Against all others", names, key="against", bind="query-params", width=frame.PICKER)
    mine = _of(rows, name).sort_values("improvement", ascending=False)
    chart = contests.chances(mine, theme.current())
    frame.draw(chart, "pairs")
    _table(study, told, PAIRS, frame.described(chart))


def _of(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """The pairs of one competitor, seen from its side."""
    ours, theirs = rows[rows["competitor"] == name], rows[rows["other"] == name]
    turned = theirs.assign(
        competitor=name,
        other=theirs["competitor"],
        improvement=1 - theirs["improvement"],
        improvement_low=1 - theirs["improvement_high"],
        improvement_high=1 - theirs["improvement_low"],
    )
    return pd.concat([ours, turned], ignore_index=True)


def _seeds(study: Answer, told: Comparison, task: str) -> None:
    board = study.leaderboard
    board = board[(board["task"] == task) & board["rank_low"].notna()].reset_index(drop=True)
    if not board["seeds_needed"].notna().any():
        st.text("All neighbours in rank are told apart, or cannot be.", width="stretch")
        return
    chart = contests.seeds(board, theme.current())
    frame.draw(chart, "seeds")
    shown = pd.DataFrame(
        {
            "Rank": words.ranks(board),
            "Architecture": board["architecture"],
            "Next below": [*board["architecture"][1:], "-"],
            "Seeds now": board["n_seeds"],
            "Seeds needed": board["seeds_needed"].map(said),
        }
    )
    frame.tabulate(
        shown, board, f"{study.plan.name}-seeds", frame.described(chart), frame.right("Rank", "Seeds needed")
    )


VIEWS = {
    SCORES: _scores,
    PROFILES: _profiles,
    RANKS: _ranks,
    PAIRS: _pairs,
    STRENGTHS: _strengths,
    SEEDS: _seeds,
}

show()
