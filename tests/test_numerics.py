"""Inside it is settled, outside it is as it was; and nothing that the class does not tell changes a bit."""

import pytest
import torch

from suite.backend import _environment
from suite.numerics import numerics_class, settled
from suite.protocol import EMBEDDED, Place
from suite.reproduction.fresh import Place as Tree
from suite.reproduction.fresh import train_again
from suite.train import train
from suite.trial import Trial

UNSEEN = {"MKL_CBWR": "COMPATIBLE", "ONEDNN_MAX_CPU_ISA": "SSE41", "DNNL_DEFAULT_FPMATH_MODE": "BF16"}
TRIAL = Trial(task="tabular/breast_cancer", architecture="mlp").moved({"steps": 20, "width": 32, "depth": 2})


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


@pytest.fixture
def unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in UNSEEN.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("unseen")
@pytest.mark.parametrize("place", [EMBEDDED, Place(ray="127.0.0.1:1")])
def test_no_worker_has_what_changes_bits_unseen(place: Place) -> None:
    found = _environment(place)
    assert not UNSEEN.keys() & found.keys()
    assert (found["OMP_NUM_THREADS"], found["MKL_NUM_THREADS"]) == ("1", "1")


def test_a_record_is_made_again_with_its_bits(request: pytest.FixtureRequest) -> None:
    here = train(TRIAL)
    request.getfixturevalue("unseen")
    assert train_again(here, Tree()).result.digest == here.result.digest
