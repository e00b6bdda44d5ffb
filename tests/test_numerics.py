"""Inside it is settled, outside it is as it was."""

import torch

from suite.numerics import numerics_class, settled


def flushes() -> bool:
    return not (torch.tensor([1e-40]) * 1).any()


def test_everything_that_can_change_a_bit_is_settled_inside() -> None:
    with settled():
        assert torch.get_num_threads() == 1
        assert torch.are_deterministic_algorithms_enabled()
        assert flushes()


def test_it_is_as_it_was_outside() -> None:
    try:
        for threads, flush, warn_only in ((2, True, True), (1, False, False)):
            torch.set_num_threads(threads)
            torch.set_flush_denormal(flush)
            torch.use_deterministic_algorithms(warn_only, warn_only=warn_only)
            with settled(), settled():
                pass
            assert torch.get_num_threads() == threads
            assert flushes() == flush
            assert torch.are_deterministic_algorithms_enabled() == warn_only
            assert torch.is_deterministic_algorithms_warn_only_enabled() == warn_only
    finally:
        torch.set_num_threads(1)
        torch.set_flush_denormal(False)
        torch.use_deterministic_algorithms(False)


def test_the_class_is_plain_text() -> None:
    assert numerics_class()["torch"] == torch.__version__
    assert all(isinstance(value, str) for value in numerics_class().values())
