"""The quarantine: copies of damaged lines, a file per segment.

What is in it has been met by an owner, who has run the trials again; the ledger itself is never rewritten.
"""

from collections.abc import Collection
from pathlib import Path

from suite.disk import replace_file

FOLDER = "quarantine"


def holds(segment: Path, number: int, line: bytes) -> bool:
    """Whether exactly this line of the segment has been put aside."""
    try:
        return _entry(number, line) in (segment.parent / FOLDER / segment.name).read_bytes().split(b"\n")
    except OSError:
        return False


def put(segment: Path, numbers: Collection[int]) -> None:
    """Put copies of these lines of the segment aside, instead of those that were."""
    lines = segment.read_bytes().split(b"\n")
    copies = b"".join(_entry(number, lines[number - 1]) + b"\n" for number in numbers)
    replace_file(segment.parent / FOLDER / segment.name, copies)


def _entry(number: int, line: bytes) -> bytes:
    return b"%d\t%s" % (number, line)
