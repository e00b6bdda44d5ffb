"""Do strides do what pooling does, and separable filters what full ones do?"""

from suite.claim import Claim
from suite.study import Study

STUDY = Study(
    question=__doc__,
    tasks=("image/digits", "image/textures", "series/mnist1d"),
    architectures=("vgg", "all_cnn", "cnn", "separable"),
    baseline={"width": 32, "depth": 3, "steps": 800},
    seeds=5,
    claims=(
        Claim(
            id="H14",
            says="Strided convolutions instead of max-pooling make no difference that matters.",
            factor="architecture",
            level="all_cnn",
            reference="vgg",
            expects="equivalent",
            margin=0.03,
            source="section 7.2; Springenberg et al. 2015: CIFAR-10 error 9.08 with strides, 9.31 with pools",
        ),
        Claim(
            id="H15",
            says="Depthwise-separable convolutions lose little, with a fraction of the weights.",
            factor="architecture",
            level="separable",
            reference="cnn",
            expects="equivalent",
            margin=0.03,
            source="section 7.2; Howard et al. 2017 (MobileNet): 70.6 % separable, 71.7 % full, on ImageNet",
        ),
    ),
)
