"""The records behind ablations/verdicts.md: the page says what they say, and cheap ones come out again, bit for bit."""

from pathlib import Path

import pytest

from suite import catalog
from suite.analysis import text
from suite.analysis.claims import judge
from suite.analysis.table import spread, table
from suite.answer import Answer
from suite.arms import inert, trials
from suite.numerics import numerics_class
from suite.plan import planned
from suite.provenance import libraries
from suite.record import Record
from suite.reproduction.asked import published
from suite.reproduction.reproduce import reproduce
from suite.study_file import load

FOLDER = catalog.root("ablations")
FILES = sorted((FOLDER / "records").glob("*.jsonl"))
SECONDS = 1.2  # that a cheap one took


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_page_says_what_the_records_say(file: Path) -> None:
    _, study = load(file.stem)
    _, records = published(file)
    assert {record.id for record in records} == {trial.id for trial in trials(study)}
    found = judge(spread(table(records), study.arms(), inert(study)), study.factors, study.claims)
    page = (FOLDER / "verdicts.md").read_text(encoding="utf-8")
    for judged in found:
        (row,) = [line for line in page.splitlines() if line.startswith(f"| {judged.claim.id} |")]
        interval = f"{judged.effect:+.3f} [{judged.low:+.3f}, {judged.high:+.3f}]".replace("-", "−")
        assert f"| **{judged.verdict}** | {interval} {judged.unit} |" in row


def test_every_claim_of_the_catalogue_has_its_row() -> None:
    page = (FOLDER / "verdicts.md").read_text(encoding="utf-8")
    claims = [claim for name in catalog.study_names() for claim in load(name)[1].claims]
    assert {claim.id for claim in claims} == {
        line.split("|")[1].strip() for line in page.splitlines() if "| **" in line
    }


def test_the_page_of_references_says_what_the_records_say() -> None:
    name, study = load("references")
    _, records = published(FOLDER / "records" / f"{name}.jsonl")
    page = (FOLDER / "references.md").read_text(encoding="utf-8")
    for _, row in Answer(planned(name, study, name, trials(study)), records).references.iterrows():
        spread = f" ± {row['spread']:g}" if row["spread"] else ""
        ours = f"{text.score(row['mean'], row['low'], row['high'])} {row['unit']}"
        assert (
            f"| {row['task']} | {row['architecture']} | {ours} | {row['published']:g}{spread} | {row['compared']} |"
            in page
        )


def _cheap() -> list[Record]:
    """The cheapest record of each study, where it took no longer than SECONDS."""
    least = [min(published(file)[1], key=lambda record: record.cost.seconds) for file in FILES]
    return [record for record in least if record.cost.seconds < SECONDS]


@pytest.mark.parametrize("record", _cheap(), ids=lambda record: record.id)
def test_cheap_records_come_out_the_same(record: Record) -> None:
    here = numerics_class() | {"execution": "solo"}
    if record.provenance.numerics != here:
        pytest.skip(f"trained on other numerics: {record.provenance.numerics}, and here {here}")
    if record.provenance.libraries != libraries(record.trial.task, record.trial.architecture):
        pytest.skip("trained with other versions of the libraries")
    assert reproduce(record).kind == "bit-exact"
