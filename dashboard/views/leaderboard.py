"""Leaderboard: who is best on a task, and how sure that is; in a study, or on the published board."""

import pandas as pd
import streamlit as st

from dashboard import charts, company, findings, frame, published, scope, theme, words
from dashboard.store import readable
from suite.analysis import text
from suite.analysis.needed import said
from suite.answer import ALL, Answer

HERE, PUBLISHED = "This study", "Published board"
NAME = st.column_config.TextColumn(width=140)
NUMBERS = ("Rank", "Score", "Seeds to next", "Tasks", "Parameters", "FLOPs", "Time")
HOW = (
    "Test score, mean over seeds with its 95% interval. Each architecture runs with the setting that validation chose. "
    "Ranks that the data cannot tell apart are a range, and a bar with their letter joins them. Seeds to next: how "
    "many would probably tell one from the next below."
)
BESIDE = "Grey rows are no entries: classical models on the same splits, and scores as they were published."


def show() -> None:
    which = st.segmented_control(
        "Board", [HERE, PUBLISHED], default=HERE, required=True, key="board", bind="query-params"
    )
    if which == PUBLISHED:
        published.show()
        return
    _study(frame.opened().answer)


def _study(study: Answer) -> None:
    with readable():
        boards = study.leaderboard
    tasks = [task for task in study.plan.tasks if (boards["task"] == task).any()]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        task = scope.task(tasks)
        asked = st.toggle("Fit classical models beside", key="baselines", bind="query-params")
    board = boards[boards["task"] == task].reset_index(drop=True)
    single = boards[boards["task"] != ALL]
    scattered = task == ALL and not board["rank_low"].notna().any() and single["rank_low"].notna().any()
    frame.finding(findings.scattered(single) if scattered else findings.standing(board))
    with readable():
        known = study.references
        fitted = company.classical(tuple(tasks) if task == ALL else (task,), study.plan.seeds) if asked else None
    known = known[known["task"].isin(tasks if task == ALL else [task])]
    if scattered:
        _leaders(study, single)
    else:
        _ranking(study, board, task, known, fitted)
    if task == ALL:
        if not scattered:
            _leaders(study, single)
        _by_task(study, single)
    if scattered:
        _coverage(study, board)
    _company(study, known, fitted)
    _tuned(study, task)
    if len(study.plan.architectures) > 1:
        link = {"study": study.plan.name} | ({} if task == ALL else {"task": task})
        st.page_link("views/compare.py", label="Compare all with all", query_params=link)
    options = [*scope.options(task, ALL), *(["--baselines"] if asked else [])]
    frame.terminal("wonderland", "leaderboard", study.plan.name, *options)


def _ranking(study: Answer, board: pd.DataFrame, task: str, known: pd.DataFrame, fitted: pd.DataFrame | None) -> None:
    st.subheader("Who is best, and how sure is that?", anchor=False)
    if board["rank_low"].notna().any():
        company_of = company.beside(known, company.NONE if fitted is None else fitted, task) if task != ALL else None
        frame.draw(charts.ranks(board, theme.current(), company_of), "ranks")
        st.caption(f"{HOW} {BESIDE}" if company_of is not None and len(company_of) else HOW)
    _table(study, board, task)


def _table(study: Answer, board: pd.DataFrame, task: str) -> None:
    shown = _ranked(board).drop(columns=[] if task == ALL else ["Tasks"])
    if (shown["Seeds to next"] == "-").all():
        shown = shown.drop(columns="Seeds to next")
    if task != ALL and study.plan.factors:
        shown.insert(2, "Setting", [_setting(row, list(study.plan.factors)) for _, row in board.iterrows()])
    name = f"{study.plan.name}-leaderboard"
    frame.tabulate(shown, board, name, findings.standing(board), frame.right(*NUMBERS))


def _ranked(board: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Rank": words.ranks(board),
            "Architecture": board["architecture"],
            "Score": words.scores(board),
            "Ties": board["tie_group"],
            "Seeds to next": board["seeds_needed"].map(said),
            "Seeds": board["n_seeds"],
            "Tasks": [f"{row['n_tasks']} ({row['coverage']:.0%})" for _, row in board.iterrows()],
            "Failed": board["n_failed"],
            "Missing": board["n_missing"],
            "Parameters": board["parameters"].map(words.amount),
            "FLOPs": board["flops"].map(words.amount),
            "Time": board["seconds"].map(words.seconds),
        }
    )


