"""Do residual connections make deep networks trainable?"""

from suite.claim import Claim
from suite.study import Study

STUDY = Study(
    question=__doc__,
    tasks=("image/digits", "series/mnist1d"),
    architectures=("mlp", "cnn"),
    factors={"residual": ("none", "add"), "depth": (2, 16)},
    baseline={"width": 32, "norm": "batch", "steps": 300},
    seeds=5,
    claims=(
        Claim(
            id="H30",
            says="A residual connection is worth more in a deep network than in a shallow one.",
            factor="residual",
            level="add",
            reference="none",
            by="depth",
            by_level=16,
            by_reference=2,
            expects="better",
            source="section 9.4.1; He et al. 2016: plain nets get worse with depth, ResNet-20 to 110 get better",
        ),
    ),
)
