"""Does a state of fixed size recall less than attention, and more when it is larger?"""

from suite.claim import Claim
from suite.study import Study

SOURCE = "sections 11.2.3 and 13.1; Arora et al. 2024: what a recurrent model recalls grows with its state"

STUDY = Study(
    question=__doc__,
    tasks=("sequence/multi_query_recall",),
    architectures=("transformer", "linear_attention", "gru"),
    factors={"width": (16, 64)},
    baseline={"depth": 2, "steps": 1200, "rate": 3e-3},
    seeds=5,
    claims=(
        Claim(
            id="H60a",
            says="Attention recalls more than linear attention, whose state has a fixed size.",
            factor="architecture",
            level="transformer",
            reference="linear_attention",
            expects="better",
            source=SOURCE,
        ),
        Claim(
            id="H60b",
            says="Attention recalls more than a gated recurrence.",
            factor="architecture",
            level="transformer",
            reference="gru",
            expects="better",
            source=SOURCE,
        ),
        Claim(
            id="H60c",
            says="A larger state recalls more.",
            factor="width",
            level=64,
            reference=16,
            architectures=("gru", "linear_attention"),
            expects="better",
            source=SOURCE,
        ),
    ),
)
