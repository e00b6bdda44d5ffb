"""A trial that a group of processes trains is the trial trained alone, up to rounding.

One group of three processes, connected by gloo, does all the work of the first part; batches of 16 are split unevenly.
"""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import Pipe, get_context
from pathlib import Path
from threading import Thread
from typing import Any

import psutil
import pytest
import torch
from torch import Tensor, distributed, nn

from suite import catalog, checkpoint, parallel, splitting
from suite.course import weights_digest
from suite.data import data
from suite.group import _answer, train_in_group
from suite.numerics import settled
from suite.parallel import Failed, Member, PeerLost, learn, train_part
from suite.plan import execution, today
from suite.record import Record, Result
from suite.resources import Resources
from suite.splitting import _double, refusal
from suite.train import _learn, begin, build, train
from suite.trial import Trial

SIZE = 3
MODE = f"parallel-{SIZE}"
TINY: dict[str, Any] = {"width": 8, "depth": 2, "patch": 4, "steps": 10, "batch": 16}


def trial(architecture: str = "mlp", task: str = "image/digits", **levels: Any) -> Trial:
    """Few steps: where processes share cores with others, each message waits for its turn."""
    return Trial(task=task, architecture=architecture).moved(TINY | levels)


ALIKE = (
    trial("mlp"),
    trial("cnn", augmentation="mixup", loss="focal", label_smoothing=0.1),
    trial("transformer", norm="rms", clip=0.5, optimizer="momentum", rate=1e-2),
    trial("gru", augmentation="light", dropout=0.3, dropout_kind="cutout"),
    trial("vit", norm="group", sparsity="l1", batch=7),
    trial("mixture_of_experts", task="tabular/diabetes", loss="huber"),
    trial("transformer", task="sequence/sorting", patch=1),
    trial("gcn", task="graph/circular_skip_links", patch=1),
    trial("mlp", optimizer="gd", steps=5),
)
ENDING = {
    "finished": trial(),
    "halved": trial(precision="bfloat16"),
    "impatient": trial(steps=50, rate=1e-9, patience=1),
    "diverged": trial(rate=1e30),
    "failed": trial("mlp", task="tabular/breast_cancer", patch=1, augmentation="cutmix"),
    "too small": trial(batch=2),
}


@dataclass(frozen=True)
class Done:
    """What the processes of one group say: losses and weights of ALIKE, how ENDING ended, and a training resumed."""

    alike: list[tuple[Tensor, dict[str, Tensor], list[str]]]
    ended: dict[str, str]
    resumed: tuple[str, str]


def member(rank: int, folder: str) -> None:
    """One process of the group; the first one leaves what it has to say in the folder."""
    distributed.init_process_group("gloo", init_method=f"file://{folder}/meeting", rank=rank, world_size=SIZE)
    me = Member(rank, SIZE)
    with settled():
        alike = [learned(asked, me) for asked in ALIKE]
    ended = {name: ending(asked) for name, asked in ENDING.items()} | {"invalid": invalid()}
    resumed = whole_and_resumed(me, Path(folder))
    if me.is_first:
        torch.save((alike, ended, resumed), f"{folder}/done")
    distributed.destroy_process_group()


def learned(asked: Trial, me: Member) -> tuple[Tensor, dict[str, Tensor], list[str]]:
    """Losses and weights in float64, and a digest of the weights in every process."""
    training = begin(build(asked).double(), asked)
    part = _double(data(asked.task, asked.seed).train)
    losses = torch.cat(list(learn(training, asked, catalog.task(asked.task), part, me)))
    digests = [""] * me.size
    distributed.all_gather_object(digests, weights_digest(training.network))
    return losses, training.network.state_dict(), digests


def ending(asked: Trial) -> str:
    try:
        record = train_part(asked, MODE)
    except Failed as error:
        return str(error)
    return record.to_json() if record else ""


def invalid() -> str:
    """How a training ends whose network says a word where numbers are due."""
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(parallel, "build", lambda asked: Wordy(build(asked)))
        return ending(trial())


class Wordy(nn.Module):
    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> str:
        return "0.9"


