"""What do locality and weight sharing each give: fully connected, locally connected, convolutional?"""

from suite.claim import Claim
from suite.study import Study

SOURCE = (
    "section 7.1; Zhang et al. 2017: about 53 % for MLPs and 86 to 89 % for small convolutional networks on CIFAR-10"
)

STUDY = Study(
    question=__doc__,
    tasks=("series/mnist1d", "image/digits"),
    architectures=("mlp", "locally_connected", "cnn"),
    baseline={"width": 32, "depth": 3, "kernel": 5, "steps": 1000},
    seeds=5,
    claims=(
        Claim(
            id="H13a",
            says="Sharing weights over places is better than a weight for each place.",
            factor="architecture",
            level="cnn",
            reference="locally_connected",
            expects="better",
            source=SOURCE,
        ),
        Claim(
            id="H13b",
            says="Looking at neighbours only is better than looking at everything at once.",
            factor="architecture",
            level="locally_connected",
            reference="mlp",
            expects="better",
            source=SOURCE,
        ),
    ),
)
