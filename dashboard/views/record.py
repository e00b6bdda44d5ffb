"""Record: exactly what happened in one trial, and how to get it again."""

import pandas as pd
import streamlit as st

from dashboard import charts, downloads, frame, history, store, theme, words
from dashboard.store import Unreadable, readable
from suite.analysis import text
from suite.answer import Answer
from suite.record import Record
from suite.trial import Trial

MOST = 1000  # rows in the list to choose from


def show() -> None:
    study = frame.opened()
    asked = st.text_input(
        "Trial",
        key="id",
        bind="query-params",
        placeholder="the first four or more characters of its id",
        width=frame.PICKER,
    )
    if not asked:
        _choices(study.answer)
        return
    try:
        with readable():
            name, record = store.store().find(asked.strip())
    except Unreadable as problem:
        frame.empty("No such record", f"{str(problem)[:1].upper()}{str(problem)[1:]}.", "wonderland show ID")
        _choices(study.answer)
        return
    _card(name, record)


def _choices(study: Answer) -> None:
    """All records of the study, each a link."""
    st.subheader("Choose one", anchor=False)
    table = study.table
    shown = pd.DataFrame(
        {
            "Trial": [frame.record_link(study.plan.name, id) for id in table["id"]],
            "Task": table["task"],
            "Architecture": table["architecture"],
            **{name.replace("_", " ").capitalize(): table[name] for name in study.plan.factors},
            "Seed": table["seed"],
            "Outcome": table["outcome"].str.replace("_", " "),
            "Test": [text.number(value) if value == value else "-" for value in table["test"]],
        }
    ).head(MOST)
    more = f"Showing {MOST:,} of {len(table):,}; the CSV has all." if len(table) > MOST else ""
    said = f"{text.count(len(table), 'record')} to choose from."
    frame.tabulate(
        shown, table, f"{study.plan.name}-records", said, {"Trial": frame.RECORD_LINK, **frame.right("Test")}
    )
    if more:
        st.caption(more)
    frame.terminal("wonderland", "show", "ID")


def _card(name: str, record: Record) -> None:
    trial, result = record.trial, record.result
    with st.container(horizontal=True, vertical_alignment="center"):
        word = result.outcome.replace("_", " ").capitalize()
        frame.badge(word, good=result.outcome == "finished")
        history.badge(name, record)
        st.text(f"{trial.architecture} on {trial.task}, seed {trial.seed}, of study {name}", width="stretch")
    if result.message:
        frame.notice(result.message)
    _numbers(record)
    _curves(record)
    settings, origin = st.columns(2, gap="large")
    with settings:
        _settings(name, record)
    with origin:
        _origin(record)
    said, again = st.columns(2, gap="large")
    with said:
        history.verdicts(name, record)
    with again:
        history.again(record)
    _file(record)


def _numbers(record: Record) -> None:
    result, cost = record.result, record.cost
    numbers = {
        f"Test {record.metric}": _number(result.test),
        f"Valid {record.metric}": _number(result.valid),
        "Best constant": text.number(record.chance),
        "Parameters": words.amount(cost.parameters),
        "FLOPs": words.amount(cost.flops),
        "Time": words.seconds(cost.seconds),
        "Peak memory": f"{words.amount(cost.peak_memory_mb)} MB",
    }
    with st.container(horizontal=True, gap="small"):
        for label, number in numbers.items():
            st.metric(label, number, border=True, width=140)


def _curves(record: Record) -> None:
    points = pd.DataFrame(record.result.curve)
    if points.empty:
        st.text("No learning curve was kept.")
        return
    palette = theme.current()
    left, right = st.columns(2, gap="large")
    with left:
        frame.draw(charts.curve(points, "loss", "training loss", palette), "curve-loss")
    with right:
        frame.draw(charts.curve(points, "valid", f"valid {record.metric}", palette), "curve-valid")


def _settings(name: str, record: Record) -> None:
    """Every setting, and where it differs from the study's reference."""
    st.subheader("Setting", anchor=False)
    with readable():
        plan = store.snapshot(name).answer.plan
        reference = {**plan.baseline, **{factor: levels[0] for factor, levels in plan.factors.items()}}
        ignored = plan.inert.get(record.trial.architecture, ())
        asked = {factor: level for factor, level in reference.items() if factor not in ignored}
        expected = Trial(task="", architecture="").moved(asked).levels
    levels = record.trial.levels
    moved = [factor for factor, level in levels.items() if level != expected[factor]]
    order = [*moved, *(factor for factor in levels if factor not in moved)]
    shown = pd.DataFrame(
        {
            "Setting": [factor.replace("_", " ") for factor in order],
            "This trial": [str(levels[factor]) for factor in order],
            "Reference": [str(expected[factor]) for factor in order],
            "Differs": ["yes" if factor in moved else "" for factor in order],
        }
    )
    said = f"{text.count(len(moved), 'setting')} of {len(order)} differ from the study's reference."
    frame.tabulate(shown, shown, f"{record.id}-setting", said)


def _origin(record: Record) -> None:
    st.subheader("What gave it", anchor=False)
    by = record.provenance
    facts = {
        "commit": f"{by.commit or 'unknown'}{' with changes' if by.dirty else ''}",
        "source": by.source,
        "data": by.data,
        "result": record.result.digest,
        "weights": record.result.weights or "-",
        "lock": by.lock or "-",
        "python": by.python,
        "host": by.host,
        **by.libraries,
        **by.numerics,
    }
    shown = pd.DataFrame({"What": list(facts), "Value": [str(value) for value in facts.values()]})
    frame.tabulate(shown, shown, f"{record.id}-origin", f"{len(facts)} facts on code, data and machine.")


def _file(record: Record) -> None:
    downloads.one("record as JSON", record.to_json, f"{record.id}.json", "application/json", "json")
    frame.terminal("wonderland", "show", record.id)


def _number(value: float | None) -> str:
    return "-" if value is None else text.number(value)


show()
