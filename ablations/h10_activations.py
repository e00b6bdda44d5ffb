"""Does it matter which of the smooth relatives of the ReLU a network has?"""

from suite.claim import Claim
from suite.study import Study

SOURCE = "section 5.4; Hendrycks and Gimpel 2016: CIFAR-10 error 8.16 with ReLU, 8.41 with ELU, 7.89 with GELU"
OTHERS = ("leaky_relu", "elu", "gelu", "silu")

STUDY = Study(
    question=__doc__,
    tasks=("image/digits", "image/textures", "series/mnist1d"),
    architectures=("cnn",),
    factors={"activation": ("relu", *OTHERS)},
    baseline={"width": 32, "depth": 3, "steps": 600},
    seeds=5,
    claims=tuple(
        Claim(
            id=f"H10 {other}",
            says=f"{other} instead of relu makes no difference that matters.",
            factor="activation",
            level=other,
            reference="relu",
            expects="equivalent",
            margin=0.02,
            source=SOURCE,
        )
        for other in OTHERS
    ),
)
