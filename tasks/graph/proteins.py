"""PROTEINS: is a protein an enzyme, from how its parts lie beside each other?

1,113 proteins (Borgwardt et al. 2005; Dobson and Doig 2003), as in the collection of TU Dortmund. A node is a helix, a
sheet or a turn; an edge joins those that are neighbours along the chain or in space. The scores of the fair comparison
were chosen inside each of ten folds; a model without edges does as well as any there. No other copy writes nodes and
edges in the same order, to make a content hash from, so that the first fetch is trusted.
"""

import numpy as np

from tasks.fetch import FetchError
from tasks.graphs import Graphs, graphs
from tasks.hub import Part, table
from tasks.split import stratified_split
from tasks.task import Reference, Splits, Task

WHOLE = Part(
    "graphs-datasets/PROTEINS",
    "train",
    ("edge_index", "node_feat", "y"),
    1113,
    revision="af9c040afaaa5902987bfcb3d4256c09239ec8ed",
    files="full.jsonl",
)
KINDS = 3  # helix, sheet, turn
FAIR = "Errica et al. 2020, arXiv 1912.09893, ten folds, chosen inside each"


def load(rng: np.random.Generator) -> Splits:
    proteins, enzymes = read()
    return stratified_split(proteins, enzymes, rng)


def read() -> tuple[Graphs, np.ndarray]:
    """The proteins, and the class of each, (1113,)."""
    rows = table(WHOLE).to_pydict()
    nodes = [np.asarray(one, np.float32).reshape(len(one), -1) for one in rows["node_feat"]]
    if any(one.shape[1] != KINDS for one in nodes):
        raise FetchError(f"the nodes of {WHOLE.name} on the hub do not have the {KINDS} kinds of this task")
    edges = [np.asarray(one, np.int64).reshape(2, -1) for one in rows["edge_index"]]
    return graphs(nodes, edges), np.array([np.ravel(one)[0] for one in rows["y"]], np.int64)


TASK = Task(
    data="graph",
    shape=(KINDS,),
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.596,
    source="PROTEINS, 1,113 graphs, from the hub; random 60/20/20 split, same classes in each",
    licence="none stated",
    load=load,
    references=(
        Reference("GIN", 0.733, FAIR, architecture="gin", spread=0.040),
        Reference("DGCNN", 0.729, FAIR),
        Reference("without edges", 0.758, FAIR, spread=0.037),
    ),
    typical=(39, 146),
    hub=WHOLE.name,
)
