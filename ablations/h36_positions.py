"""Does a transformer need positions, as an encoder and as a causal decoder?"""

from suite.claim import Claim
from suite.study import Study

STUDY = Study(
    question=__doc__,
    tasks=("series/mnist1d", "sequence/copying"),
    architectures=("transformer",),
    factors={"positions": ("none", "scalar", "learned", "sinusoidal", "relative", "alibi", "rope")},
    baseline={"width": 32, "depth": 3, "steps": 800, "rate": 3e-3},
    seeds=5,
    claims=(
        Claim(
            id="H36a",
            says="An encoder without positions cannot tell orders apart; learned positions are better.",
            factor="positions",
            level="learned",
            reference="none",
            expects="better",
            tasks=("series/mnist1d",),
            source="section 10.2; Dosovitskiy et al. 2021",
        ),
        Claim(
            id="H36b",
            says="A causal decoder without positions stays competitive.",
            factor="positions",
            level="learned",
            reference="none",
            expects="equivalent",
            margin=0.05,
            tasks=("sequence/copying",),
            source="section 10.2; Haviv et al. 2022",
        ),
    ),
)
