"""How much disk a sweep takes: a line in the ledger for every record, and a run in MLflow where it is shown there."""

from suite.estimate import Range

LINE = Range(1_500, 6_000)  # bytes of a record in the ledger; a curve has up to 64 points
RUN = Range(8_000, 40_000)  # bytes of its run in MLflow's SQLite


def footprint(records: int, *, mirror: bool = True) -> Range:
    """Bytes for so many records, at the least and at the most."""
    each = (LINE, RUN) if mirror else (LINE,)
    return Range(records * sum(size.low for size in each), records * sum(size.high for size in each))
