"""The difference between two machines, in a sentence that names both."""

from collections.abc import Mapping


def difference(one: str, parts: Mapping[str, str], other: str, others: Mapping[str, str]) -> str | None:
    """A sentence that names both and all that differs; None if nothing does."""
    names = [name for name in sorted(parts.keys() | others.keys()) if parts.get(name) != others.get(name)]
    if not names:
        return None
    told = "; ".join(f"{name} is {parts.get(name, 'none')} and {others.get(name, 'none')}" for name in names)
    return f"{one} and {other} differ: {told}"
