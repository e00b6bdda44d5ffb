"""Does attention over neighbours have to depend on who asks?"""

from suite.claim import Claim
from suite.study import Study

SOURCE = (
    "section 12.3.1; Brody et al. 2022: GATv2 solves DictionaryLookup and GAT does not; Veličković et al. 2018: on "
    "Cora 83.0, and GCN 81.5"
)

STUDY = Study(
    question=__doc__,
    tasks=("graph/dictionary_lookup", "graph/stochastic_blocks"),
    architectures=("gcn", "gat", "gatv2"),
    baseline={"width": 32, "depth": 1, "heads": 2, "steps": 1000, "rate": 1e-2},
    seeds=5,
    claims=(
        Claim(
            id="H54a",
            says="Only where weights depend on who asks can a node look a key up.",
            factor="architecture",
            level="gatv2",
            reference="gat",
            tasks=("graph/dictionary_lookup",),
            expects="better",
            source=SOURCE,
        ),
        Claim(
            id="H54b",
            says="Learned weights of neighbours are better than fixed ones where no key is to be found.",
            factor="architecture",
            level="gat",
            reference="gcn",
            tasks=("graph/stochastic_blocks",),
            expects="better",
            source=SOURCE,
        ),
    ),
)
