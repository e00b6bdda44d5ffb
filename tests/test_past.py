"""What planning keeps of records, and the records found again."""

import gc
from pathlib import Path

from suite import ledger
from suite.bulk import bulk
from suite.estimate import Estimate
from suite.past import history, of, recalled
from suite.record import Record
from suite.store import Store
from suite.trial import Trial
from tests.records import record


def filled(root: Path, **studies: list[Record]) -> Store:
    store = Store(root)
    for name, records in studies.items():
        with ledger.owned(store.folder(name)) as book:
            book.append(records)
        (store.folder(name) / "plan.json").touch()
    return store


def test_history_holds_every_record_of_every_study(tmp_path: Path) -> None:
    store = filled(tmp_path, one=[record(0), record(1)], two=[record(1, outcome="diverged")])
    past, damaged = history(store, "one")
    assert sorted((answer.study, answer.id, answer.outcome) for answer in past) == sorted(
        [
            ("one", record(0).id, "finished"),
            ("one", record(1).id, "finished"),
            ("two", record(1).id, "diverged"),
        ]
    )
    assert damaged == ()


def test_only_the_damage_of_the_study_itself_is_told(tmp_path: Path) -> None:
    store = filled(tmp_path, one=[record(0)], two=[record(1)])
    for name in ("one", "two"):
        (segment,) = ledger.segments(store.folder(name))
        segment.write_bytes(segment.read_bytes()[:-9] + b"x" + segment.read_bytes()[-8:])
    past, damaged = history(store, "two")
    assert past == ()
    assert [damage.line for damage in damaged] == [1]


def test_records_are_recalled_each_once_and_no_others(tmp_path: Path) -> None:
    wanted, twin, other = record(0), record(0, source="newer"), record(1)
    store = filled(tmp_path, one=[wanted, twin, other, twin])
    assert list(recalled(store, [of(twin, "one"), of(other, "one")])) == [[twin, other]]
    assert list(recalled(store, [])) == []


def test_an_estimate_is_what_the_like_took(tmp_path: Path) -> None:
    past = [of(record(seed, norm="rms")) for seed in range(3)]
    estimate = Estimate(past, [record(9).trial])
    assert estimate.seconds(record(9).trial) == 0.5
    low, high = estimate.range([record(9).trial] * 4, slots=2)
    assert low < 1.0 < high


def test_an_estimate_of_what_never_ran_grows_with_its_steps() -> None:
    short, long = (Trial(task="tabular/diabetes", architecture="mlp").moved({"steps": n}) for n in (10, 10_000))
    estimate = Estimate([], [short, long])
    assert 0 < estimate.seconds(short) < estimate.seconds(long)


def test_the_collector_is_back_afterwards() -> None:
    with bulk():
        assert not gc.isenabled()
    assert gc.isenabled()
