"""Examples with several parts of different type, such as an image and a sentence about it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Modes:
    """Arrays (or tensors) side by side, one a part; the first axis of each counts examples."""

    parts: tuple[Any, ...]

    def __len__(self) -> int:
        return len(self.parts[0])

    def __getitem__(self, rows: Any) -> "Modes":
        return Modes(tuple(part[rows] for part in self.parts))

    def split(self, size: int) -> list["Modes"]:
        """Pieces of at most `size` examples."""
        return [self[start : start + size] for start in range(0, len(self), size)]
