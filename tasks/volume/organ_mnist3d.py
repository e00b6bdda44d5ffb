"""OrganMNIST3D: which of eleven organs is in this box, cut out of a scan and averaged to 28 x 28 x 28?

Yang et al. (2023), MedMNIST v2, doi 10.1038/s41597-022-01721-8, from the scans of Bilic et al. (2019), with their split
by patient. The test part is 610 boxes from 70 scans of livers; a scan has an organ at most once, so that no class has
more than 70 of them, which is what chance says.

The file is that of the commit, by the hash that the hub shows for it. Its content was never seen here: names and shapes
are those that the authors' own package reads.
"""

import numpy as np

from tasks.fetch import FetchError
from tasks.hub import File, fetched
from tasks.split import standardize
from tasks.task import Reference, Split, Splits, Task

VOLUMES = File(
    "albertvillanova/medmnist-v2",
    "data/organmnist3d.npz",
    revision="0472595ab51916346dc4ad40f7b77551f2171403",
    sha256="9caa0c8b5bf86a4b5ae465ed7849f356f327303df1e976214d97be1a54b98625",
)
SIDE, ORGANS = 28, 11
YANG = "Yang et al. 2023, doi 10.1038/s41597-022-01721-8"


def load(rng: np.random.Generator) -> Splits:
    """The split is the published one, so nothing here is random."""
    with np.load(fetched(VOLUMES), allow_pickle=False) as arrays:
        parts = [_part(arrays, name) for name in ("train", "val", "test")]
    return standardize(Splits(*parts), axes=(0, 1, 2, 3))


def _part(arrays: np.lib.npyio.NpzFile, name: str) -> Split:
    volumes, organs = arrays[f"{name}_images"], arrays[f"{name}_labels"].reshape(-1)
    if volumes.shape != (len(organs), SIDE, SIDE, SIDE) or organs.max() >= ORGANS:
        raise FetchError(f"{name} of {VOLUMES.path} on the hub does not have the volumes of this task")
    return Split(volumes[..., None].astype(np.float32), organs.astype(np.int64))


TASK = Task(
    data="volume",
    shape=(SIDE, SIDE, SIDE, 1),
    target="class",
    outputs=ORGANS,
    metric="accuracy",
    chance=70 / 610,
    source="OrganMNIST3D of MedMNIST v2 from the hub; its own training, validation and test set",
    licence="CC BY 4.0",
    load=load,
    references=(
        Reference("ResNet-18 with 3-D convolutions", 0.907, YANG),
        Reference("ResNet-18 with convolutions in three planes (ACS)", 0.900, YANG),
    ),
    hub=VOLUMES.name,
)
