"""A worker takes its share of the memory and no more, and what stays below has the bits it always had."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from suite.memory import LEAST, total
from suite.train import train
from suite.trial import Trial

TRIAL = Trial(task="tabular/breast_cancer", architecture="mlp").moved({"steps": 5, "width": 8, "depth": 1})
CODE = """
import torch
from suite.memory import bound
from suite.train import train
from suite.trial import Trial
bound(0.0)
asked = Trial(task="tabular/breast_cancer", architecture="mlp").moved({"steps": 5, "width": 8, "depth": 1})
print(train(asked).result.digest)
held = torch.empty(LEAST // 2, dtype=torch.uint8)
greedy = train(asked.model_copy(update={"architecture": "greedy"})).result
print(greedy.outcome, greedy.message.split(":")[0])
print(train(asked).result.digest)
"""
GREEDY = """
import LIBRARY
ACCEPTS = ("tabular",)
def build(task, size, tricks):
    return LIBRARY.empty(LEAST, dtype=LIBRARY.uint8)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="bounded on Linux only")
@pytest.mark.parametrize("library", ["torch", "numpy"])
def test_a_greedy_trial_is_out_of_memory_and_the_next_one_is_well(
    tree: Path, python: Callable[..., str], library: str
) -> None:
    greedy = GREEDY.replace("LIBRARY", library).replace("LEAST", str(LEAST))
    (tree / "suite/architectures/greedy.py").write_text(greedy)
    before, ended, after = python(CODE.replace("LEAST", str(LEAST)), path=tree).splitlines()
    assert ended.startswith("out_of_memory")
    assert before == after == train(TRIAL).result.digest


def test_there_is_memory() -> None:
    assert 2**28 < total() < 2**50
