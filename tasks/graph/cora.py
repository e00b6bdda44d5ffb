"""Cora: which of seven topics is a paper about, from its words and from the papers it cites and is cited by?

One graph of 2,708 papers (McCallum et al. 2000; Sen et al. 2008), an edge for each citation, both ways. The features
say which of 1,433 words a paper has, as shares that add up to one. All three splits have the whole graph; what differs
is whose topic is asked. As in Yang et al. (2016), 20 papers of every topic are learned from, 500 chosen on and 1,000
reported, but these are drawn anew for every seed: the draw changes the ranks of models (Shchur et al. 2018).
"""

from pathlib import Path

import numpy as np

from tasks.fetch import Member, Package, fetch
from tasks.graphs import Graphs, graphs, per_node
from tasks.task import Reference, Split, Splits, Task

PACKAGE = Package("graphdatascience", "2.2", "1e978c3bf5c2cece4282338d224d1efcffa8681733113d576c2205c4d06f549b")
PAPERS = Member(
    PACKAGE,
    "graphdatascience/resources/cora/cora_nodes.parquet.gzip",
    "c54c0625af98570287dcb25e9f29e0b229948352a8de1dbf202fa39f36bfe591",
)
CITATIONS = Member(
    PACKAGE,
    "graphdatascience/resources/cora/cora_rels.parquet.gzip",
    "e0059f81e607c0262e93fbe3c77950b06098dab167f0071cba97a82c9440ca01",
)
WORDS, TOPICS = 1433, 7
EACH, VALID, TEST = 20, 500, 1000
UNUSED, TRAIN_PART, VALID_PART, TEST_PART = range(4)


def load(rng: np.random.Generator) -> Splits:
    graph, topics = read(*fetch(PAPERS, CITATIONS))
    parts = drawn(topics, rng)
    return Splits(*(Split(graph, per_node(parts, topics, part)) for part in (TRAIN_PART, VALID_PART, TEST_PART)))


def read(papers: Path, citations: Path) -> tuple[Graphs, np.ndarray]:
    """The graph, and the topic of every paper, (N,)."""
    import pandas as pd

    table, cites = pd.read_parquet(papers), pd.read_parquet(citations)
    words = np.stack(table["features"].to_list()).astype(np.float32)
    number = pd.Series(np.arange(len(table)), index=table["nodeId"])
    one_way = np.stack([number[cites[end]].to_numpy() for end in ("sourceNodeId", "targetNodeId")])
    edges = np.unique(np.concatenate([one_way, one_way[::-1]], axis=1), axis=1)
    return graphs([words / words.sum(1, keepdims=True)], [edges]), table["subject"].to_numpy(np.int64)


def drawn(topics: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Which split each paper is in, (N,): so many of every topic to learn from, then of the others."""
    order = rng.permutation(len(topics))
    parts = np.full(len(topics), UNUSED)
    for topic in range(TOPICS):
        parts[order[topics[order] == topic][:EACH]] = TRAIN_PART
    others = order[parts[order] == UNUSED]
    parts[others[:VALID]] = VALID_PART
    parts[others[VALID : VALID + TEST]] = TEST_PART
    return parts


TASK = Task(
    data="graph",
    shape=(WORDS,),
    target="class",
    outputs=TOPICS,
    metric="accuracy",
    chance=0.311,
    source="Cora, 2,708 papers, in package graphdatascience; 20 of each topic, 500 and 1,000 at random",
    licence="none stated; the package is Apache 2.0",
    load=load,
    references=(
        *(
            Reference(model, score, "Shchur et al. 2018, arXiv 1811.05868, 100 random splits", architecture, spread)
            for model, score, architecture, spread in (
                ("GCN", 0.815, "gcn", 0.013),
                ("GAT", 0.818, "gat", 0.013),
                ("MLP", 0.582, "mlp", 0.021),
            )
        ),
        Reference("GCN", 0.801, "Kipf and Welling 2017, arXiv 1609.02907, Table 2, 10 random splits", "gcn", 0.005),
        *(
            Reference(model, score, "Veličković et al. 2018, arXiv 1710.10903, on the one split of Yang et al. 2016")
            for model, score in (("GCN", 0.815), ("GAT", 0.830), ("MLP", 0.551))
        ),
    ),
    per="place",
    typical=(2708, 10556),
    files=(PAPERS, CITATIONS),
)
