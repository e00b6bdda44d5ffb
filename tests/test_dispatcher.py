"""How trials are bundled, and who is charged when a worker dies. No Ray is started here."""

import time
from collections import deque

from suite.dispatcher import Bundle, Dispatcher, together
from suite.protocol import Job
from suite.trial import Trial


def jobs(count: int, seconds: float = 0.1) -> deque[Job]:
    trials = (Trial(task="image/digits", architecture="mlp", seed=seed) for seed in range(count))
    return deque(Job(trial=trial, seconds=seconds) for trial in trials)


def dispatcher(count: int, seconds: float = 0.1, deadline: float = 60.0) -> Dispatcher:
    return Dispatcher(jobs(count, seconds), slots=2, deadline=deadline, checkpoints="")


def taken(dispatcher: Dispatcher) -> Bundle:
    bundle = dispatcher.next_bundle()
    assert bundle is not None
    return bundle


def test_a_bundle_is_about_a_second_of_work() -> None:
    assert len(taken(dispatcher(1000, seconds=0.1)).open) == 10
    assert len(taken(dispatcher(1000, seconds=0.0001)).open) == 64
    assert len(taken(dispatcher(1000, seconds=30.0)).open) == 1


def test_the_last_trials_are_shared_fairly() -> None:
    assert len(taken(dispatcher(8, seconds=0.01)).open) == 2
    assert len(taken(dispatcher(1, seconds=0.01)).open) == 1
    assert dispatcher(0).next_bundle() is None


def test_trials_slower_than_expected_make_smaller_bundles() -> None:
    one = dispatcher(1000, seconds=0.1)
    one.took, one.should_have_taken = 10.0, 2.0
    assert len(taken(one).open) == 2


def test_only_the_running_trial_is_charged_and_it_is_tried_alone() -> None:
    one = dispatcher(40)
    bundle = taken(one)
    first, second, *others = [job.trial.id for job in bundle.open]
    one.heard(bundle, f"started {first} 7")
    one.heard(bundle, "record {}")
    one.heard(bundle, f"started {second} 7")
    assert one.lost(bundle) is None
    assert [job.trial.id for job in taken(one).open] == [second]
    assert [job.trial.id for job in one.waiting][: len(others)] == others


def test_the_second_time_it_is_the_trial() -> None:
    one = dispatcher(4)
    bundle = taken(one)
    suspect = bundle.open[0].trial.id
    one.heard(bundle, f"started {suspect} 7")
    one.lost(bundle)
    alone = taken(one)
    one.heard(alone, f"started {suspect} 7")
    assert one.lost(alone) == f"crashed {suspect}"
    assert suspect not in [job.trial.id for job in one.waiting]
    assert not one.alone


def test_where_nobody_begins_nobody_is_charged() -> None:
    """Our own node has just died, and Ray fails whatever it is given until the watch has seen it."""
    one = dispatcher(4)
    ran = taken(one)
    one.heard(ran, f"started {ran.open[0].trial.id} 7")
    assert one.lost(ran) is None
    for _ in range(20):
        assert one.lost(taken(one)) is None
    assert len(one.alone) + len(one.waiting) == 4


def test_who_does_not_begin_while_others_do_is_the_trial() -> None:
    one = dispatcher(40)
    bundle = taken(one)
    suspect = bundle.open[0].trial.id
    said = one.lost(bundle)
    for _ in range(2):
        assert said is None
        alone, other = taken(one), taken(one)
        assert [job.trial.id for job in alone.open] == [suspect]
        one.heard(other, f"started {other.open[0].trial.id} 8")
        said = one.lost(alone)
    assert said == f"crashed {suspect}"


def test_a_worker_that_dies_between_trials_costs_nothing() -> None:
    one = dispatcher(1)
    bundle = taken(one)
    one.heard(bundle, "started x 7")
    one.heard(bundle, "record {}")
    assert one.lost(bundle) is None
    assert one.next_bundle() is None


def test_a_trial_that_ran_past_its_deadline_timed_out() -> None:
    one = dispatcher(1, deadline=0.01)
    bundle = taken(one)
    suspect = bundle.open[0].trial.id
    one.heard(bundle, f"started {suspect} 7")
    time.sleep(0.02)
    assert one.lost(bundle) == f"timed_out {suspect}"
    assert one.next_bundle() is None


def test_suspects_are_tried_first_and_with_nothing_beside_them() -> None:
    one = dispatcher(10)
    one.suspects.extend(one.waiting.popleft() for _ in range(2))
    suspects = [job.trial.id for job in one.suspects]
    for suspect in suspects:
        assert one.next_bundle(away=1) is None
        assert [job.trial.id for job in taken(one).open] == [suspect]
    assert one.next_bundle(away=1) is None, "the last one is away"
    assert not one.is_empty
    assert len(taken(one).open) > 1
    assert one.next_bundle(away=1) is not None


# Trials that are trained together


def kinds(text: str, fused: int, deadline: float = 60.0, seconds: float = 0.1) -> Dispatcher:
    """A letter for the kind of each trial; "-" is trained alone."""
    waiting = jobs(len(text), seconds)
    given = deque(job.model_copy(update={"kind": kind.strip("-")}) for job, kind in zip(waiting, text, strict=True))
    return Dispatcher(given, slots=1, deadline=deadline, checkpoints="", fused=fused)


def test_what_is_trained_together_is_not_parted() -> None:
    one = kinds("aaaaabb--" + "c" * 30, fused=4, seconds=0.3)
    assert [len(taken(one).open) for _ in range(5)] == [4, 1 + 2, 2, 4, 4]


def test_kinds_are_not_mixed_and_no_kind_is_alone() -> None:
    found = [together(jobs, 3) for jobs in (kinds(text, 3).waiting for text in ("aaaa", "aab", "ab", "--", "-a"))]
    assert [len(group) for group in found] == [3, 2, 1, 1, 1]


def test_of_trials_together_each_is_a_suspect_and_tried_alone() -> None:
    one = kinds("aaab", fused=3)
    bundle = taken(one)
    group = [job.trial.id for job in bundle.open]
    assert len(group) == 3
    one.heard(bundle, f"started {group[0]} 7")
    assert one.lost(bundle) is None
    for suspect in group:
        alone = taken(one)
        assert [job.trial.id for job in alone.open] == [suspect]
        one.heard(alone, f"started {suspect} 7")
        assert one.lost(alone) == f"crashed {suspect}"
    assert len(taken(one).open) == 1


def test_trials_together_have_the_time_of_all() -> None:
    one = kinds("aaa", fused=3, deadline=0.05)
    bundle = taken(one)
    one.heard(bundle, f"started {bundle.open[0].trial.id} 7")
    bundle.since -= 0.1
    assert not one.is_late(bundle)
    bundle.since -= 0.1
    assert one.is_late(bundle)
    assert one.lost(bundle) is None, "nobody knows which of them hung"
    assert len(one.alone) == 3
