"""What a trial is given to train with: a number of processes, and for each of them cores and accelerators.

None of it is part of a trial. Several processes are another execution mode, though, and so another numerics class.
"""

from typing import Self

from pydantic import ValidationError, model_validator

from suite.record import SOLO
from suite.trial import NotNegative, Plain, Positive, Whole, explain

PARALLEL, ON_GPU = "parallel", "cuda"


class Resources(Plain):
    """For each of `processes`: so many cores, and accelerators or a share of one; above 1, whole ones only."""

    processes: Whole = 1
    cpus: Positive = 1.0
    gpus: NotNegative = 0.0

    @model_validator(mode="after")
    def _check(self) -> Self:
        for name, amount in (("cpus", self.cpus), ("gpus", self.gpus)):
            if amount > 1 and amount != int(amount):
                raise ValueError(f"{name} cannot be {amount:g}: above 1, Ray gives whole ones only")
        if self.processes > 1 and self.gpus > 1:
            raise ValueError(
                f"gpus cannot be {self.gpus:g}: each of several processes trains on one, or a share of one"
            )
        return self

    @property
    def execution(self) -> str:
        """How a trial is run with them: alone, or by a group."""
        return execution(self.processes, on_gpu=self.gpus > 0)

    @property
    def words(self) -> str:
        """In words: 2 processes, each with 1 CPU and 0.5 GPU."""
        each = f"{self.cpus:g} CPU" + (f" and {self.gpus:g} GPU" if self.gpus else "")
        return each if self.processes == 1 else f"{self.processes} processes, each with {each}"


def execution(processes: int, *, on_gpu: bool) -> str:
    """The execution mode of a group of processes: parallel-2, or parallel-2-cuda; of one, solo."""
    if processes == 1:
        return SOLO
    return f"{PARALLEL}-{processes}-{ON_GPU}" if on_gpu else f"{PARALLEL}-{processes}"


def group(execution: str) -> tuple[int, bool] | None:
    """How many processes an execution mode has, and whether on accelerators; None if it is not one of a group."""
    word, _, rest = execution.partition("-")
    if word != PARALLEL:
        return None
    processes, _, device = rest.partition("-")
    return int(processes), device == ON_GPU


def checked(given: object) -> Resources:
    """Resources of what a study says. Raises ValueError, naming the valid choices."""
    if isinstance(given, Resources):
        return given
    try:
        return Resources.model_validate(given)
    except ValidationError as error:
        raise ValueError(f"resources: {explain(error, Resources)}") from None
