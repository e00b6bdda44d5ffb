"""The only door to `datasets`: tables and files of the Hugging Face hub, fetched once and kept.

Code from the hub is never run: tables are read (parquet, csv, json), and files whose hash the task states. The hub
keeps a parquet copy of most data sets on a branch of its own, PARQUET, which a part names unless it names a commit.

A branch can move, so the values that are fetched are checked. A part states the hash of its content where it could be
made from another copy of the same data, which its task names. Where no other copy was at hand, the first fetch is
trusted: its hash is noted beside the file, and a later fetch that brings other values is refused. What was kept is
never looked up again, and a file that is not what was written is fetched again.
"""

import contextlib
import errno
import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.content import content
from tasks.fetch import FetchError, alone, folder

if TYPE_CHECKING:
    import pyarrow as pa

PARQUET = "refs/convert/parquet"
ADDRESS = "hf://datasets/{name}@{revision}/{path}"


@dataclass(frozen=True)
class Part:
    """One split of a data set on the hub: `rows` rows, of which the `columns` are kept.

    `config` may be * where there is only one. `files` says where in the data set the split stands; it is needed with a
    commit hash as `revision`, because only the branch PARQUET has a fixed layout. `content` is the hash of what the
    columns hold, see tasks.content, or empty where it is not known.
    """

    name: str
    split: str
    columns: tuple[str, ...]
    rows: int
    config: str = "*"
    revision: str = PARQUET
    files: str = ""
    content: str = ""


@dataclass(frozen=True)
class File:
    """One file of a data set on the hub, at a commit. `sha256` is the hash of the file, which the hub shows too."""

    name: str
    path: str
    revision: str
    sha256: str


def fetched(file: File) -> Path:
    """Where it lies on this machine, fetched if it is missing or not what it should be.

    Raises FetchError as `table` does.
    """
    place = location(file)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with alone(place.parent / ".lock"):
            if not is_here(file):
                _take(file, place)
    except OSError as error:
        raise error if isinstance(error, FetchError) else _no_room(place.parent, error) from None
    return place


def _take(file: File, place: Path) -> None:
    import datasets

    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".fetching-") as scratch:
        try:
            with _quiet():
                address = ADDRESS.format(name=file.name, revision=file.revision, path=file.path)
                new = shutil.copyfile(datasets.DownloadManager().download(address), Path(scratch) / "new")
        except Exception as error:  # as below
            raise _as_one_sentence(file, place.parent, error) from None
        if _digest(new) != file.sha256:
            raise FetchError(
                f"{_called(file)} is not the file that this task was made for (SHA-256 {_digest(new)[:12]}, due "
                f"{file.sha256[:12]}); try again, or see what was changed there"
            )
        new.replace(place)


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
            return _taken(part, place) if found is None else found
    except OSError as error:
        raise error if isinstance(error, FetchError) else _no_room(place.parent, error) from None


def is_here(wanted: Part | File) -> bool:
    """Whether it lies on this machine, whole."""
    if isinstance(wanted, Part):
        return _kept(wanted) is not None
    place = location(wanted)
    return place.is_file() and _digest(place) == wanted.sha256


def location(wanted: Part | File) -> Path:
    """Where the file is kept, or the rows as one parquet file."""
    which = f"{wanted.config}--{wanted.split}.parquet" if isinstance(wanted, Part) else wanted.path
    which = which.replace("*", "all")
    return folder() / "hub" / wanted.name.replace("/", "--") / f"{wanted.revision}--{which}".replace("/", "-")


def _kept(part: Part) -> "pa.Table | None":
    """What lies here, if it is what was written and what the part says."""
    import pyarrow as pa
    from pyarrow import parquet

    place = location(part)
    noted = _noted(place)
    try:
        if noted.get("file") != _digest(place) or part.content not in ("", noted.get("content")):
            return None
        found = parquet.read_table(place, columns=list(part.columns))
    except (OSError, pa.ArrowException):
        return None
    return found if _is_due(part, found) else None


def _taken(part: Part, place: Path) -> "pa.Table":
    """Fetched and checked, and only then kept, with a note of its content."""
    from pyarrow import parquet

    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".fetching-") as scratch:
        try:
            new = _download(part, Path(scratch))
        except Exception as error:  # `datasets` and what it stands on raise whatever they like
            raise _as_one_sentence(part, place.parent, error) from None
        found = parquet.read_table(new)
        if not _is_due(part, found):
            raise FetchError(f"{_called(part)} is not the table of {part.rows} rows that this task was made for")
        holds = content(found)
        _require_due(part, place, holds)
        note = Path(scratch) / "note"
        note.write_text(json.dumps({"content": holds, "file": _digest(new)}) + "\n")
        note.replace(_note(place))
        new.replace(place)
    return found


def _is_due(part: Part, found: "pa.Table") -> bool:
    return found.num_rows == part.rows and found.column_names == list(part.columns)


def _require_due(part: Part, place: Path, holds: str) -> None:
    """FetchError for content that is not the one stated, or not the one that was fetched here first."""
    if part.content and holds != part.content:
        raise FetchError(
            f"{_called(part)} holds other values than this task was made for (content {holds[:12]}, due "
            f"{part.content[:12]}): the hub's copy was changed; put a {place.name} that was fetched before, with its "
            f"note, into {place.parent}, or see what was changed there"
        )
    first = _noted(place).get("content", holds)
    if not part.content and holds != first:
        raise FetchError(
            f"{_called(part)} holds other values than when it was fetched here first (content {holds[:12]}, noted "
            f"{first[:12]}): the hub's copy was changed; to go on with the new one, delete {_note(place)}"
        )


def _note(place: Path) -> Path:
    return place.with_suffix(".json")


def _noted(place: Path) -> dict[str, str]:
    """The hashes of the file and of its content, when it was written."""
    try:
        noted = json.loads(_note(place).read_text())
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


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
    """No progress bars between the lines of a sweep, and no tale of every attempt without a network."""
    from datasets.utils import logging as bars

    attempts = logging.getLogger("huggingface_hub")
    shown, level = bars.is_progress_bar_enabled(), attempts.level
    bars.disable_progress_bar()
    attempts.setLevel(logging.ERROR)
    try:
        yield
    finally:
        attempts.setLevel(level)
        if shown:
            bars.enable_progress_bar()


def _as_one_sentence(part: Part | File, place: Path, error: BaseException) -> FetchError:
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


def _called(part: Part | File) -> str:
    which = part.path if isinstance(part, File) else part.split
    return f"{which} of data set {part.name} on the hub ({part.revision})"
