"""Does batch normalization fail where batches are small, and do others not?"""

from suite.claim import Claim
from suite.study import Study

SOURCE = (
    "section 9.3.2; Wu and He 2018: ImageNet error at batches of 2, 34.7 with batch and 24.1 with group normalization"
)

STUDY = Study(
    question=__doc__,
    tasks=("image/digits", "series/mnist1d"),
    architectures=("cnn",),
    factors={"norm": ("group", "layer", "batch"), "batch": (32, 2)},
    baseline={"width": 32, "depth": 4, "steps": 1000},
    seeds=5,
    claims=(
        Claim(
            id="H28a",
            says="Small batches cost batch normalization more than group normalization.",
            factor="norm",
            level="batch",
            reference="group",
            by="batch",
            by_level=2,
            by_reference=32,
            expects="worse",
            source=SOURCE,
        ),
        Claim(
            id="H28b",
            says="Small batches cost layer normalization no more than group normalization.",
            factor="norm",
            level="layer",
            reference="group",
            by="batch",
            by_level=2,
            by_reference=32,
            expects="equivalent",
            margin=0.03,
            source=SOURCE,
        ),
    ),
)