def whole_and_resumed(me: Member, folder: Path) -> tuple[str, str]:
    """The weights of a training that kept its state on the way, and of one that went on from there."""
    asked, kept = trial(steps=20), folder / "kept"
    task, examples = catalog.task(asked.task), data(asked.task, asked.seed)
    found = []
    for path in (folder / "state", kept):
        keeper = checkpoint.Keeper(path if me.is_first else None, every=0.0)
        keeper.discard = lambda: None  # type: ignore[method-assign]
        if path != kept and me.is_first:
            save = keeper.save

            def once(state: dict[str, Any], save: Any = save, path: Path = path) -> None:
                save(state)
                if not kept.exists():
                    shutil.copy(path, kept)

            keeper.save = once  # type: ignore[method-assign]
        with settled():
            result = parallel._fit(build(asked), asked, task, examples, keeper, me)
        found.append(result.model_dump_json() if result else "")
    return found[0], found[1]


@pytest.fixture(scope="module")
def done() -> Iterator[Done]:
    with tempfile.TemporaryDirectory() as folder:
        place = get_context("spawn")
        processes = [place.Process(target=member, args=(rank, folder), daemon=True) for rank in range(SIZE)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
            assert process.exitcode == 0
        yield Done(*torch.load(f"{folder}/done", weights_only=True))


# The same training


@pytest.mark.parametrize(
    "place", range(len(ALIKE)), ids=lambda place: f"{ALIKE[place].task}-{ALIKE[place].architecture}"
)
def test_a_group_trains_as_one_process_does(done: Done, place: int) -> None:
    """In float64, so that no difference hides in rounding: losses of whole batches, and weights after all steps."""
    asked, (losses, weights, _) = ALIKE[place], done.alike[place]
    training = begin(build(asked).double(), asked)
    with settled():
        part = _double(data(asked.task, asked.seed).train)
        alone = torch.cat(list(_learn(training, asked, catalog.task(asked.task), part)))
    torch.testing.assert_close(losses, alone, rtol=1e-9, atol=1e-12)
    theirs = training.network.state_dict()
    assert weights.keys() == theirs.keys()
    for name in weights:
        torch.testing.assert_close(weights[name], theirs[name], rtol=1e-6, atol=1e-8)


def test_all_processes_end_with_the_same_bits(done: Done) -> None:
    assert [len(set(digests)) for _, _, digests in done.alike] == [1] * len(ALIKE)


@pytest.mark.parametrize("name", ["finished", "halved", "impatient", "diverged"])
def test_a_group_has_the_record_that_one_process_has(done: Done, name: str) -> None:
    """In float32, as always: losses within 1e-4 of their size, scores within 0.02, and early ends at the same step."""
    record, alone = Record.from_json(done.ended[name]), train(ENDING[name])
    assert record.trial == alone.trial
    assert (record.result.outcome, record.result.message) == (alone.result.outcome, alone.result.message)
    assert record.result.steps == alone.result.steps
    assert [p.step for p in record.result.curve] == [p.step for p in alone.result.curve]
    tolerance = 1e-2 if name == "halved" else 1e-4
    losses = [p.loss for p in alone.result.curve]
    assert [p.loss for p in record.result.curve] == pytest.approx(losses, rel=tolerance)
    if alone.result.test is not None:
        assert record.result.test == pytest.approx(alone.result.test, abs=0.02)
    assert (record.cost.parameters, record.cost.flops) == (alone.cost.parameters, alone.cost.flops)
    assert record.model_dump().keys() == alone.model_dump().keys()


def test_patience_ended_before_the_budget(done: Done) -> None:
    assert Record.from_json(done.ended["impatient"]).result.steps < 50


def test_what_training_raises_is_said_as_it_is_alone(done: Done) -> None:
    result = Result.model_validate_json(done.ended["failed"])
    assert (result.outcome, result.message) == ("failed", train(ENDING["failed"]).result.message)


def test_what_is_no_result_is_invalid_as_it_is_alone(done: Done) -> None:
    result = Result.model_validate_json(done.ended["invalid"])
    assert result.outcome == "invalid"
    assert "the network gave str where" in (result.message or "")


def test_a_process_without_an_example_changes_nothing(done: Done) -> None:
    """A batch of two for three processes, which a study is not given, but whose mean must not be of nothing."""
    losses = [point.loss for point in Record.from_json(done.ended["too small"]).result.curve]
    assert losses == pytest.approx([point.loss for point in train(ENDING["too small"]).result.curve], rel=1e-4)


def test_a_training_that_goes_on_where_it_stood_ends_with_the_same_bits(done: Done) -> None:
    whole, resumed = done.resumed
    assert Result.model_validate_json(whole).outcome == "finished"
    assert resumed == whole


@pytest.mark.parametrize(("length", "sizes"), [(16, [6, 5, 5]), (2, [1, 1, 0]), (6, [2, 2, 2])])
def test_slices_are_all_of_a_batch_in_its_order(length: int, sizes: list[int]) -> None:
    shares = [list(range(length))[Member(rank, SIZE).slice(length)] for rank in range(SIZE)]
    assert [len(share) for share in shares] == sizes
    assert [row for share in shares for row in share] == list(range(length))


# How it is answered, and tried again


def test_a_group_on_this_machine_gives_the_record_of_its_mode() -> None:
    record = train_in_group(trial(), "parallel-2")
    assert record.provenance.execution == "parallel-2" == execution(trial(), 1, Resources(processes=2))
    assert record.answered_by == today(trial(), "parallel-2").answered_by
    assert record.answered_by != today(trial()).answered_by
    assert record.id == trial().id


def test_what_one_process_raises_is_the_record() -> None:
    record = train_in_group(ENDING["failed"], "parallel-2")
    assert (record.result.outcome, record.provenance.execution) == ("failed", "parallel-2")
    assert record.provenance.data == today(ENDING["failed"], "parallel-2").data


def test_what_one_process_raises_explains_that_the_others_lost_it() -> None:
    """Both words are there when somebody listens, the first process's first."""
    first, told = Pipe(duplex=False)
    second, said = Pipe(duplex=False)
    told.send(("lost", "Connection closed by peer"))
    said.send(("failed", Result(outcome="invalid", steps=0, message="the network gave str").model_dump_json()))
    record = _answer(trial(), "parallel-2", [first, second])
    assert (record.result.outcome, record.result.message) == ("invalid", "the network gave str")
    assert record.provenance.execution == "parallel-2"
    third, last = Pipe(duplex=False)
    last.send(("lost", "Connection closed by peer"))
    last.close()
    with pytest.raises(PeerLost, match="closed by peer"):
        _answer(trial(), "parallel-2", [third])


def test_a_group_that_loses_a_process_ends() -> None:
    raised: list[BaseException] = []

    def run() -> None:
        try:
            train_in_group(trial(steps=1_000_000), "parallel-2")
        except PeerLost as error:
            raised.append(error)

    thread = Thread(target=run)
    thread.start()
    found: list[psutil.Process] = []
    while len(found) < 2:
        assert thread.is_alive()
        living = [p for p in psutil.Process().children() if p.status() != psutil.STATUS_ZOMBIE]
        found = [p for p in living if "spawn_main" in " ".join(p.cmdline())]
    found[1].kill()
    thread.join(60)
    assert not thread.is_alive()
    assert len(raised) == 1
    _, alive = psutil.wait_procs(found, timeout=10)
    assert alive == []


# What cannot be split


@pytest.mark.parametrize(
    ("levels", "reason"),
    [
        ({"norm": "batch"}, "norm batch takes its mean over the batch"),
        ({"dropout": 0.1}, "dropout draws its masks in the network"),
        ({"tuning": "full"}, "tuning full trains beforehand"),
        ({"batch": 3}, "a batch of 3 has too few examples for 4 processes"),
    ],
)
def test_what_would_be_another_training_is_refused(levels: dict[str, Any], reason: str) -> None:
    assert reason in str(refusal(trial(**levels), 4))


@pytest.mark.parametrize("levels", [{}, {"dropout": 0.3, "dropout_kind": "cutout"}, {"batch": 4}, {"norm": "group"}])
def test_the_rest_is_not(levels: dict[str, Any]) -> None:
    assert refusal(trial(**levels), 4) is None


def test_bfloat16_is_of_the_processor() -> None:
    assert refusal(trial(precision="bfloat16"), 2) is None
    assert "for the processor" in str(refusal(trial(precision="bfloat16"), 2, on_gpu=True))


TASKS = (
    "image/digits",
    "text/brackets",
    "graph/circular_skip_links",
    "tabular/breast_cancer",
    "multimodal/image_xor_text",
)


@pytest.mark.parametrize("architecture", catalog.architecture_names())
def test_every_architecture_can_be_split(architecture: str) -> None:
    task = next((task for task in TASKS if not catalog.refusal(task, architecture)), None)
    if task is None:
        pytest.skip("it takes none of the tasks that are tried here")
    assert refusal(trial(architecture, task=task, patch=4 if task == "image/digits" else 1), 3) is None


class OfTheBatch(nn.Module):
    """Answers an example by how far it is from the mean of its batch."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Linear(64, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = x.flatten(1)
        return self.head(x - x.mean(0))


def test_a_network_that_compares_examples_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "build", lambda _: OfTheBatch())
    assert "by others of its batch" in str(refusal(trial("mlp", width=11), 2))
