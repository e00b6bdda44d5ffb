"""Numbers and intervals as people read them: three significant digits, ASCII, and nothing that rounds to a lie."""

import math

DIGITS = 3
MOST_DECIMALS = 9
MOST_LETTERS = 6
PREFIXES = ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def number(value: float) -> str:
    """0.93512 is "0.935"."""
    return "unknown" if math.isnan(value) else _plain(value, _decimals(value))


def whole(value: float) -> str:
    """A difference of points, to the nearest whole one: "+64", "0"."""
    return "unknown" if math.isnan(value) else _signed(value, 0)


def hundredths(value: float) -> str:
    """A difference where there is little room: "+0.11", "0.00"."""
    return "unknown" if math.isnan(value) else _signed(value, 2)


def signed(value: float) -> str:
    """0.1134 is "+0.113"."""
    return "unknown" if math.isnan(value) else _signed(value, _decimals(value))


def effect(mean: float, low: float, high: float) -> str:
    """A difference with its interval: "+0.113 [+0.064, +0.162]"."""
    if math.isnan(mean):
        return "unknown"
    if math.isnan(low) or math.isnan(high):
        return f"{signed(mean)} [no interval]"
    places = _decimals(mean, low, high)
    return f"{_signed(mean, places)} [{_signed(low, places)}, {_signed(high, places)}]"


def score(mean: float, low: float, high: float) -> str:
    """A level with its interval: "0.935 [0.921, 0.949]". An end at 1, where scores end, costs no digit."""
    if math.isnan(mean):
        return "unknown"
    if math.isnan(low) or math.isnan(high):
        return f"{number(mean)} [no interval]"
    places = max(_decimals(mean, low, high), DIGITS if mean < high == 1 else 0)
    return f"{_plain(mean, places)} [{_plain(low, places)}, {_plain(high, places)}]"


def amount(value: float) -> str:
    """A count to three digits: "18.8 k", "187 M"; "-" where there is none."""
    if math.isnan(value):
        return "-"
    size, prefix = next((pair for pair in PREFIXES if abs(value) >= pair[0]), (1.0, ""))
    return f"{value / size:.3g} {prefix}".rstrip()


def seconds(value: float) -> str:
    """A time: "0.62 s", "3,470 s"; "-" where there is none."""
    return "-" if math.isnan(value) else f"{value:.3g} s" if abs(value) < 999.5 else f"{value:,.0f} s"


def p_value(p: float) -> str:
    """0.00004 is "<0.001", 0.0496 is "0.0496"."""
    if math.isnan(p):
        return "unknown"
    return "<0.001" if p < 0.001 else f"{p:.{DIGITS}g}"


def ranks(low: float, high: float) -> str:
    """Ranks that the data cannot tell apart: "2", "1-3", or "-" for none."""
    if low != low or high != high:
        return "-"
    return f"{low:.0f}" if low == high else f"{low:.0f}-{high:.0f}"


def ties(group: str) -> str:
    """The letters of a tie group; of more than a few, how many there are, for the ranks say as much."""
    return group if len(group) <= MOST_LETTERS else f"{group[:2]}.. {len(group)} letters"


def count(n: int, one: str, many: str | None = None) -> str:
    """ "1 seed", "3 seeds", "1,200 runs"."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listed(words: list[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def _plain(value: float, places: int) -> str:
    """Without the sign of what rounds to 0."""
    text = f"{value:.{places}f}"
    return text if float(text) else text.removeprefix("-")


def _signed(value: float, places: int) -> str:
    text = f"{value:+.{places}f}"
    return text if float(text) else text[1:]


def _decimals(*values: float) -> int:
    """Enough for three significant digits of the largest; more where two would look equal, or one 0, that are not."""
    largest = max(abs(value) for value in values)
    places = max(0, DIGITS - 1 - math.floor(math.log10(largest))) if largest else DIGITS
    while places < MOST_DECIMALS and _hides(values, places):
        places += 1
    return places


def _hides(values: tuple[float, ...], places: int) -> bool:
    texts = [f"{value:.{places}f}" for value in values]
    lost = any(value and not float(text) for value, text in zip(values, texts, strict=True))
    return lost or len(set(texts)) < len(set(values))
