"""Is it worse to regress on the number of a class than to tell classes apart?"""

from suite.claim import Claim
from suite.study import Study

STUDY = Study(
    question=__doc__,
    tasks=("image/digits", "tabular/wine", "text/docstrings"),
    architectures=("mlp",),
    factors={"loss": ("cross_entropy", "integer", "brier")},
    baseline={"width": 64, "depth": 2, "steps": 600},
    seeds=5,
    claims=(
        Claim(
            id="H06a",
            says="Regression on the number of a class imposes an order that is not there; cross-entropy is better.",
            factor="loss",
            level="integer",
            reference="cross_entropy",
            expects="worse",
            source="section 4.2",
        ),
        Claim(
            id="H06b",
            says="Squared error of one-hot answers is on a par with cross-entropy.",
            factor="loss",
            level="brier",
            reference="cross_entropy",
            expects="equivalent",
            margin=0.02,
            source="section 4.2; Hui and Belkin 2021: on a par or better on most of their tasks",
        ),
    ),
)
