"""easy-VQA: one coloured shape on a canvas, and a question about it in plain words; thirteen answers.

V. Zhou (2019), the easy-vqa package, with its own train and test images. Two things keep the data small: images are
averaged from 64 x 64 to 32 x 32, and of the ten or so questions about an image each seed draws two. A fifth of the
train images, with their questions, is for validation.
"""

import io
import json
import zipfile
from functools import cache
from pathlib import Path

import numpy as np

from tasks.fetch import WHOLE, Member, Package, fetch
from tasks.modes import Modes
from tasks.split import hold_out, standardize
from tasks.task import Form, Split, Splits, Task

SHA256 = "fcb51b309b78c7b00f97b64cdbcbcf5c105f94da1b39c0796cee5a787c4f650f"
FILES = Member(Package("easy-vqa", "1.0", SHA256), WHOLE, SHA256)
ANSWERS = (
    *("circle", "green", "red", "gray", "yes", "teal", "black"),
    *("rectangle", "yellow", "triangle", "brown", "blue", "no"),
)
WORDS = (
    *("a", "black", "blue", "brown", "circle", "color", "contain", "does", "gray", "green", "image", "in", "is"),
    *("no", "not", "of", "present", "rectangle", "red", "shape", "teal", "the", "there", "triangle", "what", "yellow"),
)
LONGEST, SIDE, QUESTIONS = 9, 32, 2


def load(rng: np.random.Generator) -> Splits:
    (file,) = fetch(FILES)
    train, test = (Split(images, np.arange(len(images))) for images in (_images(file, "train"), _images(file, "test")))
    splits = standardize(hold_out(train, test, rng), axes=(0, 1, 2))
    parts = ((splits.train, "train"), (splits.valid, "train"), (splits.test, "test"))
    return Splits(*(_asked(split, *_questions(file, part), rng) for split, part in parts))


def _asked(split: Split, words: np.ndarray, answers: np.ndarray, about: np.ndarray, rng: np.random.Generator) -> Split:
    """Questions about the images of `split`, whose targets are their numbers."""
    assert isinstance(split.inputs, np.ndarray)
    order = rng.permutation(len(about))
    order = order[np.argsort(about[order], kind="stable")]  # image by image, and at random within each
    first = np.searchsorted(about[order], split.targets)
    last = np.searchsorted(about[order], split.targets, side="right")
    asked = first[:, None] + np.arange(QUESTIONS)
    image, which = np.nonzero(asked < last[:, None])
    chosen = order[asked[image, which]]
    return Split(Modes((split.inputs[image], words[chosen])), answers[chosen])


@cache
def _images(file: Path, part: str) -> np.ndarray:
    """All images in the order of their numbers; uint8, (images, 32, 32, 3)."""
    from PIL import Image

    with zipfile.ZipFile(file) as package:
        folder = f"easy_vqa/data/{part}/images/"
        count = sum(name.startswith(folder) and name.endswith(".png") for name in package.namelist())
        files = (io.BytesIO(package.read(f"{folder}{number}.png")) for number in range(count))
        return np.stack([np.asarray(Image.open(one).convert("RGB").reduce(64 // SIDE)) for one in files])


@cache
def _questions(file: Path, part: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Word tokens (questions, LONGEST), numbers of answers, and which image each is about."""
    with zipfile.ZipFile(file) as package:
        rows = json.loads(package.read(f"easy_vqa/data/{part}/questions.json"))
    sentences = ([1 + WORDS.index(word) for word in text.rstrip("?").split()] for text, _, _ in rows)
    words = np.array([(sentence + [0] * LONGEST)[:LONGEST] for sentence in sentences], np.int64)
    return words, np.array([ANSWERS.index(answer) for _, answer, _ in rows]), np.array([image for *_, image in rows])


TASK = Task(
    data="multimodal",
    shape=(),
    modes=(Form("image", (SIDE, SIDE, 3)), Form("text", (LONGEST,), vocabulary=1 + len(WORDS), padded=True)),
    target="class",
    outputs=len(ANSWERS),
    metric="accuracy",
    chance=0.37,
    source="easy-VQA 1.0, 5,000 images with about 48,000 questions, in package easy-vqa; its own test images",
    licence="MIT",
    load=load,
    files=(FILES,),
)
