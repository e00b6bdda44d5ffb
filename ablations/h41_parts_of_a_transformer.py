"""What does a transformer lose without its residual connections, and what without its normalization?"""

from suite.claim import Claim
from suite.study import Study

SOURCE = "section 10.3.1; Yu et al. 2022, PoolFormer-S12: 77.2, without norm 46.1, without residual 0.1"

STUDY = Study(
    question=__doc__,
    tasks=("series/mnist1d", "image/digits"),
    architectures=("transformer",),
    factors={"residual": ("none", "add"), "norm": ("none", "layer")},
    design="leave_one_out",
    baseline={"width": 32, "depth": 6, "steps": 600},
    seeds=5,
    claims=(
        Claim(
            id="H41a",
            says="Residual connections are needed.",
            factor="residual",
            level="add",
            reference="none",
            within={"norm": "layer"},
            expects="better",
            source=SOURCE,
        ),
        Claim(
            id="H41b",
            says="Normalization is needed.",
            factor="norm",
            level="layer",
            reference="none",
            within={"residual": "add"},
            expects="better",
            source=SOURCE,
        ),
    ),
)
