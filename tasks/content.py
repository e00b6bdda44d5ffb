"""What a table says, as a hash: of its values, whatever file, file format or shards they came in.

A hash of a parquet file would change with the library that wrote it. This one is over the rows in any order, because
the order of a set on the hub is no part of it; what order came is in the fingerprint of every record.
"""

import hashlib
import io
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 1000  # at a time


def content(table: "pa.Table") -> str:
    """SHA-256, 64 digits: of the sorted hashes of the rows, whose cells count in the order of the columns.

    A number with a fraction counts as float32, which is what networks see. A PNG picture counts by its pixels, because
    the hub writes such files anew; any other picture, and a sound, by its file.
    """
    return hashlib.sha256(b"".join(sorted(_rows(table)))).hexdigest()


def _rows(table: "pa.Table") -> Iterator[bytes]:
    for batch in table.to_batches(max_chunksize=ROWS):
        columns = (column.to_pylist() for column in batch.columns)
        for cells in zip(*columns, strict=True):
            digest = hashlib.sha256()
            for value in map(_value, cells):
                digest.update(f"{len(value)} ".encode() + value)
            yield digest.digest()


def _value(cell: Any) -> bytes:
    if isinstance(cell, dict) and isinstance(cell.get("bytes"), bytes):
        return _pixels(cell["bytes"])
    return json.dumps(_plain(cell), sort_keys=True, ensure_ascii=False).encode()


def _plain(cell: Any) -> Any:
    if isinstance(cell, list):
        return [_plain(one) for one in cell]
    return float(np.float32(cell)) if isinstance(cell, float) else cell


def _pixels(file: bytes) -> bytes:
    from PIL import Image, UnidentifiedImageError

    try:
        picture = Image.open(io.BytesIO(file), formats=("PNG",))
        return f"{picture.mode} {picture.size} ".encode() + picture.tobytes()
    except (UnidentifiedImageError, OSError):
        return file
