"""Does a decoder that reads question and answer in one row replace an encoder with a decoder?"""

from suite.claim import Claim
from suite.study import Study

STUDY = Study(
    question=__doc__,
    tasks=("sequence/reversal", "sequence/sorting"),
    architectures=("encoder_decoder", "decoder"),
    baseline={"width": 32, "depth": 2, "steps": 800, "rate": 3e-3},
    match="parameters",
    seeds=5,
    claims=(
        Claim(
            id="H47",
            says="At equal parameters a decoder alone is as good as an encoder with a decoder.",
            factor="architecture",
            level="decoder",
            reference="encoder_decoder",
            expects="equivalent",
            margin=0.02,
            source="section 11.1.3; Raffel et al. 2020 (T5) found two stacks the best in their setting",
        ),
    ),
)
