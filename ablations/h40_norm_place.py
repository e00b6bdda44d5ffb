"""Is a transformer that normalizes before each part more stable than one that does so after it?"""

from suite.claim import Claim
from suite.study import Study

SOURCE = "section 10.3.1; Xiong et al. 2020: with norms before, warm-up can be left out"

STUDY = Study(
    question=__doc__,
    tasks=("series/mnist1d",),
    architectures=("transformer",),
    factors={"norm_place": ("pre", "post"), "depth": (2, 12), "schedule": ("warmup_cosine", "cosine")},
    baseline={"width": 32, "patch": 2, "steps": 600, "rate": 3e-3},
    seeds=5,
    claims=(
        Claim(
            id="H40a",
            says="Deep and without warm-up, norms after each part are worse than before it.",
            factor="norm_place",
            level="post",
            reference="pre",
            within={"depth": 12, "schedule": "cosine"},
            expects="worse",
            source=SOURCE,
        ),
        Claim(
            id="H40b",
            says="Leaving warm-up out costs the deep stack more where norms come after.",
            factor="schedule",
            level="cosine",
            reference="warmup_cosine",
            by="norm_place",
            by_level="post",
            by_reference="pre",
            within={"depth": 12},
            expects="worse",
            source=SOURCE,
        ),
        Claim(
            id="H40c",
            says="In a shallow stack with warm-up the place makes no difference that matters.",
            factor="norm_place",
            level="post",
            reference="pre",
            within={"depth": 2, "schedule": "warmup_cosine"},
            expects="equivalent",
            margin=0.03,
            source="section 10.3.1; Liu et al. 2020: where both train, norms after are often better",
        ),
    ),
)
