"""Does a graph convolution help only where neighbours are alike?"""

from suite.claim import Claim
from suite.study import Study

SOURCE = "section 12.3; Zhu et al. 2020 (H2GCN): Cora GCN 87.3, MLP 74.8; Texas GCN 59.5, MLP 81.9"

STUDY = Study(
    question=__doc__,
    tasks=("graph/stochastic_blocks", "graph/heterophilous_blocks"),
    architectures=("mlp", "gcn", "graph_conv"),
    baseline={"width": 32, "depth": 2, "steps": 300, "rate": 1e-2},
    seeds=5,
    claims=(
        Claim(
            id="H53a",
            says="Where neighbours are alike, a graph convolution is better than a perceptron.",
            factor="architecture",
            level="gcn",
            reference="mlp",
            tasks=("graph/stochastic_blocks",),
            expects="better",
            source=SOURCE,
        ),
        Claim(
            id="H53b",
            says="Where neighbours are not alike, it is worse.",
            factor="architecture",
            level="gcn",
            reference="mlp",
            tasks=("graph/heterophilous_blocks",),
            expects="worse",
            source=SOURCE,
        ),
        Claim(
            id="H53c",
            says="Where neighbours are not alike, a map of its own for the central node helps.",
            factor="architecture",
            level="graph_conv",
            reference="gcn",
            tasks=("graph/heterophilous_blocks",),
            expects="better",
            source=SOURCE,
        ),
    ),
)
