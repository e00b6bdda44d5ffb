"""The demonstration: a part of the first study, with real data and real training, in about a minute."""

from suite.cli import run
from suite.cli.arguments import RUNS, Json, Runs, Slots

STUDY = "first"
PART = ("task=image/digits", "task=tabular/breast_cancer", "norm=none", "norm=layer")
TRIALS = 144


def demo(runs: Runs = RUNS, slots: Slots = None, as_json: Json = False) -> None:
    """Run 144 trials of the first study and say what they answer; `wonderland sweep first` goes on with the rest."""
    from suite.store import Store

    store = Store(runs)
    whole = STUDY in store.studies() and len(store.plan(STUDY).trials) > TRIALS  # what was run is not made smaller
    run.sweep(STUDY, only=None if whole else list(PART), runs=runs, slots=slots, as_json=as_json)
