"""Amounts: how much of a cost, in words and on an axis."""

from dataclasses import dataclass

from dashboard import words
from suite.spending import BY_MACHINE

COSTS = {"Parameters": "parameters", "Training FLOPs": "flops", "Seconds": "seconds"}


@dataclass(frozen=True)
class Amount:
    """How much of a cost, in words: 9.4 k parameters."""

    name: str

    @property
    def label(self) -> str:
        return next(label for label, name in COSTS.items() if name == self.name).lower().replace("flops", "FLOPs")

    @property
    def format(self) -> str:
        """On an axis."""
        return "~g" if self.name == BY_MACHINE else "~s"

    def number(self, value: float) -> str:
        """Without its unit, unless that is short."""
        return words.seconds(value) if self.name == BY_MACHINE else words.amount(value)

    def __call__(self, value: float) -> str:
        return words.seconds(value) if self.name == BY_MACHINE else f"{self.number(value)} {self.label}"
