"""The only door to `datasets`: tables of the Hugging Face hub, fetched once and kept.

Only tables are read (parquet, csv, json); code from the hub is never run. The hub keeps a parquet copy of most data
sets on a branch of its own, PARQUET, which is what a part names unless it names a commit. A branch can move, so what
was kept is never looked up again, the number of rows is checked, and every record has a fingerprint of the content.
"""

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.fetch import FetchError, alone, folder

if TYPE_CHECKING:
    import pyarrow as pa

PARQUET = "refs/convert/parquet"


@dataclass(frozen=True)
class Part:
    """One split of a data set on the hub: `rows` rows, of which the `columns` are kept.

    `config` may be * where there is only one. `files` says where in the data set the split stands; it is needed with a
    commit hash as `revision`, because only the branch PARQUET has a fixed layout.
    """

    name: str
    split: str
    columns: tuple[str, ...]
    rows: int
    config: str = "*"
    revision: str = PARQUET
    files: str = ""


def table(part: Part) -> "pa.Table":
    """The rows, from this machine or else from the hub. Pictures and sounds are {"bytes": ..., "path": ...}.

    Raises FetchError without a network, for data that is not there or not what it should be, or for a full disk;
    nothing half-written stays.
    """
    place = location(part)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with alone(place.parent / ".lock"):
            found = _kept(part)
            if found is None:
                _take(part, place)
                found = _kept(part)
            if found is None:
                place.unlink()
    except OSError as error:
        raise error if isinstance(error, FetchError) else _no_room(place.parent, error) from None
    if found is None:
        raise FetchError(f"{_called(part)} is not the table of {part.rows} rows that this task was made for")
    return found


def is_here(part: Part) -> bool:
    """Whether it lies on this machine, whole."""
    return _kept(part) is not None


def location(part: Part) -> Path:
    """Where the rows are kept, as one parquet file."""
    name = "--".join((part.revision, part.config.replace("*", "all"), part.split)).replace("/", "-")
    return folder() / "hub" / part.name.replace("/", "--") / f"{name}.parquet"


def _kept(part: Part) -> "pa.Table | None":
    """What lies here, if it is what the part says."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        found = parquet.read_table(location(part), columns=list(part.columns))
    except (OSError, pa.ArrowException):
        return None
    return found if found.num_rows == part.rows and found.column_names == list(part.columns) else None


def _take(part: Part, place: Path) -> None:
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".fetching-") as scratch:
        try:
            new = _download(part, Path(scratch))
        except Exception as error:  # `datasets` and what it stands on raise whatever they like
            raise _as_one_sentence(part, place.parent, error) from None
        new.replace(place)


def _download(part: Part, scratch: Path) -> Path:
    """The columns of the part as one parquet file. A folder of that name in the working folder comes first."""
    import datasets

    with _quiet():
        found = datasets.load_dataset(
            part.name,
            data_files={"wanted": part.files or f"{part.config}/{part.split}/*.parquet"},
            split="wanted",
            revision=part.revision,
            cache_dir=str(scratch / "cache"),
            verification_mode="no_checks",  # the checks are for whole data sets; table() has its own
        )
        assert isinstance(found, datasets.Dataset)
        found.select_columns(list(part.columns)).to_parquet(scratch / "new.parquet")
    return scratch / "new.parquet"


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """No progress bars between the lines of a sweep."""
    from datasets.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def _as_one_sentence(part: Part, place: Path, error: BaseException) -> FetchError:
    reasons = [error]
    while (before := reasons[-1].__cause__ or reasons[-1].__context__) is not None and len(reasons) < 20:
        reasons.append(before)
    for reason in reasons:
        if isinstance(reason, OSError) and reason.errno in (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS):
            return _no_room(place, reason)
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return FetchError(
        f"{_called(part)} cannot be fetched ({first}); try again with a network, or see whether it is there"
    )


def _no_room(place: Path, error: Any) -> FetchError:
    return FetchError(
        f"{place} cannot be written: {os.strerror(error.errno) if error.errno else error}; "
        "make room there, or name another folder in WONDERLAND_DATA"
    )


def _called(part: Part) -> str:
    return f"{part.split} of data set {part.name} on the hub ({part.revision})"
