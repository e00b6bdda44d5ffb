"""Does it matter how a graph convolution weighs its neighbours?"""

from suite.claim import Claim
from suite.study import Study

SOURCE = "sections 12.1.2 and 12.2.2; Kipf and Welling 2017, table 3"

STUDY = Study(
    question=__doc__,
    tasks=("graph/stochastic_blocks", "graph/hops"),
    architectures=("gcn", "gcn_rows", "gcn_columns"),
    baseline={"width": 32, "depth": 4, "steps": 400, "rate": 1e-2},
    seeds=5,
    claims=tuple(
        Claim(
            id=f"H50 {other}",
            says=f"Normalized by {other.removeprefix('gcn_')} alone, a graph convolution is as good as by both.",
            factor="architecture",
            level=other,
            reference="gcn",
            expects="equivalent",
            margin=0.03,
            source=SOURCE,
        )
        for other in ("gcn_rows", "gcn_columns")
    ),
)
