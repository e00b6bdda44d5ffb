"""Does normalization help a deep network learn in a few steps? Write your question here, before you run it."""

from suite.claim import Claim
from suite.study import Study

STUDY = Study(
    question=__doc__,
    tasks=("image/digits", "tabular/breast_cancer"),  # wonderland list tasks
    architectures=("mlp",),  # wonderland list architectures
    factors={  # wonderland list factors; the first level of each is what effects are measured from
        "norm": ("none", "layer"),
        "depth": (2, 8),
    },
    baseline={"width": 32, "steps": 60},  # what is not at its default
    seeds=3,  # or "until-decided"
    claims=(
        Claim(
            id="norm",
            says="A deep network learns faster with layer normalization",
            factor="norm",
            level="layer",
            reference="none",
            expects="better",
            source="what you expect, and why",
        ),
    ),
)
