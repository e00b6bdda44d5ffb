"""MUTAG: does a molecule change the genes of a bacterium, from its atoms and bonds?

188 aromatic nitro compounds (Debnath et al. 1991), without hydrogen, as in the collection of TU Dortmund. Each atom is
one of seven elements, each bond aromatic, single, double or triple; both are one-hot. The published score is the mean
over ten folds of 19 molecules, of the epoch that is best on the folds that are reported, and so too high; its spread is
that of the folds, and not of the mean. So small a set says nothing of differences below five points.
"""

from pathlib import Path

import numpy as np

from tasks.fetch import Member, Package, fetch
from tasks.graphs import Graphs, graphs
from tasks.split import stratified_split
from tasks.task import Reference, Splits, Task

PACKAGE = Package("grakel", "0.1.10", "0826b67750517e01c658dad4e068f71e92ae9384bcbbf34f156e698229bd262e", binary=True)
FILES = tuple(
    Member(PACKAGE, f"grakel/tests/data/MUTAG/MUTAG_{name}.txt", sha256)
    for name, sha256 in (
        ("A", "d9656ca7493f3445d737c711710bb36fd432dddd1c0ea32e1d4713c86ebd28e2"),
        ("node_labels", "678f429965490e84dd27713017538c995fc05d1621beac910848b600015ee863"),
        ("graph_indicator", "7d520a4d6c7961c0cdeabe076d8fe27e795b6d373485c9a2b744987e560a2056"),
        ("graph_labels", "a1518ea39ba3426bd42f57396b9c4baffe68e9adc718caeeab0119c6591a5f2c"),
        ("edge_labels", "4669ce755075ff86c3240709345745886400908fa637a49310459b9c267b3e56"),
    )
)
ATOMS, BONDS = 7, 4


def load(rng: np.random.Generator) -> Splits:
    molecules, labels = read(*fetch(*FILES))
    return stratified_split(molecules, labels, rng)


def read(bonds: Path, atoms: Path, molecule: Path, label: Path, bond_types: Path) -> tuple[Graphs, np.ndarray]:
    """The molecules, and whether each is mutagenic, (188,). The files count atoms and molecules from 1."""
    edges, elements, types = numbers(bonds).T - 1, np.eye(ATOMS)[numbers(atoms)], np.eye(BONDS)[numbers(bond_types)]
    of_atom, mutagenic = numbers(molecule) - 1, numbers(label) == 1
    of_bond, every = of_atom[edges[0]], range(len(mutagenic))
    starts = np.searchsorted(of_atom, every)
    molecules = graphs(
        [elements[of_atom == one] for one in every],
        [edges[:, of_bond == one] - starts[one] for one in every],
        [types[of_bond == one] for one in every],
    )
    return molecules, mutagenic.astype(np.int64)


def numbers(file: Path) -> np.ndarray:
    return np.loadtxt(file, delimiter=",", dtype=np.int64)


TASK = Task(
    data="graph",
    shape=(ATOMS,),
    edges=BONDS,
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.665,
    source="MUTAG, 188 molecules, in package grakel; random 60/20/20 split, same classes in each",
    licence="none stated; the package is BSD-3",
    load=load,
    references=(
        Reference(
            "GIN-0",
            0.894,
            "Xu et al. 2019, arXiv 1810.00826, ten folds, best mean epoch, spread of the folds",
            architecture="gin",
            spread=0.056,
        ),
        Reference("always mutagenic", 0.665, "125 of the 188 molecules"),
    ),
    typical=(18, 40),
    files=FILES,
)
