"""Can attention be replaced by any other way to mix places?"""

from suite.claim import Claim
from suite.study import Study

SOURCE = (
    "section 11.3; Yu et al. 2022, 2024: on ImageNet, pools 77.2 (82.1 when larger), random mixing 75.8, and "
    "none at all 74.3"
)
MIXERS = ("mlp_mixer", "pool_former", "fourier", "random_mixer")

STUDY = Study(
    question=__doc__,
    tasks=("image/digits", "image/textures", "series/mnist1d"),
    architectures=("transformer", *MIXERS, "identity_mixer"),
    baseline={"width": 32, "depth": 3, "patch": 2, "steps": 600, "rate": 3e-3},
    seeds=5,
    claims=(
        Claim(
            id="H42 identity_mixer",
            says="Without any mixing of places a transformer is worse.",
            factor="architecture",
            level="identity_mixer",
            reference="transformer",
            expects="worse",
            source=SOURCE,
        ),
        *(
            Claim(
                id=f"H42 {mixer}",
                says=f"{mixer} instead of attention makes no difference that matters.",
                factor="architecture",
                level=mixer,
                reference="transformer",
                expects="equivalent",
                margin=0.05,
                source=SOURCE,
            )
            for mixer in MIXERS
        ),
    ),
)
