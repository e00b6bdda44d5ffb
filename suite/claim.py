"""A claim: a hypothesis about a study's outcome, stated in the study before it is run."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from suite.trial import Level, NotNegative, Plain


class Claim(Plain):
    """What moving `factor` from `reference` to `level` does to the score; `factor` may be "architecture".

    With `by`, the claim is about how that changes as `by` moves from `by_reference` to `by_level`: an interaction.
    `within` fixes other settings, `tasks` and `architectures` say where it is looked at; () is everywhere in the study.
    Differences inside `margin`, in the unit of the score, do not matter to anybody. `source` says where the claim is
    made: section of the book, and papers with their numbers.
    """

    id: str
    says: str
    factor: str
    level: Level
    reference: Level
    expects: Literal["better", "worse", "equivalent"]
    source: str
    margin: NotNegative = 0.0
    by: str | None = None
    by_level: Level | None = None
    by_reference: Level | None = None
    within: dict[str, Level] = Field(default_factory=dict)
    tasks: Annotated[tuple[str, ...], Field(strict=False)] = ()
    architectures: Annotated[tuple[str, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.by is None) != (self.by_level is None) or (self.by is None) != (self.by_reference is None):
            raise ValueError(f"claim {self.id}: `by` comes with by_level and by_reference")
        if self.expects == "equivalent" and not self.margin:
            raise ValueError(f"claim {self.id}: what is equivalent needs a margin")
        moved: list[Any] = [self.factor, self.by]
        if self.factor == self.by or any(name in self.within for name in moved):
            raise ValueError(
                f"claim {self.id}: a factor moves, is moved by, or stays fixed; {self.factor} is two of these"
            )
        return self
