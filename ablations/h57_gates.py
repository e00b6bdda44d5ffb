"""Do gates let a recurrent network carry information further?"""

from suite.claim import Claim
from suite.study import Study

SOURCE = (
    "section 13.2; Hochreiter and Schmidhuber 1997; sequential MNIST: RNN 21.5, LSTM 87.2, GRU 96.2 (Bai et al. 2018)"
)

STUDY = Study(
    question=__doc__,
    tasks=("sequence/adding", "sequence/copying"),
    architectures=("elman", "li_gru", "gru", "lstm"),
    baseline={"width": 32, "depth": 1, "readout": "last", "steps": 1000, "rate": 3e-3, "clip": 1.0},
    seeds=5,
    claims=tuple(
        Claim(
            id=f"H57 {gated}",
            says=f"A {gated} remembers longer than a vanilla recurrent network.",
            factor="architecture",
            level=gated,
            reference="elman",
            expects="better",
            source=SOURCE,
        )
        for gated in ("gru", "lstm")
    ),
)
