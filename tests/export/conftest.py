"""Bundles to look at, of stores made by hand."""

from pathlib import Path

import pytest

from suite.claim import Claim
from suite.export.bundle import export
from suite.ledger import owned
from suite.record import Record
from suite.store import Store
from tests.records import record
from tests.test_store import plan

HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>\x1b[2J'
RECORDS = [
    record(seed, depth=depth, norm=norm, test=0.5 + 0.01 * depth + (0.1 + 0.001 * seed) * (norm == "layer"))
    for seed in range(3)
    for depth in (2, 8)
    for norm in ("none", "layer")
]
CLAIM = Claim(
    id="H1",
    says="A norm helps, says =HYPERLINK()",
    factor="norm",
    level="layer",
    reference="none",
    expects="better",
    source=HOSTILE,
)


def stored(root: Path, records: list[Record], question: str = "Does it?") -> Store:
    store = Store(root)
    store.write_plan(plan("first", records).model_copy(update={"question": question, "claims": (CLAIM,)}))
    with owned(store.folder("first")) as book:
        book.append(records)
    return store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A study of two factors and three seeds, with one claim, whose source and question would like to be code."""
    return stored(tmp_path / "runs", RECORDS, HOSTILE)


@pytest.fixture
def bundle(store: Store, tmp_path: Path) -> Path:
    return export(store, "first", tmp_path / "bundle", by="Alice")
