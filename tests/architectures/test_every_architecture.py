"""Every architecture of the catalogue, on every kind of task it takes: a new file is tested because it exists."""

from typing import get_args

import pytest
import torch
from torch import Tensor, nn
from torch.autograd import gradcheck
from torch.func import functional_call

from suite import catalog
from suite.data import Part
from suite.evaluation import evaluate
from suite.graphs import Graphs
from suite.nn.block import Sublayer
from suite.nn.network import Network
from suite.objective import answers, loss
from tasks.modes import Modes
from tasks.task import DataType
from tests.doubled import doubled, vars_of
from tests.specimens import CLASSES, PADDING, SPECIMENS, network, pairs

OTHER: dict[str, object] = {
    "norm": "none",
    "norm_place": "pre",
    "residual": "add",
    "dropout": 0.0,
    "dropout_kind": "element",
}
ONE_PLACE = ("mlp", "kan", "mixture_of_experts", "neural_ode")  # to them a whole example is one place
LEVELS: list[dict[str, object]] = [
    *({"norm": level} for level in ("batch", "layer", "group", "instance", "rms", "layer_all")),
    {"norm_place": "post"},
    *({"residual": level} for level in ("none", "scaled", "gated", "zero")),
    *({"dropout": 0.5, "dropout_kind": kind} for kind in ("element", "spatial", "connect", "depth")),
]

each_pair = pytest.mark.parametrize(("specimen", "architecture"), pairs())
padded = [
    (specimen, architecture)
    for specimen, architecture in pairs()
    if specimen in ("ragged series", "text", "tags", "modes")
]
causal = [(specimen, architecture) for specimen, architecture in pairs() if SPECIMENS[specimen].task.causal]


LONG = ("volume", "audio")  # in steps of two, because they take the longest to learn


# Where the definition forbids it.
NOT_BY_HEART: dict[str, tuple[str, ...]] = {
    # Fewer numbers in an example than there are examples: an affine map cannot give them any answers.
    "linear": (
        "table",
        "mixed table",
        "series",
        "ragged series",
        "audio",
        "numbers in a row",
        "graphs",
        "nodes",
        "edges",
    ),
    "identity_mixer": ("tags",),  # the same token at the same place is answered the same, whatever its neighbours
}


def asked(specimen: str, net: nn.Module, part: Part) -> tuple[Tensor, Tensor]:
    return answers(SPECIMENS[specimen].task, net(part.inputs), part.targets)


def varied(inputs: Tensor | Graphs | Modes, change: float) -> Tensor | Graphs | Modes:
    """Numbers scaled and shifted; tokens as they are."""
    match inputs:
        case Modes():
            return Modes(tuple(varied(part, change) for part in inputs.parts))
        case Graphs():
            return Graphs(**{**vars_of(inputs), "nodes": inputs.nodes * 3 + change})
    return inputs * 3 + change if inputs.is_floating_point() else inputs


@each_pair
def test_it_answers_what_is_asked(specimen: str, architecture: str) -> None:
    task, part = SPECIMENS[specimen].task, SPECIMENS[specimen].part(8)
    outputs, targets = asked(specimen, network(specimen, architecture), part)
    assert outputs.shape == (len(targets), task.outputs)
    assert outputs.isfinite().all()


@each_pair
def test_every_weight_matters(specimen: str, architecture: str) -> None:
    """A gradient reaches every parameter, and not all of it is zero."""
    net, part = network(specimen, architecture), SPECIMENS[specimen].part(32)
    loss(SPECIMENS[specimen].task.target, *asked(specimen, net, part)).backward()
    learned = [(name, p) for name, p in net.named_parameters() if p.requires_grad]
    assert [name for name, p in learned if p.grad is None or not p.grad.any()] == []


