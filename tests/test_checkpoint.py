"""A trial that is killed and goes on from its checkpoint ends with the bits of one that never stopped."""

from pathlib import Path
from typing import Any

import pytest
import torch

from suite import checkpoint
from suite.checkpoint import Keeper
from suite.train import train
from suite.trial import Trial

LEVELS: list[dict[str, Any]] = [
    {"dropout": 0.3, "norm": "batch"},
    {"augmentation": "mixup"},
    {"augmentation": "light", "dropout": 0.2},
    {"optimizer": "momentum", "augmentation": "strong", "dropout": 0.2, "dropout_kind": "cutout"},
    {"optimizer": "sgd", "dropout": 0.2, "dropout_kind": "connect", "clip": 0.1},
    {"optimizer": "gd", "precision": "bfloat16"},
    {"optimizer": "adam", "sparsity": "product", "augmentation": "cutmix"},
    {"sparsity": "l1", "patience": 100, "rate": 0.3, "norm": "none"},
    {"sparsity": "product", "patience": 2, "rate": 0.3, "dropout": 0.1, "dropout_samples": 2},
    {"tuning": "lora", "dropout": 0.2, "patience": 100},
    {"tuning": "full", "norm": "batch", "optimizer": "momentum"},
    {"activation": "kernel", "residual": "zero", "norm": "group", "norm_place": "post", "dropout": 0.1},
]


class Killed(BaseException):
    """Not an Exception, so that training does not take it for a failure of its own."""


def trial(**levels: Any) -> Trial:
    return Trial(task="image/digits", architecture="mlp").moved({"steps": 100, "width": 8, "depth": 2, **levels})


def killed_at(monkeypatch: pytest.MonkeyPatch, folder: Path, one: Trial, point: int) -> None:
    """Train until that point of the curve, saving at every point, and end there as if the process were gone."""
    saved = Keeper.save

    def save(self: Keeper, state: dict[str, Any]) -> None:
        saved(self, state)
        if len(state["curve"]) == point:
            raise Killed

    with monkeypatch.context() as context:
        context.setattr(checkpoint, "EVERY", 0.0)
        context.setattr(Keeper, "__init__", always)
        context.setattr(Keeper, "save", save)
        with pytest.raises(Killed):
            train(one, checkpoints=folder)


def always(self: Keeper, path: Path | None) -> None:
    self._path, self._every, self._saved = path, 0.0, 0.0


@pytest.mark.parametrize("levels", LEVELS, ids=str)
@pytest.mark.parametrize("point", [1, 5, 9])
def test_steps_in_two_goes_are_steps_in_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, levels: dict[str, Any], point: int
) -> None:
    one = trial(**levels)
    killed_at(monkeypatch, tmp_path, one, point)
    (file,) = tmp_path.iterdir()
    assert file.name.startswith(one.id)
    steps: list[int] = []
    restored = torch.nn.Module.load_state_dict
    monkeypatch.setattr(torch.nn.Module, "load_state_dict", lambda *a, **k: (steps.append(1), restored(*a, **k))[1])
    again = train(one, checkpoints=tmp_path)
    assert steps, "it began anew"
    assert again.result == train(one).result
    assert list(tmp_path.iterdir()) == []


def test_a_short_trial_writes_nothing(tmp_path: Path) -> None:
    train(trial(), checkpoints=tmp_path / "checkpoints")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("harm", ["flip", "cut", "empty"])
def test_a_damaged_checkpoint_is_not_gone_on_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str) -> None:
    one = trial()
    killed_at(monkeypatch, tmp_path, one, 3)
    (file,) = tmp_path.iterdir()
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes({"flip": bytes(data), "cut": bytes(data[:-9]), "empty": b""}[harm])
    assert Keeper(file).restore() is None
    assert train(one, checkpoints=tmp_path).result == train(one).result


def test_nothing_in_a_checkpoint_is_run(tmp_path: Path) -> None:
    import io
    import os

    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.system, (f"touch {tmp_path / 'owned'}",)

    buffer = io.BytesIO()
    torch.save({"step": Evil()}, buffer)
    file = tmp_path / "evil.checkpoint"
    file.write_bytes(checkpoint._digest(buffer.getvalue()) + buffer.getvalue())
    with pytest.raises(Exception, match=r"(?i)weights.only"):
        Keeper(file).restore()
    assert not (tmp_path / "owned").exists()


def test_another_answer_does_not_go_on_from_it(tmp_path: Path) -> None:
    assert checkpoint.path(tmp_path, "abc", "old") != checkpoint.path(tmp_path, "abc", "new")


def test_what_is_left_of_answered_trials_is_cleared(tmp_path: Path) -> None:
    folder = tmp_path / "checkpoints"
    for trial_id in ("aaa", "bbb"):
        Keeper(checkpoint.path(folder, trial_id, "x")).save({"step": 1})
    checkpoint.clear(folder, keep={"bbb"})
    assert [file.name for file in folder.iterdir()] == ["bbb-x.checkpoint"]
    checkpoint.clear(folder, keep=())
    assert not folder.exists()


def test_a_disk_that_takes_no_more_does_not_end_a_trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Keeper, state: dict[str, Any]) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Keeper, "__init__", always)
    monkeypatch.setattr(Keeper, "_write", full)
    assert train(trial(), checkpoints=tmp_path).result.outcome == "finished"
