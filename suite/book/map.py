"""The whole map, in the order of the book."""

from suite.book import compass, rabbit_hole, strange_land
from suite.book.row import Row
from suite.book.sayings import CHAPTERS

ROWS: tuple[Row, ...] = (*compass.ROWS, *strange_land.ROWS, *rabbit_hole.ROWS)


def chapter(number: str) -> tuple[Row, ...]:
    """The rows of a chapter. LookupError names the chapters there are."""
    if number not in CHAPTERS:
        raise LookupError(f"no chapter {number!r}; one of {', '.join(CHAPTERS)}")
    return tuple(row for row in ROWS if row.chapter == number)
