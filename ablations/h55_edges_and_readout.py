"""Do features of edges, and the way a graph is read out, matter where the answer depends on them?"""

from suite.claim import Claim
from suite.study import Study

STUDY = Study(
    question=__doc__,
    tasks=("graph/bond_types", "graph/counting"),
    architectures=("gcn", "mpnn"),
    factors={"readout": ("mean", "sum")},
    baseline={"width": 32, "depth": 2, "steps": 600, "rate": 3e-3},
    seeds=5,
    claims=(
        Claim(
            id="H55a",
            says="Where the answer depends on the kind of bond, messages that see edges are better.",
            factor="architecture",
            level="mpnn",
            reference="gcn",
            tasks=("graph/bond_types",),
            expects="better",
            source="section 12.3.2; Gilmer et al. 2017",
        ),
        Claim(
            id="H55b",
            says="Where it is a number of things, a sum over nodes is better than a mean.",
            factor="readout",
            level="sum",
            reference="mean",
            tasks=("graph/counting",),
            expects="better",
            source="section 12.2.3; Xu et al. 2019",
        ),
    ),
)
