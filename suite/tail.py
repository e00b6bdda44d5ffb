"""The end of a ledger, for those who follow a running sweep."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from suite import ledger
from suite.record import Record


class Tail:
    """The records that were added to a ledger since the last look; for those who follow a running sweep."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[Path, int] = {}

    def fresh(self) -> list[Record]:
        """Whole and undamaged records only."""
        records: list[Record] = []
        for path in ledger.segments(self._folder):
            start = self._seen.get(path, 0)
            if ledger.regular(path).stat().st_size <= start:
                continue
            with path.open("rb") as file:
                file.seek(start)
                whole, newline, _ = file.read().rpartition(b"\n")
            self._seen[path] = start + len(whole) + len(newline)
            records.extend(_undamaged(whole.split(b"\n")))
        return records


def _undamaged(lines: Iterable[bytes]) -> Iterator[Record]:
    for line in lines:
        try:
            yield ledger.unseal(line)
        except ledger.Incompatible:
            raise
        except ValueError:
            continue
