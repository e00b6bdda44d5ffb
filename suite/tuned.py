"""What the search of its study has to do with one trial: a try, chosen or not, or trained with what was chosen."""

from typing import Any, NamedTuple

from suite.analysis import text
from suite.analysis.search import TUNING_SEED
from suite.answer import Answer
from suite.trial import Trial


class Tuned(NamedTuple):
    """Whether the trial is a try, what its arm chose among how many tries, and the id of the try that was chosen."""

    is_try: bool
    is_chosen: bool
    settings: dict[str, Any]
    n_tried: int
    chosen: str

    @property
    def sentence(self) -> str:
        settings = text.listed([f"{name} {level}" for name, level in self.settings.items()])
        if not self.is_try:
            return f"its arm chose {settings} among {self.n_tried} on validation, by {self.chosen}"
        if self.is_chosen:
            return f"a try, and chosen among {self.n_tried} on validation"
        return f"a try; its arm chose {settings} among {self.n_tried} on validation, by {self.chosen}"


def tuned(answer: Answer, trial: Trial) -> Tuned | None:
    """None where the trial is of no search and follows from none."""
    tried = trial.model_copy(update={"seed": TUNING_SEED}).id
    rows = answer.tries[answer.tries["id"] == tried]
    if rows.empty:
        return None
    arm = ["task", "architecture", *answer.plan.factors]
    (found,) = answer.search.merge(rows[arm].head(1), on=arm).to_dict("records")
    settings = {name: found[name] for name in answer.plan.tune}
    is_try, is_chosen = trial.seed == TUNING_SEED, found["id"] == tried
    return Tuned(is_try, is_chosen, settings, int(found["n_tried"]), str(found["id"]))
