"""The static page: a study's answer in one file that needs no server and no network, and runs no script.

It shows what the command line shows, from the same calls; each table has its file beside the page.
"""

import shlex
from collections.abc import Iterator, Sequence

import pandas as pd

from suite import report
from suite.analysis import text
from suite.analysis.claims import Judgement
from suite.answer import ALL, Answer
from suite.export import drawing, parts
from suite.export.style import STYLE
from suite.reproduction.kept import Kept, latest
from suite.reproduction.verdict import KINDS

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
MOST_MARKS = 60  # rows of a chart


def page(answer: Answer, kept: tuple[Kept, ...], made: str, maker: str) -> str:
    """The whole document."""
    plan = answer.plan
    inside = [
        f"<header>{parts.paragraph(f'Study {plan.name}', 'study')}<h1>{parts.safe(plan.question)}</h1>"
        f"{parts.paragraph(answer.finding, 'finding')}{_facts(answer, made, maker)}</header>",
        parts.section("claims", "Claims", map(_claim, answer.verdicts)),
        parts.section("effects", "Effects", _effects(answer)),
        parts.section("interactions", "Interactions", _interactions(answer)),
        parts.section("leaderboard", "Leaderboard", _leaderboard(answer)),
        parts.section("references", "Beside published scores", _references(answer)),
        parts.section("failures", "Not finished", [_table(answer.failures, "Runs that did not finish", "failures")]),
        parts.section("reproduced", "Trained again", _reproduced(answer, kept)),
        parts.section("reproduce", "Check and reproduce", _reproduce(answer)),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{parts.safe(plan.name)}: Wonderland</title><style>{STYLE}</style></head>"
        f"<body><main>{''.join(inside)}</main></body></html>\n"
    )


def _facts(answer: Answer, made: str, maker: str) -> str:
    plan = answer.plan
    return parts.facts(
        [
            ("records", answer.coverage),
            ("tasks", text.listed(list(plan.tasks))),
            ("architectures", f"{len(plan.architectures)}: {text.listed(list(plan.architectures))}"),
            ("factors", "; ".join(f"{name} {', '.join(map(str, of))}" for name, of in plan.factors.items())),
            ("design", plan.design),
            ("seeds", f"{plan.seeds}"),
            ("made", made),
            ("with", maker),
        ]
    )


def _claim(judged: Judgement) -> str:
    claim = judged.claim
    said = f"{claim.says} ({claim.source})"
    return f'<div class="claim"><strong>{parts.safe(judged.sentence)}</strong>{parts.paragraph(said)}</div>'


def _effects(answer: Answer) -> Iterator[str]:
    pooled = report.scope(answer.effects)
    if pooled.empty:
        return
    rows = pooled[pooled["effect"].notna()].head(MOST_MARKS)
    marks = [
        drawing.effect(f"{row['factor']} {row['level']}", row["effect"], row["low"], row["high"], row["verdict"])
        for row in rows.to_dict("records")
    ]
    if marks:
        name = f"{text.count(len(marks), 'effect')} against the first level of each factor, with 95% intervals"
        unit = f"difference in {' / '.join(rows['unit'].unique())}"
        yield parts.figure(drawing.chart("effects-chart", name, unit, marks, zero=True), name)
    yield _table(report.effects(pooled), "Effects, pooled over tasks and architectures", "effects")
    each = answer.effects[(answer.effects["task"] != ALL) & (answer.effects["architecture"] == ALL)]
    if len(answer.plan.tasks) > 1 and len(each):
        yield parts.folded("Effects by task", [_table(report.effects(each), "Effects by task", "effects")])


def _interactions(answer: Answer) -> Iterator[str]:
    pooled = report.scope(answer.interactions)
    if len(pooled):
        name = "How much one effect changes with the other factor"
        yield _table(report.interactions(pooled), name, "interactions")


def _leaderboard(answer: Answer) -> Iterator[str]:
    board = answer.leaderboard
    for name in (ALL, *answer.plan.tasks):
        rows = board[board["task"] == name]
        if rows.empty or (name == ALL and len(answer.plan.tasks) == 1):
            continue
        inside = _board(rows, name, "over all tasks" if name == ALL else f"on {name}")
        if name == ALL or len(answer.plan.tasks) == 1:
            yield from inside
        else:
            yield parts.folded(name, inside)


def _board(rows: pd.DataFrame, task: str, where: str) -> Iterator[str]:
    ranked = rows[rows["mean"].notna()].head(MOST_MARKS)
    marks = [
        drawing.score(row["architecture"], row["mean"], row["low"], row["high"]) for row in ranked.to_dict("records")
    ]
    if marks:
        top = ranked.iloc[0]
        name = f"Scores of {text.count(len(marks), 'architecture')} {where}, the highest {marks[0].said}"
        id = f"board-{sum(map(ord, task))}"
        yield parts.figure(drawing.chart(id, name, str(top["unit"]), marks), name)
    yield _table(
        report.leaderboard(rows), f"Leaderboard {where}: who shares a letter cannot be told apart", "leaderboard"
    )


def _references(answer: Answer) -> Iterator[str]:
    if len(answer.references):
        yield _table(report.references(answer.references), "Published scores beside ours", "references")


def _reproduced(answer: Answer, kept: tuple[Kept, ...]) -> Iterator[str]:
    by_id = {record.id: record for record in answer.records}
    last = [one for id, one in latest(kept).items() if id in by_id and one.judges(by_id[id])]
    if not last:
        return
    counts = [(kind, sum(one.verdict == kind for one in last)) for kind in KINDS]
    said = ", ".join(f"{count:,} {kind}" for kind, count in counts if count)
    yield parts.paragraph(f"{len(last):,} of {len(by_id):,} records were trained again: {said}.")
    rows = [{"trial": one.id, "verdict": one.verdict, "when": one.when, "because": one.words} for one in last]
    yield _table(pd.DataFrame(rows), "The last verdict on each", "reproductions")


def _reproduce(answer: Answer) -> Iterator[str]:
    plan = answer.plan
    first = answer.records[0].id if answer.records else "ID"
    yield parts.paragraph("With Wonderland installed, in the folder of this page:")
    yield parts.commands(_lines(plan.name, plan.given or plan.name, first))
    commits = sorted({record.provenance.commit for record in answer.records if record.provenance.commit})
    if commits:
        yield parts.paragraph(f"The records were made at commit {text.listed(commits)}.", "note")
    files = ("manifest.json", "records.jsonl", "plan.json", "ro-crate-metadata.json", "constraints.txt")
    yield f"<p>{' '.join(parts.link(file, file) for file in files)}</p>"


def _lines(study: str, given: str, first: str) -> Sequence[str]:
    return [
        "wonderland verify .",
        f"wonderland reproduce {first} --from .",
        f"wonderland reproduce {shlex.quote(study)} --from .",
        f"wonderland sweep {shlex.quote(given)}",
    ]


def _table(frame: pd.DataFrame, name: str, file: str) -> str:
    return parts.table(frame, name, f"tables/{file}.csv")
