"""Is a graph worth more inside the layer than as a penalty on the answers?"""

from suite.claim import Claim
from suite.study import Study

SOURCE = (
    "sections 12.1.4 and 12.2; Kipf and Welling 2017: on Cora 55.1 without the graph, 59.5 with the penalty, and 81.5 "
    "with the layer"
)

STUDY = Study(
    question=__doc__,
    tasks=("graph/stochastic_blocks",),
    architectures=("mlp", "gcn"),
    factors={"manifold": (0.0, 0.3)},
    baseline={"width": 32, "depth": 2, "steps": 300, "rate": 1e-2},
    seeds=5,
    claims=(
        Claim(
            id="H49a",
            says="A penalty on how much the answers of neighbours differ helps a perceptron.",
            factor="manifold",
            level=0.3,
            reference=0.0,
            architectures=("mlp",),
            expects="better",
            source=SOURCE,
        ),
        Claim(
            id="H49b",
            says="Where both have the penalty, the graph inside the layer is better still.",
            factor="architecture",
            level="gcn",
            reference="mlp",
            within={"manifold": 0.3},
            expects="better",
            source=SOURCE,
        ),
    ),
)
