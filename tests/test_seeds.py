"""Random streams are named: who draws first does not matter, and nobody else notices."""

from collections.abc import Callable
from itertools import product

import torch

from suite.seeds import fixed, numpy_stream, stream, torch_stream


def test_streams_are_those_they_always_were(python: Callable[..., str]) -> None:
    known = 1038086883883513135
    assert stream("image/digits", 0, "order", 3) == known
    code = "from suite.seeds import stream; print(stream('image/digits', 0, 'order', 3))"
    assert int(python(code, PYTHONHASHSEED="7")) == known


def test_every_purpose_has_its_own() -> None:
    names = [
        (task, seed, *purpose)
        for task, seed in product(("a", "b", "a1"), range(12))
        for purpose in (("init",), ("order", 1), ("order", 11), ("order", "1", 1), ("noise",), ("init", "order"))
    ]
    assert len({stream(*name) for name in names}) == len(names)


def test_a_stream_begins_anew_for_everybody_who_asks() -> None:
    assert torch.rand(3, generator=torch_stream("t", 0, "x")).equal(torch.rand(3, generator=torch_stream("t", 0, "x")))
    assert (numpy_stream("t", 0, "x").random(3) == numpy_stream("t", 0, "x").random(3)).all()


def test_fixed_leaves_no_trace() -> None:
    torch.manual_seed(5)
    expected = torch.rand(2)
    torch.manual_seed(5)
    with fixed(1):
        inside = torch.rand(2)
    assert torch.rand(2).equal(expected)
    with fixed(1):
        assert torch.rand(2).equal(inside)
