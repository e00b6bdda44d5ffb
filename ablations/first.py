"""Do normalization and residual connections replace each other as networks get deep?"""

from suite.study import Study

STUDY = Study(
    question=__doc__,
    tasks=("tabular/breast_cancer", "image/digits", "series/mnist1d"),
    architectures=("mlp", "cnn", "transformer", "gru"),
    factors={
        "norm": ("none", "batch", "layer", "rms"),
        "residual": ("none", "add"),
        "depth": (2, 8),
    },
    design="factorial",
    baseline={"width": 32, "patch": 4, "steps": 80, "batch": 32, "rate": 3e-3},
    seeds=3,
)
