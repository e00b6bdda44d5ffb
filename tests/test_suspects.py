"""Which trial is to blame for an engine that was lost."""

from suite.suspects import Suspects


def lost(suspects: Suspects, *away: str) -> tuple[str | None, list[str]]:
    suspects.send(away)
    guilty, suspected = suspects.lose()
    return guilty, list(suspected)


def test_what_was_away_twice_is_suspected_and_what_is_lost_alone_then_is_to_blame() -> None:
    suspects = Suspects()
    assert lost(suspects, "a", "b", "c") == (None, [])
    assert lost(suspects, "b", "c", "d") == (None, ["b", "c"])
    suspects.send("b")
    suspects.clear("b")
    assert lost(suspects, "c") == ("c", [])
    assert not suspects.away


def test_a_loss_with_nothing_away_is_nobody_s_fault() -> None:
    suspects = Suspects()
    assert lost(suspects, "a", "b") == (None, [])
    assert lost(suspects) == (None, [])
    assert not suspects.is_suspect("a")


def test_alone_the_first_time_is_no_proof() -> None:
    suspects = Suspects()
    assert lost(suspects, "a") == (None, [])
    assert lost(suspects, "b") == (None, [])
    assert lost(suspects, "a") == ("a", [])


def test_what_waits_again_was_not_away() -> None:
    suspects = Suspects()
    suspects.send(["a", "b"])
    suspects.clear(["b", "c"])
    assert lost(suspects) == (None, [])
    assert lost(suspects, "b", "a") == (None, ["a"])
