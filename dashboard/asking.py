"""Parts of the form that composes a study: levels, pairs, seeds that are added until all is decided, and claims."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, Final, get_args

import streamlit as st

from dashboard import draft
from suite.claim import Claim
from suite.resources import Resources, checked
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


def rows(tasks: Sequence[str], architectures: Sequence[str]) -> dict[str, dict[str, Level]]:
    """The pairs that are to meet, where not all of them are, or where some have settings of their own."""
    pairs = [f"{task} {architecture}" for task, architecture in product(tasks, architectures)]
    if not pairs:
        return {}
    picked = pairs
    if len(pairs) > 1:
        label = "Only these pairs of task and architecture"
        picked = st.multiselect(label, pairs, key="new_rows", bind=URL, placeholder="All pairs")
    own = st.multiselect(
        "Pairs with settings of their own", picked or pairs, key="new_own", bind=URL, placeholder="None"
    )
    words = {
        pair: st.text_input(f"Settings of {pair}", key=f"row_{pair}", bind=URL, placeholder="width 64, norm layer")
        or ""
        for pair in own
    }
    if len(picked) in (0, len(pairs)) and not own:
        return {}
    return {pair: draft.settings(words.get(pair, "")) for pair in picked or pairs}


def forbidden(factors: Mapping[str, Sequence[Level]]) -> tuple[Mapping[str, Level], ...]:
    """Levels that are not to meet: two of the factors by choice, any others in words."""
    pairs = draft.combinations(factors)
    picked = []
    if pairs:
        label = "Levels that must not meet"
        picked = st.multiselect(label, list(pairs), key="new_forbidden", bind=URL, placeholder="All may meet")
    words = ""
    if factors:
        label = "Other combinations that must not meet, with semicolons between them"
        words = st.text_input(label, key="new_never", bind=URL, placeholder="norm none, residual none, depth 8") or ""
    others = [draft.settings(one) for one in words.split(";") if one.strip()]
    return (*(pairs[name] for name in picked), *others)


def resources() -> Resources:
    """What every trial is given to train with."""
    if not st.toggle("Several processes, cores or accelerators for a trial", key="new_needs", bind=URL):
        return Resources()
    one, two, three = st.columns(3)
    processes = one.number_input("Processes", min_value=1, value=1, key="new_processes", bind=URL)
    cpus = two.number_input("Cores for each", min_value=0.1, value=1.0, key="new_cpus", bind=URL)
    gpus = three.number_input("Accelerators for each", min_value=0.0, value=0.0, step=0.25, key="new_gpus", bind=URL)
    try:
        return checked({"processes": int(processes), "cpus": float(cpus), "gpus": float(gpus)})
    except ValueError as problem:
        raise StudyError(str(problem)) from None


def claims(
    factors: Mapping[str, Sequence[Level]], tasks: Sequence[str], architectures: Sequence[str]
) -> tuple[Claim, ...]:
    """Hypotheses, stated before anything is run."""
    known: dict[str, Sequence[Any]] = {name: found for name, found in factors.items() if len(found) > 1}
    known |= {"architecture": architectures} if len(architectures) > 1 else {}
    if not known:
        return ()
    count = st.number_input(
        "Claims to judge", min_value=0, max_value=draft.MOST_CLAIMS, value=0, key="new_claims", bind=URL
    )
    return tuple(_claim(place, known, tasks, architectures) for place in range(1, int(count) + 1))


def _claim(place: int, known: Mapping[str, Sequence[Any]], tasks: Sequence[str], architectures: Sequence[str]) -> Claim:
    with st.container(border=True):
        says = st.text_input(f"Claim {place} in words", key=f"claim{place}_says", bind=URL, placeholder="Depth helps.")
        one, two, three = st.columns(3)
        factor = one.selectbox("What moves", list(known), key=f"claim{place}_factor", bind=URL)
        start, end = _moves(two, three, known[factor], f"claim{place}", "From", "To")
        expects = one.selectbox("Is expected", EXPECTED, key=f"claim{place}_expects", bind=URL)
        least = two.number_input(
            "Margin", min_value=0.0, value=0.0, step=0.005, format="%.3f", key=f"claim{place}_margin", bind=URL
        )
        source = three.text_input("Source", "ours", key=f"claim{place}_source", bind=URL)
        with st.expander("Where, and depending on what"):
            where = _where(place, factor, known, tasks, architectures)
    if not (says or "").strip():
        raise StudyError(f"claim {place} says nothing yet; write what is expected in a sentence")
    try:
        return Claim(
            says=says.strip(), factor=factor, level=end, reference=start, expects=expects, source=source or "ours",
            margin=float(least), **where,
        )  # fmt: skip
    except ValueError as problem:
        raise StudyError(str(problem).partition("Value error, ")[2].partition(" [")[0] or str(problem)) from None


def _moves(left: Any, right: Any, levels: Sequence[Any], key: str, start: str, end: str) -> tuple[Any, Any]:
    """From which level to which other."""
    there = {str(level): level for level in levels}
    first = left.selectbox(start, list(there), key=f"{key}_from", bind=URL)
    last = right.selectbox(end, [word for word in there if word != first], key=f"{key}_to", bind=URL)
    return there[first], there[last]


def _where(
    place: int, factor: str, known: Mapping[str, Sequence[Any]], tasks: Sequence[str], architectures: Sequence[str]
) -> dict[str, Any]:
    """The rest of a claim: its name, on what it depends, and where it is looked at."""
    one, two, three = st.columns(3)
    others = [name for name in known if name != factor]
    by = one.selectbox(
        "It changes with", others, index=None, placeholder="nothing", key=f"claim{place}_by", bind=URL
    ) if others else None  # fmt: skip
    found: dict[str, Any] = {"by": by}
    if by:
        start, end = _moves(two, three, known[by], f"claim{place}_by", f"{by} from", f"{by} to")
        found |= {"by_reference": start, "by_level": end}
    words = st.text_input("Only where", key=f"claim{place}_within", bind=URL, placeholder="depth 8, norm none")
    within = draft.settings(words or "", {"architecture": architectures})
    names = st.text_input("Its name", f"C{place}", key=f"claim{place}_id", bind=URL, max_chars=32)
    only = st.multiselect("Only on tasks", tasks, key=f"claim{place}_tasks", bind=URL, placeholder="All")
    of = st.multiselect(
        "Only with architectures", architectures, key=f"claim{place}_architectures", bind=URL, placeholder="All"
    )
    return found | {"id": names or f"C{place}", "within": within, "tasks": tuple(only), "architectures": tuple(of)}