def _coverage(study: Answer, board: pd.DataFrame) -> None:
    """Where nobody is ranked, only how much there is of everybody; who has most comes first."""
    st.subheader("Who has how many tasks?", anchor=False)
    most = board.sort_values("n_tasks", ascending=False, kind="stable")
    shown = _ranked(most)[["Architecture", "Tasks", "Seeds", "Failed", "Missing"]]
    told = f"The most that any architecture has is {text.count(int(most['n_tasks'].iloc[0]), 'task')}."
    frame.tabulate(shown, most, f"{study.plan.name}-coverage", told, frame.right("Tasks"))


def _leaders(study: Answer, boards: pd.DataFrame) -> None:
    """Who is first on every task, and who might as well be."""
    st.subheader("Who leads on each task?", anchor=False)
    ranked = boards[boards["rank_low"].notna()]
    tops = ranked.groupby("task").head(1).set_index("task").reindex(list(study.plan.tasks)).dropna(subset=["mean"])
    groups = [ranked[ranked["task"] == task] for task in tops.index]
    shown = pd.DataFrame(
        {
            "Task": tops.index,
            "First": tops["architecture"].to_list(),
            "Score": words.scores(tops),
            "Unit": tops["unit"].to_list(),
            "Cannot be told apart from": [words.headed(findings.tied(group)) or "-" for group in groups],
            "Ranked": [f"{len(group)} of {(boards['task'] == group['task'].iloc[0]).sum()}" for group in groups],
            "Seeds": tops["n_seeds"].to_list(),
        }
    )
    clear = sum(1 for group in groups if not findings.tied(group))
    told = f"On {clear} of {text.count(len(groups), 'task')} the first is told apart from every other."
    frame.tabulate(
        shown, tops.reset_index(), f"{study.plan.name}-leaders", told, {"First": NAME, **frame.right("Score", "Ranked")}
    )


def _by_task(study: Answer, boards: pd.DataFrame) -> None:
    """Every score on every task; what is missing is said, not left out. The longer list goes down the page."""
    st.subheader("What did they score on each task?", anchor=False)
    down, across = ("task", study.plan.tasks), ("architecture", study.plan.architectures)
    if len(across[1]) > len(down[1]):
        down, across = across, down
    cells = boards.assign(score=words.scores(boards))
    grid = cells.pivot(index=down[0], columns=across[0], values="score").reindex(list(down[1]), columns=list(across[1]))
    shown = grid.astype(object).fillna("no runs").rename_axis(index=down[0].capitalize(), columns=None).reset_index()
    missing = int((boards["n_tasks"] == 0).sum())
    scores = text.count(len(boards) - missing, "score")
    told = f"{scores} of architectures on tasks, {missing} missing."
    stays = {down[0].capitalize(): st.column_config.TextColumn(pinned=True)}
    frame.tabulate(shown, boards, f"{study.plan.name}-by-task", told, stays | frame.right(*map(str, grid)))


def _company(study: Answer, known: pd.DataFrame, fitted: pd.DataFrame | None) -> None:
    """What stands beside, as tables."""
    if len(known):
        st.subheader("How do published scores compare?", anchor=False)
        published.references(known, f"{study.plan.name}-references")
    if fitted is not None:
        st.subheader("How good are classical models?", anchor=False)
        published.classical(fitted, f"{study.plan.name}-classical")


def _tuned(study: Answer, task: str) -> None:
    """What every arm chose for itself on validation, and what that cost."""
    rows = study.search if task == ALL else study.search[study.search["task"] == task]
    if rows.empty:
        return
    st.subheader("What did each choose for itself?", anchor=False)
    st.text(f"{study.searching[:1].upper()}{study.searching[1:]}.", width="stretch")
    shown = pd.DataFrame(
        {
            "Task": rows["task"],
            "Architecture": rows["architecture"],
            **{name.replace("_", " ").capitalize(): rows[name] for name in (*study.plan.factors, *study.plan.tune)},
            "Valid": rows["valid"].map(text.number),
            "Tried": rows["n_tried"],
            "Lost": rows["n_lost"],
            "Time": rows["seconds"].map(words.seconds),
            "Chosen": [frame.record_link(study.plan.name, id) for id in rows["id"]],
        }
    )
    told = f"{text.count(len(rows), 'search', 'searches')} of {text.listed(list(study.plan.tune))}."
    columns = {"Chosen": frame.RECORD_LINK, **frame.right("Valid", "Time")}
    frame.tabulate(shown, rows, f"{study.plan.name}-search", told, columns)
    st.caption(f"Also: {words.command('wonderland', 'tuning', study.plan.name, *scope.options(task, ALL))}")


def _setting(row: pd.Series, factors: list[str]) -> str:
    """The arm's levels: norm batch, residual add, depth 8; "-" where no arm finished."""
    levels = [f"{name} {row[name]}" for name in factors if pd.notna(row[name])]
    return ", ".join(levels) or "-"


show()
