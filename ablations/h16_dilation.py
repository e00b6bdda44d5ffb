"""Do dilated causal convolutions reach back exponentially far with depth, and plain ones not?"""

from suite.claim import Claim
from suite.study import Study

# What is asked stands 20 places back. Four layers of kernel 3 see 8 places back, and 30 with dilations 1, 2, 4, 8.
STUDY = Study(
    question=__doc__,
    tasks=("sequence/copying",),
    architectures=("tcn",),
    factors={"dilation": (1, 2)},
    baseline={"width": 32, "depth": 4, "kernel": 3, "steps": 600, "rate": 3e-3},
    seeds=5,
    claims=(
        Claim(
            id="H16",
            says="At equal depth and weights, a stack whose dilation doubles with every layer reaches what it copies.",
            factor="dilation",
            level=2,
            reference=1,
            expects="better",
            source="section 8.2.3; Bai, Kolter and Koltun 2018",
        ),
    ),
)
