"""Does a sigmoid network stop learning as it gets deep, where a ReLU network goes on?"""

from suite.claim import Claim
from suite.study import Study

STUDY = Study(
    question=__doc__,
    tasks=("image/digits",),
    architectures=("mlp",),
    factors={"activation": ("sigmoid", "relu"), "depth": (2, 12)},
    baseline={"width": 64, "norm": "none", "residual": "none", "initialization": "he", "steps": 400},
    seeds=5,
    claims=(
        Claim(
            id="H09",
            says="With depth, gradients vanish through a sigmoid, whose slope is a quarter at most; not through a ReLU",
            factor="activation",
            level="relu",
            reference="sigmoid",
            by="depth",
            by_level=12,
            by_reference=2,
            expects="better",
            source="section 6.4.3; Krizhevsky et al. 2012",
        ),
    ),
)
