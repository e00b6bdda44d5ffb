"""Voxel digits: a handwritten digit, made four layers thick and turned in space; which of ten is it?

The recipe of 3-D MNIST on the smaller digits: extrude, turn about a random axis, sample again. A turn is at most 45
degrees about each axis, so that a 6 does not become a 9.
"""

import numpy as np

from tasks.split import random_split, standardize
from tasks.task import Splits, Task

SIDE, DIGIT, LAYERS = 12, 8, 4
STEEPEST = np.pi / 4


def load(rng: np.random.Generator) -> Splits:
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    digits = images.reshape(-1, DIGIT, DIGIT).astype(np.float32)
    voxels = turned(digits, rng.uniform(-STEEPEST, STEEPEST, (len(digits), 3)))
    return standardize(random_split(voxels[..., None], labels.astype(np.int64), rng), axes=(0, 1, 2, 3, 4))


def turned(digits: np.ndarray, angles: np.ndarray) -> np.ndarray:
    """Images (examples, 8, 8), extruded and turned by (examples, 3) angles; (examples, 12, 12, 12) voxels."""
    from scipy.ndimage import map_coordinates
    from scipy.spatial.transform import Rotation

    centre = (SIDE - 1) / 2
    places = np.stack(np.meshgrid(*[np.arange(SIDE) - centre] * 3, indexing="ij")).reshape(3, -1)
    low, high = (SIDE - LAYERS) // 2, (SIDE - DIGIT) // 2
    voxels = np.zeros((len(digits), SIDE, SIDE, SIDE), np.float32)
    voxels[:, low : low + LAYERS, high : high + DIGIT, high : high + DIGIT] = digits[:, None]
    turns = Rotation.from_euler("xyz", angles).as_matrix()
    return np.stack(
        [
            map_coordinates(voxel, turn @ places + centre, order=1).reshape(SIDE, SIDE, SIDE)
            for voxel, turn in zip(voxels, turns, strict=True)
        ]
    )


TASK = Task(
    data="volume",
    shape=(SIDE, SIDE, SIDE, 1),
    target="class",
    outputs=10,
    metric="accuracy",
    chance=0.1,
    source="UCI handwritten digits, 1,797 of them, shipped inside scikit-learn, each extruded and turned at random",
    licence="CC BY 4.0",
    load=load,
)
