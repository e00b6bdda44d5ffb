"""Company: what stands beside a leaderboard, so that nobody has to take our word for a good score."""

import pandas as pd
import streamlit as st

NONE = pd.DataFrame(columns=["task", "baseline", "mean", "low", "high", "unit", "n_seeds"])


def classical(tasks: tuple[str, ...], seeds: int) -> pd.DataFrame:
    """Models that are no networks, fitted now on the same splits; once for these tasks and seeds."""
    return _fitted(tasks, seeds)


@st.cache_data(max_entries=64, show_spinner="Fitting classical models on the same splits")
def _fitted(tasks: tuple[str, ...], seeds: int) -> pd.DataFrame:
    from suite.baselines import board  # imports torch, which a page that fits nothing does not need

    return board(tasks, range(seeds))


def beside(references: pd.DataFrame, fitted: pd.DataFrame, task: str) -> pd.DataFrame:
    """Both as rows for a chart of that task: a name that says what each is, and its score."""
    nan = float("nan")
    ours = [
        (f"{name} (classical)", mean, low, high)
        for at, name, mean, low, high in fitted[["task", "baseline", "mean", "low", "high"]].itertuples(index=False)
        if at == task
    ]
    published = {
        (f"{model} (published)", score, score - 2 * spread if spread else nan, score + 2 * spread if spread else nan)
        for at, model, score, spread in references[["task", "model", "published", "spread"]].itertuples(index=False)
        if at == task
    }
    rows = pd.DataFrame([*ours, *published], columns=["name", "mean", "low", "high"])
    return rows.sort_values("mean", ascending=False, ignore_index=True)
