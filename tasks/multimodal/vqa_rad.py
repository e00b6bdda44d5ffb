"""VQA-RAD: yes or no, to a doctor's question about a radiograph?

Lau et al. (2018), doi 10.1038/sdata.2018.251: questions that clinicians asked and answered about 314 images. The copy
on the hub has 1,793 questions to learn from and 451 to be tested on, of which those are asked that are answered with
yes or no. An image may be in both, with other questions. Images are grey, scaled to 64 x 64, and a fifth of the
questions to learn from is for validation.

Scores are areas under the curve, for which chance is known: how many answers are yes was never counted here. The
published ones are shares of right answers, so that none is given. Rows and columns are those of the data set's card and
files those of a commit; the data itself was never seen here, and the first fetch is trusted.
"""

import io
from dataclasses import dataclass

import numpy as np

from tasks.hub import Part, table
from tasks.modes import Modes
from tasks.split import hold_out, standardize
from tasks.task import Form, Split, Splits, Task
from tasks.text._documents import padded
from tasks.text._tokens import WORD, Words

COMMIT = "bcf91e7654fb9d51c8ab6a5b82cacf3fafd2fae9"
TRAIN, TEST = (
    Part(
        "flaviagiammarino/vqa-rad",
        split,
        ("image", "question", "answer"),
        rows,
        revision=COMMIT,
        files=f"data/{split}-00000-of-00001-{mark}.parquet",
    )
    for split, rows, mark in (("train", 1793, "eb8844602202be60"), ("test", 451, "e5bc3d208bb4deeb"))
)
SIDE, LONGEST, VOCABULARY = 64, 32, 2000
ANSWERS = ("no", "yes")


@dataclass(frozen=True)
class Asked:
    """Images (questions, SIDE, SIDE, 1), the questions in words, and the numbers of the answers."""

    images: np.ndarray
    questions: list[str]
    answers: np.ndarray


def load(rng: np.random.Generator) -> Splits:
    learned, tested = read(TRAIN), read(TEST)
    learned = _without(learned, set(_keys(tested)))
    rows = Split(learned.images, np.arange(len(learned.answers)))  # the targets say which question it is
    splits = standardize(hold_out(rows, Split(tested.images, tested.answers), rng), axes=(0, 1, 2, 3))
    words = Words.fitted([learned.questions[row] for row in splits.train.targets], VOCABULARY)

    def asked(split: Split) -> Split:
        questions = [learned.questions[row] for row in split.targets]
        return _split(split, questions, learned.answers[split.targets], words)

    return Splits(
        asked(splits.train), asked(splits.valid), _split(splits.test, tested.questions, tested.answers, words)
    )


def _split(seen: Split, questions: list[str], answers: np.ndarray, words: Words) -> Split:
    assert isinstance(seen.inputs, np.ndarray)
    return Split(Modes((seen.inputs, padded(questions, words, LONGEST))), answers)


def read(part: Part) -> Asked:
    """The questions that are answered with yes or no."""
    rows = [row for row in table(part).to_pylist() if row["answer"].strip().lower() in ANSWERS]
    return Asked(
        np.stack([_picture(row["image"]["bytes"]) for row in rows]),
        [row["question"] for row in rows],
        np.array([ANSWERS.index(row["answer"].strip().lower()) for row in rows], np.int64),
    )


def _picture(file: bytes) -> np.ndarray:
    from PIL import Image

    grey = Image.open(io.BytesIO(file)).convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(grey, np.float32)[..., None]


def _without(asked: Asked, seen: set[bytes]) -> Asked:
    """Each question about an image once, and none of the `seen` ones."""
    rows = []
    for row, key in enumerate(_keys(asked)):
        if key not in seen:
            rows.append(row)
            seen.add(key)
    return Asked(asked.images[rows], [asked.questions[row] for row in rows], asked.answers[rows])


def _keys(asked: Asked) -> list[bytes]:
    """What an example is: the image, and the words of the question that are read."""
    words = (" ".join(WORD.findall(question.lower())[:LONGEST]).encode() for question in asked.questions)
    return [image.tobytes() + text for image, text in zip(asked.images, words, strict=True)]


TASK = Task(
    data="multimodal",
    shape=(),
    modes=(Form("image", (SIDE, SIDE, 1)), Form("text", (LONGEST,), vocabulary=VOCABULARY, padded=True)),
    target="class",
    outputs=2,
    metric="auc",
    chance=0.5,
    source="VQA-RAD from the hub, questions of yes and no; a fifth of its training set for validation, its test set",
    licence="CC0 1.0",
    load=load,
    hub=TRAIN.name,
)
