"""Each of many records: trained again some at a time, at the commit it was recorded with if that is wanted."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace

from suite.process import end_descendants
from suite.record import Record
from suite.reproduction.commit import Missing, Say, checked_out
from suite.reproduction.fresh import Place
from suite.reproduction.reproduce import reproduce
from suite.reproduction.several import Judged
from suite.reproduction.verdict import TOLERANCE, Verdict


def each(
    records: Sequence[Record],
    *,
    times: int = 1,
    tolerance: float = TOLERANCE,
    at_commit: bool = False,
    slots: int = 1,
    say: Say = print,
) -> Iterator[Judged]:
    """A verdict on each, as they come, `slots` at a time."""
    if not at_commit:
        yield from _side_by_side(records, None, times, tolerance, slots)
        return
    for commit in dict.fromkeys(record.provenance.commit for record in records):
        those = [record for record in records if record.provenance.commit == commit]
        libraries = {name: number for record in those for name, number in record.provenance.libraries.items()}
        try:
            with checked_out(commit, libraries, say) as place:
                for record, verdict in _side_by_side(those, place, times, tolerance, slots):
                    yield record, _with_changes(record, verdict)
        except Missing as error:
            yield from ((record, _cannot(record, error)) for record in those)


def _side_by_side(
    records: Sequence[Record], place: Place | None, times: int, tolerance: float, slots: int
) -> Iterator[Judged]:
    """Threads that only wait; what trains are processes, and none of them is left behind."""
    pool = ThreadPoolExecutor(slots)
    waiting = {pool.submit(reproduce, record, place, times=times, tolerance=tolerance): record for record in records}
    try:
        for done in as_completed(waiting):
            yield waiting[done], done.result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        end_descendants()
        raise
    finally:
        pool.shutdown()


def _with_changes(record: Record, verdict: Verdict) -> Verdict:
    """Where a commit is not all that trained the record, that may be why it comes out otherwise."""
    if not record.provenance.dirty or "source" not in {what for what, _, _ in verdict.moved}:
        return verdict
    return replace(verdict, reason=f"{verdict.reason}; it was trained with changes that its commit does not hold")


def _cannot(record: Record, error: Missing) -> Verdict:
    commands = tuple(command.replace(" ID ", f" {record.id} ") for command in error.commands)
    return Verdict("cannot", str(error), commands=commands)
