"""A trial's id changes exactly when what was asked changes; what cannot be asked is refused in one sentence."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as some

from suite.trial import GROUP_OF, KINDS, PROTOCOL, Trial, canonical

DEFAULTS = {
    **{"norm": "layer", "residual": "add", "dropout": 0.0, "augmentation": "none"},
    **{"width": 64, "depth": 4, "patch": 1},
    **{"steps": 1000, "batch": 64, "rate": 1e-3, "weight_decay": 1e-2},
}
START = Trial(task="image/digits", architecture="mlp")

# Every one of these is on disk in somebody's ledger: if a change to the code changes them, it must raise PROTOCOL.
GOLDEN = {
    "9d3e59fe4a80": {},
    "9ca51896dc21": {"norm": "batch"},
    "bab11d334099": {"norm": "rms", "residual": "none", "dropout": 0.1, "augmentation": "mixup"},
    "9b0660260c95": {"width": 32, "depth": 8, "patch": 4, "steps": 100, "batch": 32, "rate": 3e-3, "weight_decay": 0},
}


@pytest.mark.parametrize(("known", "levels"), list(GOLDEN.items()))
def test_ids_are_those_they_always_were(known: str, levels: dict[str, Any]) -> None:
    assert START.moved(levels).id == known


def test_ids_are_the_hash_of_canonical_json() -> None:
    asked = {
        "architecture": "mlp",
        "protocol": 1,
        "size": {"depth": 8},
        "task": "image/digits",
        "tricks": {"norm": "rms"},
    }
    text = json.dumps(asked, separators=(",", ":"))
    assert START.moved({"depth": 8, "norm": "rms"}).id == hashlib.sha256(text.encode()).hexdigest()[:12]


def test_a_default_cannot_change_without_raising_the_protocol() -> None:
    """Defaults are left out of the hash, so a changed default would let old scores pass for new ones."""
    assert PROTOCOL == 1
    assert START.levels.items() >= DEFAULTS.items(), "a new setting is welcome, another default is another protocol"


def test_the_protocol_is_part_of_the_id() -> None:
    assert START.model_copy(update={"protocol": 2}).id != START.id


def test_ids_are_the_same_in_another_process(python: Callable[..., str]) -> None:
    code = "from suite.trial import Trial; print(Trial(task='image/digits', architecture='mlp').moved({}).id)"
    assert {python(code, PYTHONHASHSEED=seed).strip() for seed in ("1", "2")} == {START.id}


LEVELS = some.fixed_dictionaries(
    {},
    optional={
        "norm": some.sampled_from(["none", "batch", "layer", "group", "instance", "rms"]),
        "residual": some.sampled_from(["none", "add", "scaled", "gated", "zero"]),
        "dropout": some.floats(0, 1, exclude_max=True),
        "depth": some.integers(1, 100),
        "rate": some.floats(0, 10, exclude_min=True),
        "weight_decay": some.floats(0, 1e6) | some.integers(0, 5),
        "steps": some.integers(0, 10**6),
    },
)


@given(LEVELS, some.randoms())
def test_the_order_of_levels_does_not_matter(levels: dict[str, Any], random: Any) -> None:
    shuffled = list(levels.items())
    random.shuffle(shuffled)
    assert START.moved(dict(shuffled)).id == START.moved(levels).id


@given(LEVELS, LEVELS)
def test_ids_are_equal_exactly_when_settings_are(one: dict[str, Any], other: dict[str, Any]) -> None:
    ours, theirs = START.moved(one), START.moved(other)
    assert (ours.id == theirs.id) == (ours.levels == theirs.levels)


@given(LEVELS)
def test_a_trial_survives_json(levels: dict[str, Any]) -> None:
    trial = START.moved(levels)
    again = Trial.model_validate_json(trial.model_dump_json())
    assert again == trial
    assert again.id == trial.id


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"dropout": 0}, {}),
        ({"dropout": -0.0}, {}),
        ({"weight_decay": 0}, {"weight_decay": 0.0}),
        ({"weight_decay": -0.0}, {"weight_decay": 0.0}),
        ({"rate": 1}, {"rate": 1.0}),
        ({"norm": "layer", "depth": 4}, {}),
        ({"rate": 0.001}, {"rate": 1e-3}),
    ],
)
def test_the_same_experiment_has_one_id(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert START.moved(one).id == START.moved(other).id
    assert START.moved(one).levels == START.moved(other).levels


@pytest.mark.parametrize("name", list(GROUP_OF))
def test_every_setting_is_part_of_the_id(name: str) -> None:
    kind, now = KINDS[GROUP_OF[name]].model_fields[name].annotation, START.levels[name]
    named = [level for level in get_args(kind) if level != now]
    changed = START.moved({name: named[0] if named else 7 if kind is int else 0.5})
    assert changed.id != START.id
    assert changed.levels[name] != START.levels[name]


@pytest.mark.parametrize("change", [{"seed": 1}, {"task": "image/digit"}, {"architecture": "cnn"}])
def test_task_architecture_and_seed_are_part_of_the_id(change: dict[str, Any]) -> None:
    assert START.model_copy(update=change).id != START.id


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ({"nrom": "rms"}, "no factor 'nrom'; one of norm, norm_place, residual"),
        ({"norm": "weight"}, "norm cannot be 'weight'; one of none, batch, layer, group, instance, rms"),
        ({"norm": None}, "norm cannot be None; one of none, batch, layer, group, instance, rms"),
        ({"norm": 1}, "norm cannot be 1; one of none, batch, layer, group, instance, rms"),
        ({"dropout": float("nan")}, "dropout cannot be nan: it should be a finite number"),
        ({"rate": float("inf")}, "rate cannot be inf: it should be a finite number"),
        ({"dropout": 1}, "dropout cannot be 1: it should be less than 1"),
        ({"dropout": -0.1}, "dropout cannot be -0.1: it should be greater than or equal to 0"),
        ({"rate": 0}, "rate cannot be 0: it should be greater than 0"),
        ({"dropout": True}, "dropout cannot be True: it should be a valid number"),
        ({"dropout": "0.1"}, "dropout cannot be '0.1': it should be a valid number"),
        ({"depth": True}, "depth cannot be True: it should be a valid integer"),
        ({"depth": 2.0}, "depth cannot be 2.0: it should be a valid integer"),
        ({"depth": 0}, "depth cannot be 0: it should be greater than or equal to 1"),
        ({"batch": 1}, "batch cannot be 1: it should be greater than or equal to 2"),
        ({"steps": -1}, "steps cannot be -1"),
        ({"norm": "weight", "dropout": 2}, "norm cannot be 'weight'.*; dropout cannot be 2"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_with_the_choices(levels: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as refused:
        START.moved(levels)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("wrong", [{"seed": -1}, {"seed": True}, {"seed": 1.0}, {"sede": 1}, {"tricks": {"norm": "x"}}])
def test_a_wrong_trial_cannot_be_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Trial(task="image/digits", architecture="mlp", **wrong)


def test_a_trial_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        START.seed = 1  # type: ignore[misc]
    assert hash(START) == hash(START.moved({}))


def test_canonical_json_refuses_what_json_cannot_say() -> None:
    assert canonical({"b": -0.0, "a": [1.5, "é"]}) == '{"a":[1.5,"é"],"b":0.0}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical([float("nan")])


@pytest.mark.parametrize("deep", [False, True])
def test_a_copy_has_an_id_of_its_own(deep: bool) -> None:
    known = START.id
    other = START.model_copy(update={"seed": 7}, deep=deep)
    assert other.id == Trial.model_validate_json(other.model_dump_json()).id != known
    assert START.model_copy(deep=deep).id == START.id == known


@pytest.mark.parametrize(("name", "level"), [("manifold", 0.1), ("truncate", 4)])
def test_a_factor_that_came_later_is_written_only_where_it_is_moved(name: str, level: float) -> None:
    """The text of earlier records, which the manifests of the published board are hashes of, is still theirs."""
    moved = START.moved({name: level})
    assert name not in START.model_dump_json()
    assert START.levels[name] == 0
    for trial in (START, moved):
        assert Trial.model_validate_json(trial.model_dump_json()) == trial
    assert moved.model_dump()["tricks"][name] == level
    assert moved.id != START.id
    assert moved.moved({name: type(level)(0)}) == START
