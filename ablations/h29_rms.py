"""Is a norm that only scales as good as one that also centres, in a transformer?"""

from suite.claim import Claim
from suite.study import Study

STUDY = Study(
    question=__doc__,
    tasks=("series/mnist1d", "text/docstrings", "sequence/multi_query_recall"),
    architectures=("transformer",),
    factors={"norm": ("layer", "rms")},
    baseline={"width": 32, "depth": 3, "steps": 600, "rate": 3e-3},
    seeds=5,
    claims=(
        Claim(
            id="H29",
            says="RMS normalization is as good as layer normalization.",
            factor="norm",
            level="rms",
            reference="layer",
            expects="equivalent",
            margin=0.02,
            source="section 9.3.2; Zhang and Sennrich 2019: comparable, and 7 to 64 % faster",
        ),
    ),
)
