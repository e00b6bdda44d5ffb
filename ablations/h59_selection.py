"""Is selection what linear time-invariant state-space models lack?"""

from suite.claim import Claim
from suite.study import Study

SOURCE = "section 13.4.3; Gu and Dao 2023: selective copying S4 18.3, S6 97.0, Mamba 99.8"

STUDY = Study(
    question=__doc__,
    tasks=("sequence/selective_copying", "sequence/copying"),
    architectures=("s4d", "lru", "mamba"),
    baseline={"width": 32, "depth": 2, "steps": 800, "rate": 3e-3},
    seeds=5,
    claims=(
        Claim(
            id="H59a",
            says="On selective copying, a model whose dynamics depend on the input is better than one whose do not.",
            factor="architecture",
            level="mamba",
            reference="s4d",
            expects="better",
            tasks=("sequence/selective_copying",),
            source=SOURCE,
        ),
        Claim(
            id="H59b",
            says="On plain copying, where time alone says what is asked, selection is not needed.",
            factor="architecture",
            level="mamba",
            reference="s4d",
            expects="equivalent",
            margin=0.05,
            tasks=("sequence/copying",),
            source=SOURCE,
        ),
    ),
)
