"""Do graph convolutions forget who is who as they get deep, and do residual connections help?"""

from suite.claim import Claim
from suite.study import Study

SOURCE = "figure F.12.4; Chen et al. 2020 (GCNII): GCN on Cora 81.1, 80.4, 69.5, 64.9, 60.3, 28.7 at 2 to 64 layers"

STUDY = Study(
    question=__doc__,
    tasks=("graph/stochastic_blocks",),
    architectures=("gcn",),
    factors={"depth": (2, 16), "residual": ("none", "add")},
    baseline={"width": 32, "steps": 300, "rate": 1e-2},
    seeds=5,
    claims=(
        Claim(
            id="H51a",
            says="Without residual connections a deep stack of graph convolutions is worse than a shallow one.",
            factor="depth",
            level=16,
            reference=2,
            within={"residual": "none"},
            expects="worse",
            source=SOURCE,
        ),
        Claim(
            id="H51b",
            says="A residual connection is worth more in the deep stack.",
            factor="residual",
            level="add",
            reference="none",
            by="depth",
            by_level=16,
            by_reference=2,
            expects="better",
            source=SOURCE,
        ),
    ),
)
