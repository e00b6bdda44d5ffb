"""The map as tables: chapters counted, or row by row."""

from collections.abc import Sequence

import pandas as pd

from suite.book.sayings import CHAPTERS
from suite.book.standing import Standing


def by_chapter(rows: Sequence[Standing]) -> pd.DataFrame:
    """A row per chapter: how many concepts it defines, and how many of them the suite has, tests, asks and answers."""
    counted = []
    for number, title in CHAPTERS.items():
        here = [one for one in rows if one.row.chapter == number]
        if here:
            counted.append(
                {
                    "chapter": number,
                    "title": title,
                    "rows": len(here),
                    "implemented": sum(one.row.implemented for one in here),
                    "tested": sum(one.row.tested for one in here),
                    "claimed": sum(bool(one.row.claims) for one in here),
                    "asked": sum(bool(one.studies) for one in here),
                    "answered": sum(one.answered for one in here),
                }
            )
    return pd.DataFrame(counted)


def detail(rows: Sequence[Standing]) -> pd.DataFrame:
    """A row per concept, with everything that stands for it."""
    return pd.DataFrame(
        {
            "section": [one.row.section for one in rows],
            "concept": [one.row.name for one in rows],
            "in the suite": [_where(one) for one in rows],
            "tests": [", ".join(one.row.tests) or ("catalogue" if one.row.tested else "-") for one in rows],
            "claims": [", ".join(one.row.claims) or "-" for one in rows],
            "studies": [", ".join(one.studies) or "-" for one in rows],
            "verdicts": [", ".join(f"{v.claim} {v.verdict}" for v in one.verdicts) or "-" for one in rows],
            "missing": [one.row.gap for one in rows],
        }
    )


def _where(one: Standing) -> str:
    row = one.row
    named = [level.replace("=", " ") for level in row.levels]
    return ", ".join([*named, *row.architectures, *row.tasks, *row.files]) or ("its test" if row.tests else "missing")
