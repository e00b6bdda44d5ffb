"""Parts of the form that composes a study: levels, seeds that are added until all is decided, and claims."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, Final, get_args

import streamlit as st

from dashboard import draft
from suite.claim import Claim
from suite.study import StudyError
from suite.trial import Level

URL: Final = "query-params"
LOOKS = "4, 8, 12, 16, 20"
EXPECTED = get_args(Claim.model_fields["expects"].annotation)


def levels(how: str, factor: str) -> tuple[Level, ...]:
    """The levels compared or tried; of those compared the first is the reference."""
    first = ", the reference first" if how == "vary" else " to try"
    label, key = f"Levels of {factor}{first}", f"{how}_{factor}"
    if names := draft.named(factor):
        return tuple(st.multiselect(label, names, key=key, bind=URL))
    return draft.numbers(factor, st.text_input(label, key=key, bind=URL, placeholder="2, 8") or "")


def fixed(factor: str) -> tuple[Level, ...]:
    """The one level of a setting, or () while none is given."""
    label, key = f"{factor} (default {draft.default(factor)})", f"fix_{factor}"
    if names := draft.named(factor):
        picked = st.selectbox(label, names, index=None, key=key, bind=URL)
        return (picked,) if picked else ()
    found = draft.numbers(factor, st.text_input(label, key=key, bind=URL) or "")
    if len(found) > 1:
        raise StudyError(f"{factor} is fixed, so it has one level; to compare several, vary it")
    return found


def looks() -> tuple[int, ...]:
    """After how many seeds is looked whether more are needed; () where their number is fixed."""
    if not st.toggle("Add seeds until every effect is decided", key="new_until", bind=URL):
        return ()
    words = st.text_input("Look after so many seeds", LOOKS, key="new_looks", bind=URL) or LOOKS
    try:
        return tuple(int(word) for word in words.replace(",", " ").split())
    except ValueError:
        raise StudyError(f"looks are whole numbers of seeds, such as {LOOKS}; got {words!r}") from None


def margin() -> float:
    """The difference in score that does not matter to anybody."""
    return float(st.number_input("Differences that do not matter", min_value=0.0, value=0.0, step=0.005, format="%.3f",
        key="new_margin", bind=URL))  # fmt: skip


def tuned(settings: Sequence[str]) -> dict[str, tuple[Level, ...]]:
    """What every arm chooses for itself on validation."""
    picked = st.multiselect("Settings that every arm tunes for itself", settings, key="new_tune", bind=URL)
    return {factor: levels("tune", factor) for factor in picked}


def rows(tasks: Sequence[str], architectures: Sequence[str]) -> tuple[str, ...]:
    """The pairs that are to meet, where not all of them are."""
    pairs = [f"{task} {architecture}" for task, architecture in product(tasks, architectures)]
    if len(pairs) < 2:
        return ()
    label = "Only these pairs of task and architecture"
    return tuple(st.multiselect(label, pairs, key="new_rows", bind=URL, placeholder="All pairs"))


def forbidden(factors: Mapping[str, Sequence[Level]]) -> tuple[Mapping[str, Level], ...]:
    """Levels that are not to meet."""
    pairs = draft.combinations(factors)
    if not pairs:
        return ()
    label = "Levels that must not meet"
    picked = st.multiselect(label, list(pairs), key="new_forbidden", bind=URL, placeholder="All may meet")
    return tuple(pairs[name] for name in picked)


def claims(factors: Mapping[str, Sequence[Level]], architectures: Sequence[str]) -> tuple[Claim, ...]:
    """Hypotheses, stated before anything is run."""
    known: dict[str, Sequence[Any]] = {name: found for name, found in factors.items() if len(found) > 1}
    known |= {"architecture": architectures} if len(architectures) > 1 else {}
    if not known:
        return ()
    count = st.number_input(
        "Claims to judge", min_value=0, max_value=draft.MOST_CLAIMS, value=0, key="new_claims", bind=URL
    )
    return tuple(_claim(place, known) for place in range(1, int(count) + 1))


def _claim(place: int, known: Mapping[str, Sequence[Any]]) -> Claim:
    with st.container(border=True):
        says = st.text_input(f"Claim {place} in words", key=f"claim{place}_says", bind=URL, placeholder="Depth helps.")
        one, two, three = st.columns(3)
        factor = one.selectbox("What moves", list(known), key=f"claim{place}_factor", bind=URL)
        there = {str(level): level for level in known[factor]}
        start = two.selectbox("From", list(there), key=f"claim{place}_from", bind=URL)
        ends = [word for word in there if word != start]
        end = three.selectbox("To", ends, key=f"claim{place}_to", bind=URL)
        expects = one.selectbox("Is expected", EXPECTED, key=f"claim{place}_expects", bind=URL)
        least = two.number_input(
            "Margin", min_value=0.0, value=0.0, step=0.005, format="%.3f", key=f"claim{place}_margin", bind=URL
        )
        source = three.text_input("Source", "ours", key=f"claim{place}_source", bind=URL)
    if not (says or "").strip():
        raise StudyError(f"claim {place} says nothing yet; write what is expected in a sentence")
    try:
        return Claim(
            id=f"C{place}", says=says.strip(), factor=factor, level=there[end], reference=there[start],
            expects=expects, source=source or "ours", margin=float(least),
        )  # fmt: skip
    except ValueError as problem:
        raise StudyError(str(problem).partition("Value error, ")[2].partition(" [")[0] or str(problem)) from None
