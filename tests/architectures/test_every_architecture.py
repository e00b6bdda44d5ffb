"""Every architecture of the catalogue, on every task it accepts: a new file is tested because it exists."""

from functools import cache
from itertools import product
from typing import get_args

import pytest
import torch
from torch import Tensor, nn
from torch.autograd import gradcheck
from torch.func import functional_call

from suite import catalog
from suite.data import Part, data
from suite.nn.block import Sublayer
from suite.nn.network import Network
from suite.objective import loss
from suite.train import build, evaluate
from suite.trial import Trial
from tasks.task import DataType

PAIRS = [p for p in product(catalog.task_names(), catalog.architecture_names()) if catalog.refusal(*p) is None]
CHEAP = {"width": 16, "depth": 2, "patch": 4}
TRICKS = [("norm", level) for level in ("none", "batch", "layer", "rms")] + [("residual", "none"), ("dropout", 0.5)]


@cache
def task_of(kind: DataType) -> str:
    """A task of that data type: the one with the smallest examples."""
    names = [name for name in catalog.task_names() if catalog.task(name).data == kind]
    return min(names, key=lambda name: torch.Size(catalog.task(name).shape).numel())


KINDS = [(a, kind) for a in catalog.architecture_names() for kind in catalog.architecture(a).ACCEPTS]

each_pair = pytest.mark.parametrize(("task", "architecture"), PAIRS)
each_kind = pytest.mark.parametrize(("architecture", "kind"), KINDS)


def network(task: str, architecture: str, **levels: object) -> nn.Module:
    return build(Trial(task=task, architecture=architecture).moved(CHEAP | levels))


def some(task: str, count: int = 8) -> Part:
    train = data(task, 0).train
    return Part(train.inputs[:count], train.targets[:count])


@each_pair
def test_it_answers_every_example(task: str, architecture: str) -> None:
    outputs = network(task, architecture)(some(task).inputs)
    assert outputs.shape == (8, catalog.task(task).outputs)
    assert outputs.isfinite().all()


@each_pair
def test_every_weight_matters(task: str, architecture: str) -> None:
    """A gradient reaches every parameter, and not all of it is zero."""
    net, part = network(task, architecture), some(task, 64)
    loss(catalog.task(task).target, net(part.inputs), part.targets).backward()
    assert [name for name, p in net.named_parameters() if p.grad is None or not p.grad.any()] == []


@each_pair
def test_evaluation_takes_each_example_for_itself(task: str, architecture: str) -> None:
    net, part = network(task, architecture, norm="batch", dropout=0.5).eval(), some(task)
    together = net(part.inputs)
    alone = torch.cat([net(one) for one in part.inputs.split(1)])
    torch.testing.assert_close(alone, together)


@each_pair
def test_it_sees_the_whole_example(task: str, architecture: str) -> None:
    net, x = network(task, architecture).eval(), some(task).inputs.clone().requires_grad_()
    net(x).square().sum().backward()
    assert x.grad is not None
    assert (x.grad != 0).flatten(1).float().mean() > 0.99


@each_pair
@pytest.mark.parametrize(("trick", "level"), TRICKS)
def test_every_trick_acts(task: str, architecture: str, trick: str, level: object) -> None:
    """Against an arm that has it at another level, from the same weights and on the same examples."""
    other = {"norm": "layer" if level != "layer" else "rms", "residual": "add", "dropout": 0.0}[trick]
    x = some(task).inputs * 3 + 1
    ours, theirs = (network(task, architecture, **{trick: at}) for at in (level, other))
    assert not ours(x).allclose(theirs(x), atol=1e-4)
    acts = not ours.eval()(x).allclose(theirs.eval()(x), atol=1e-4)
    assert acts == (trick != "dropout"), "dropout is off at evaluation, the others are part of the network"


@each_kind
def test_dropout_acts_in_training_only(architecture: str, kind: DataType) -> None:
    net, x = network(task_of(kind), architecture, dropout=0.5), some(task_of(kind)).inputs
    assert not net(x).allclose(net(x), atol=1e-4)
    assert net.eval()(x).equal(net(x))


@each_kind
def test_it_can_learn_thirty_two_examples_by_heart(architecture: str, kind: DataType) -> None:
    task = task_of(kind)
    net, part = network(task, architecture, width=32), some(task, 32)
    optimizer = torch.optim.AdamW(net.parameters(), lr=5e-3, weight_decay=0.0)
    target, value = catalog.task(task).target, torch.tensor(torch.inf)
    for _ in range(400):
        optimizer.zero_grad()
        value = loss(target, net(part.inputs), part.targets)
        value.backward()
        optimizer.step()
        if value < 0.02:
            break
    assert value < 0.02
    assert evaluate(net, catalog.task(task), part) > 0.95


@each_kind
@pytest.mark.parametrize("norm", ["layer", "batch"])
def test_gradients_agree_with_finite_differences(architecture: str, kind: DataType, norm: str) -> None:
    """Invariant X01, in double precision, through every mixer and the block around it."""
    task = task_of(kind)
    net = network(task, architecture, width=4, depth=1, patch=2, norm=norm).double()
    names, weights = zip(*net.named_parameters(), strict=True)
    x = some(task, 3).inputs.double().requires_grad_()

    def output(x: Tensor, *weights: Tensor) -> Tensor:
        return functional_call(net, dict(zip(names, weights, strict=True)), (x,))

    assert gradcheck(output, (x, *weights), fast_mode=True)


@each_pair
def test_only_the_block_holds_tricks(task: str, architecture: str) -> None:
    """The mixers of an architecture bring no norm and no dropout of their own."""
    net = network(task, architecture)
    assert isinstance(net, Network)
    blocks = [module for module in net.modules() if isinstance(module, Sublayer)]
    assert len(blocks) >= CHEAP["depth"]
    for block in blocks:
        kinds = {type(module).__name__ for module in block.mixer.modules()}
        assert not any("Norm" in kind or "Dropout" in kind for kind in kinds)


@pytest.mark.parametrize("name", catalog.architecture_names())
def test_it_says_what_it_accepts(name: str) -> None:
    accepts = catalog.architecture(name).ACCEPTS
    assert accepts
    assert set(accepts) <= set(get_args(DataType))


def test_every_data_type_is_accepted_by_two() -> None:
    """A comparison needs two."""
    for kind in get_args(DataType):
        assert sum(kind in catalog.architecture(a).ACCEPTS for a in catalog.architecture_names()) >= 2
