"""Which architectures do best with little training, on every type of data that they accept?

The board: every architecture there is on eleven tasks of nine types of data that need no network. Each is as wide and
deep, sees as many examples, and finds its own learning rate among the same three, on validation and on a block of draws
that does not count. So small a budget says how fast an architecture learns, and not how far it gets.
"""

from suite import catalog
from suite.study import Study

STUDY = Study(
    question=__doc__.partition("\n")[0],
    tasks=(
        "tabular/breast_cancer",
        "tabular/friedman",
        "series/mnist1d",
        "audio/vowels",
        "text/docstrings",
        "image/digits",
        "volume/motion_direction",
        "sequence/associative_recall",
        "graph/stochastic_blocks",
        "graph/hops",
        "multimodal/image_xor_text",
    ),
    architectures=catalog.architecture_names(),
    baseline={"width": 32, "depth": 2, "patch": 2, "steps": 200, "batch": 32},
    tune={"rate": (1e-3, 3e-3, 1e-2)},
    seeds=3,
)
