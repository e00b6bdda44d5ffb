"""The layout: how the arms and runs of a table were chosen, which the table cannot say by itself."""

from dataclasses import dataclass

from suite.analysis.sequential import looks


@dataclass(frozen=True)
class Layout:
    """`fraction`: the arms are a part of all combinations, chosen to be fitted, and a pair among them is an accident.

    None has it found out from the arms. `controlled`: the factor that alone is judged, at all its levels on some random
    settings of the others, which then are the sample. `looks`: arms got seeds as they needed them, and were looked at
    after so many; what has no record was then not asked for. `shared`: equal seeds of several tasks have something in
    common, as folds and subjects have, so that tasks are no independent samples. `unit` is what a seed is called.
    """

    fraction: bool | None = None
    controlled: str = ""
    looks: tuple[int, ...] = ()
    shared: bool = False
    unit: str = "seed"

    @property
    def is_adaptive(self) -> bool:
        return bool(self.looks)

    def alpha(self, confidence: float) -> float:
        """The level that a p is held against: that of the last look, where there were several."""
        return looks(self.looks, alpha=1 - confidence).levels[-1] if self.looks else 1 - confidence


KNOWN_BY_ITSELF = Layout()
