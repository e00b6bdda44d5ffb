"""Does a graph network need as many layers as what it looks for is steps away?"""

from suite.claim import Claim
from suite.study import Study

STUDY = Study(
    question=__doc__,
    tasks=("graph/hops",),  # what is asked stands four steps away
    architectures=("graph_conv",),
    factors={"depth": (3, 4, 6)},
    baseline={"width": 32, "steps": 600, "rate": 3e-3},
    seeds=5,
    claims=(
        Claim(
            id="H52",
            says="Four layers reach what is four steps away, and three do not.",
            factor="depth",
            level=4,
            reference=3,
            expects="better",
            source="section 12.2.3; Alon and Yahav 2021",
        ),
    ),
)