@each_pair
def test_evaluation_takes_each_example_for_itself(specimen: str, architecture: str) -> None:
    part = SPECIMENS[specimen].part(8)
    net = network(specimen, architecture, norm="batch", dropout=0.5).eval()
    together, _ = asked(specimen, net, part)
    alone = torch.cat([asked(specimen, net, one)[0] for one in part.split(1)])
    torch.testing.assert_close(alone, together, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("levels", LEVELS, ids=str)
@pytest.mark.parametrize("architecture", catalog.architecture_names())
def test_every_trick_acts(architecture: str, levels: dict[str, object]) -> None:
    """Against an arm that has it at another level, from the same weights and on the same examples."""
    specimen = next(specimen for specimen, name in pairs() if name == architecture)
    x = SPECIMENS[specimen].part(8).inputs
    if not SPECIMENS[specimen].task.categories:
        x = varied(x, 1.0)
    if "instance" in levels.values() and architecture in ONE_PLACE:
        pytest.skip("instance normalization of an example that is one place leaves nothing of it")
    ours, theirs = (network(specimen, architecture, **at) for at in (levels, {name: OTHER[name] for name in levels}))
    if not any(isinstance(module, Sublayer) for module in ours.modules()):
        pytest.skip(f"{architecture} has no blocks")
    assert not ours(x).allclose(theirs(x), atol=1e-4)
    acts = not ours.eval()(x).allclose(theirs.eval()(x), atol=1e-4)
    assert acts == ("dropout" not in levels), "dropout is off at evaluation, the others are part of the network"


@each_pair
def test_it_can_learn_thirty_two_examples_by_heart(specimen: str, architecture: str) -> None:
    if specimen in NOT_BY_HEART.get(architecture, ()):
        pytest.skip(f"{architecture} cannot by its definition")
    task, part = SPECIMENS[specimen].task, SPECIMENS[specimen].part(32)
    net = network(specimen, architecture, width=32, patch=2 if specimen in LONG else 1)
    optimizer = torch.optim.AdamW(net.parameters(), lr=5e-3, weight_decay=0.0)
    value = torch.tensor(torch.inf)
    for _ in range(600):
        optimizer.zero_grad()
        value = loss(task.target, *asked(specimen, net, part))
        value.backward()
        optimizer.step()
        if value < 0.02:
            break
    assert value < 0.02
    assert evaluate(net, task, part) > 0.95


@each_pair
@pytest.mark.parametrize("norm", ["layer", "batch"])
def test_gradients_agree_with_finite_differences(specimen: str, architecture: str, norm: str) -> None:
    """Invariant X01, in double precision, through every mixer and the block around it."""
    net = network(specimen, architecture, width=4, depth=1, patch=2, norm=norm).double()
    part = SPECIMENS[specimen].part(3)
    names, weights = zip(*((n, p) for n, p in net.named_parameters() if p.requires_grad), strict=True)
    inputs = doubled(part.inputs)

    def output(*weights: Tensor) -> Tensor:
        return functional_call(net, dict(zip(names, weights, strict=True)), (inputs,))

    assert gradcheck(output, weights, fast_mode=True)


@pytest.mark.parametrize(("specimen", "architecture"), padded)
def test_padding_changes_nothing(specimen: str, architecture: str) -> None:
    """Invariant X22: examples give the same answers without the places that are empty in all of them."""
    part = SPECIMENS[specimen].part(8)
    net = network(specimen, architecture).eval()
    if not getattr(catalog.architecture(architecture), "KEEPS_PLACES", True):
        pytest.skip(f"{architecture} takes examples of one length")
    expected, _ = asked(specimen, net, part)
    shorter = Part(shortened(part.inputs), part.targets)
    torch.testing.assert_close(asked(specimen, net, shorter)[0], expected, rtol=1e-4, atol=1e-5)


def shortened(inputs: Tensor | Graphs | Modes) -> Tensor | Modes:
    if isinstance(inputs, Modes):
        *others, tokens = inputs.parts
        return Modes((*others, shortened(tokens)))
    assert isinstance(inputs, Tensor)
    return inputs[:, :-PADDING]


@pytest.mark.parametrize(("specimen", "architecture"), causal)
def test_causal_means_causal(specimen: str, architecture: str) -> None:
    """Invariant X11: what comes later changes nothing, and what came earlier does."""
    net, part = network(specimen, architecture).eval(), SPECIMENS[specimen].part(8)
    assert isinstance(part.inputs, Tensor)
    middle = 8
    later, earlier = part.inputs.clone(), part.inputs.clone()
    later[:, middle:] = later[:, middle:] % 10 + 1
    earlier[:, : middle - 1] = earlier[:, : middle - 1] % 10 + 1
    before = net(part.inputs)
    torch.testing.assert_close(net(later)[:, :middle], before[:, :middle])
    assert not net(earlier)[:, middle - 1].allclose(before[:, middle - 1], atol=1e-5)


@each_pair
def test_only_the_block_holds_tricks(specimen: str, architecture: str) -> None:
    """The mixers of an architecture bring no norm and no dropout of their own."""
    net = network(specimen, architecture)
    assert isinstance(net, Network)
    for block in (module for module in net.modules() if isinstance(module, Sublayer)):
        kinds = {type(module).__name__ for module in block.mixer.modules()}
        assert not any("Norm" in kind or "Dropout" in kind for kind in kinds)


@pytest.mark.parametrize("name", catalog.architecture_names())
def test_it_says_what_it_accepts(name: str) -> None:
    accepts = catalog.architecture(name).ACCEPTS
    assert accepts
    assert set(accepts) <= set(get_args(DataType))
    assert {SPECIMENS[specimen].task.data for specimen, architecture in pairs() if architecture == name} == set(accepts)


def test_every_data_type_is_accepted_by_two() -> None:
    """A comparison needs two."""
    for kind in get_args(DataType):
        assert sum(kind in catalog.architecture(a).ACCEPTS for a in catalog.architecture_names()) >= 2


def test_specimens_are_of_every_data_type() -> None:
    assert {specimen.task.data for specimen in SPECIMENS.values()} == set(get_args(DataType))
    assert all(specimen.task.outputs >= min(CLASSES, 2) for specimen in SPECIMENS.values())
