"""A trial: everything that decides one training run, and nothing that does not."""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

PROTOCOL = 1  # raise when a default or the recipe changes, so that old scores are not taken for new ones

Level = bool | int | float | str
Rate = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Whole = Annotated[int, Field(ge=1)]


class Plain(BaseModel):
    """Frozen plain data: no coercion, no unknown keys, no number that JSON cannot hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Tricks(Plain):
    """Every trick the suite can switch. The defaults are a fair modern baseline.

    `manifold` weighs how much the answers of neighbours in a graph differ, as an addition to the loss; 0 does not.
    `truncate` cuts the gradient of a recurrence after so many steps; 0 does not. Both came after the first records and
    are not written at 0, so that those are written as they were, and their hashes stay.
    """

    norm: Literal["none", "batch", "layer", "group", "instance", "rms", "layer_all"] = "layer"
    norm_place: Literal["pre", "post"] = "pre"
    residual: Literal["none", "add", "scaled", "gated", "zero"] = "add"
    activation: Literal[
        "identity",
        "polynomial",
        "sigmoid",
        "tanh",
        "relu",
        "leaky_relu",
        "prelu",
        "softplus",
        "elu",
        "gelu",
        "silu",
        "swish",
        "kernel",
        "maxout",
        "glu",
        "swiglu",
        "piecewise",
    ] = "gelu"
    positions: Literal[
        "none", "scalar", "one_hot", "learned", "sinusoidal", "relative", "alibi", "alibi_trained", "rope"
    ] = "learned"
    readout: Literal["mean", "sum", "max", "first", "last"] = "mean"
    dropout: Rate = 0.0
    dropout_kind: Literal["element", "spatial", "connect", "depth", "cutout"] = "element"
    dropout_samples: Annotated[int, Field(ge=0)] = 0
    augmentation: Literal["none", "noise", "light", "strong", "mixup", "cutmix", "invalid", "flip", "mixup_beta"] = (
        "none"
    )
    label_smoothing: Rate = 0.0
    loss: Literal[
        "default", "squared", "absolute", "huber", "cross_entropy", "focal", "brier", "hinge", "gaussian", "integer"
    ] = "default"
    sparsity: Literal["none", "l1", "product"] = "none"
    manifold: Annotated[NotNegative, Field(exclude_if=lambda weight: weight == 0)] = 0.0
    truncate: Annotated[int, Field(ge=0, exclude_if=lambda steps: steps == 0)] = 0
    initialization: Literal["default", "he", "xavier", "orthogonal"] = "default"
    tuning: Literal["scratch", "frozen", "full", "lora"] = "scratch"
    precision: Literal["float32", "bfloat16"] = "float32"


class Size(Plain):
    """How large a network is: features per place, layers, and how many neighbouring values make one place.

    `heads`, `kernel` and `dilation` are for the architectures that have them. Layer i of a dilated one looks
    dilation ** i places apart.
    """

    width: Whole = 64
    depth: Whole = 4
    patch: Whole = 1
    heads: Whole = 4
    kernel: Whole = 3
    dilation: Whole = 2


class Budget(Plain):
    """How a network is trained: AdamW with linear warm-up and cosine decay for this many steps, unless told otherwise.

    `clip` bounds the norm of the gradient; 0 does not. `patience` ends training after so many points of the curve
    without a better one, and takes the best; 0 does not. `penalty` weighs what `sparsity` adds to the loss.
    """

    steps: Annotated[int, Field(ge=0)] = 1000
    batch: Annotated[int, Field(ge=2)] = 64
    rate: Positive = 1e-3
    optimizer: Literal["gd", "sgd", "momentum", "adam", "adamw"] = "adamw"
    schedule: Literal["constant", "cosine", "warmup", "warmup_cosine"] = "warmup_cosine"
    weight_decay: NotNegative = 1e-2
    penalty: NotNegative = 1e-4
    clip: NotNegative = 0.0
    patience: Annotated[int, Field(ge=0)] = 0


class Trial(Plain):
    """One training run. `seed` numbers the block of random draws that all arms of a task share."""

    task: str
    architecture: str
    tricks: Tricks = Tricks()
    size: Size = Size()
    budget: Budget = Budget()
    seed: Annotated[int, Field(ge=0)] = 0
    protocol: int = PROTOCOL

    @cached_property
    def id(self) -> str:
        """Twelve hexadecimal digits that change exactly when what was asked changes.

        Settings at their default are left out of the hash, so a factor added to the suite later
        leaves the ids of all earlier trials as they are.
        """
        asked = self.model_dump(exclude_defaults=True) | {"protocol": self.protocol}
        return hashlib.sha256(canonical(asked).encode()).hexdigest()[:12]

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        copy = super().model_copy(update=update, deep=deep)
        copy.__dict__.pop("id", None)  # kept by the original, and another one if anything was updated
        return copy

    @property
    def levels(self) -> dict[str, Level]:
        """All settings, flat: {"norm": "layer", ..., "depth": 4, ..., "steps": 1000}."""
        return {name: getattr(getattr(self, group), name) for name, group in GROUP_OF.items()}

    def moved(self, levels: Mapping[str, Any]) -> Self:
        """This trial with some factors at other levels: trial.moved({"norm": "rms", "depth": 8}).

        Raises ValueError for a factor or a level that does not exist, naming those that do.
        """
        groups: dict[str, dict[str, Any]] = {}
        for name, level in levels.items():
            if name not in GROUP_OF:
                raise ValueError(f"no factor {name!r}; one of {', '.join(GROUP_OF)}")
            groups.setdefault(GROUP_OF[name], {})[name] = level
        changed = {}
        for group, values in groups.items():
            kind = KINDS[group]
            try:
                changed[group] = kind.model_validate(getattr(self, group).model_dump() | values)
            except ValidationError as error:
                raise ValueError(explain(error, kind)) from None
        return self.model_copy(update=changed)


KINDS: dict[str, type[Plain]] = {"tricks": Tricks, "size": Size, "budget": Budget}
GROUP_OF: dict[str, str] = {name: group for group, kind in KINDS.items() for name in kind.model_fields}


def choices() -> dict[str, str]:
    """What every factor can be, in words: the levels of those that have names, the rule of the others."""
    return {name: _choice(kind.model_fields[name]) for kind in KINDS.values() for name in kind.model_fields}


def _choice(field: FieldInfo) -> str:
    if get_origin(field.annotation) is Literal:
        return ", ".join(map(str, get_args(field.annotation)))
    signs = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
    bounds = [f"{signs[k]} {getattr(rule, k)}" for rule in field.metadata for k in signs if hasattr(rule, k)]
    kind = "a whole number" if field.annotation is int else "a number"
    return " and ".join([kind, *bounds]) if bounds else kind


def canonical(data: Any) -> str:
    """The one JSON text of plain data: sorted keys, no spaces, no NaN; 0.0 and -0.0 are the same number."""
    return json.dumps(_settled(data), sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False)


def _settled(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _settled(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_settled(value) for value in data]
    return 0.0 if isinstance(data, float) and data == 0 else data


def explain(error: ValidationError, kind: type[BaseModel]) -> str:
    """A pydantic error as sentences for people, each with the valid choices."""
    return "; ".join(_sentence(dict(problem), kind) for problem in error.errors())


def _sentence(problem: dict[str, Any], kind: type[BaseModel]) -> str:
    place, given = ".".join(map(str, problem["loc"])), problem["input"]
    if problem["type"] == "extra_forbidden":
        return f"no key {place!r}; one of {', '.join(kind.model_fields)}"
    if problem["type"] == "missing":
        return f"the key {place!r} is missing"
    field = kind.model_fields.get(str(problem["loc"][0])) if problem["loc"] else None
    if problem["type"] == "literal_error" and field is not None and get_origin(field.annotation) is Literal:
        return f"{place} cannot be {given!r}; one of {', '.join(map(str, get_args(field.annotation)))}"
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    return f"{place} cannot be {given!r}: it {problem['msg'].removeprefix('Input ')}"
