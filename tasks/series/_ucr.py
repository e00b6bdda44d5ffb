"""Sets of the UCR archive: its text files, read as arrays, with the official training part.

Dau et al. (2019), The UCR Time Series Archive, IEEE/CAA Journal of Automatica Sinica 6(6). The training parts are as
small as a few dozen curves, too few to choose on, so the validation part is a third of the official test part, which
is large, and the rest is what is reported. So what is learned from is what published scores have learned from.
"""

from pathlib import Path

import numpy as np

from tasks.fetch import Member, Package, fetch
from tasks.split import stratified_split
from tasks.task import Reference, Split, Splits

AEON = Package("aeon", "1.6.0", "d05227086706f80111ac5fee8de4d5d3115bb3bcfd1c786c8629393055816409")
LICENCE = "free for research, with citation of the UCR archive"
TABLE = "results-ucr-128.csv of the repository dl-4-tsc (Fawaz et al. 2019); mean of 5 runs, official split"
SUMMARY = "DataSummary.csv of the UCR archive of 2018, column ED (w=0); official split"

Score = tuple[float, float]  # mean and deviation over runs


def members(name: str, train: str, test: str) -> tuple[Member, Member]:
    """The two files of a set; `train` and `test` are their hashes."""
    where = f"aeon/datasets/data/{name}/{name}"
    return Member(AEON, f"{where}_TRAIN.ts", train), Member(AEON, f"{where}_TEST.ts", test)


def published(mlp: Score, fcn: Score, resnet: Score, twiesn: Score, nearest: float) -> tuple[Reference, ...]:
    """Scores of the review by Fawaz et al. and of the nearest neighbour, as the archive lists them.

    They are those of the whole official test part, of which ours is two thirds.
    """
    return (
        Reference("MLP", mlp[0], TABLE, "mlp", mlp[1]),
        Reference("FCN, three convolutions", fcn[0], TABLE, "cnn", fcn[1]),
        Reference("ResNet", resnet[0], TABLE, "resnet", resnet[1]),
        Reference("TWIESN, an echo state network", twiesn[0], TABLE, spread=twiesn[1]),
        Reference("nearest neighbour, Euclidean", nearest, SUMMARY),
    )


def read(path: Path) -> tuple[np.ndarray, list[str]]:
    """Curves, (examples, time, channels), NaN past the end of a shorter one; and the label of each, as written.

    Of .ts, a line is channels and label with colons between, numbers with commas; of .tsv, label and numbers with tabs.
    """
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and line[0] not in "#@"]
    if path.suffix == ".tsv":
        rows = [line.split("\t") for line in lines]
        return np.array([row[1:] for row in rows], np.float32)[:, :, None], [row[0] for row in rows]
    rows = [line.split(":") for line in lines]
    curves = [np.array([channel.split(",") for channel in row[:-1]], np.float32).T for row in rows]
    array = np.full((len(curves), max(map(len, curves)), curves[0].shape[1]), np.nan, np.float32)
    for place, curve in zip(array, curves, strict=True):
        place[: len(curve)] = curve
    return array, [row[-1].strip() for row in rows]


def official(files: tuple[Member, Member]) -> tuple[Split, Split]:
    """Training and test part as published, the classes numbered in order of their labels."""
    parts = [read(path) for path in fetch(*files)]
    labels = sorted({label for _, labels in parts for label in labels}, key=float)
    train, test = (
        Split(curves, np.array([labels.index(label) for label in written], np.int64)) for curves, written in parts
    )
    return train, test


def load_ucr(files: tuple[Member, Member], rng: np.random.Generator) -> Splits:
    """The official training part; a third of the official test part to choose on, and the rest to report.

    A curve that the test part has twice is taken once.
    """
    train, test = official(files)
    assert isinstance(test.inputs, np.ndarray)
    first = np.sort(np.unique(test.inputs, axis=0, return_index=True)[1])
    halves = stratified_split(test.inputs[first], test.targets[first], rng, valid=2 / 3, test=1 / 3)
    return Splits(train=train, valid=halves.test, test=halves.valid)
