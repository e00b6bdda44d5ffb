"""Images with questions: labels by other means than the loader's, and that no mode knows the answer alone."""

from functools import cache

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from suite import catalog
from suite.seeds import numpy_stream
from tasks.fetch import fetch, is_here
from tasks.modes import Modes
from tasks.multimodal import easy_vqa
from tasks.multimodal.image_xor_text import EVEN, ODD, VOCABULARY
from tasks.task import Split, Splits

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # enough is enough


@cache
def load(name: str) -> Splits:
    task = catalog.task(name)
    if not all(map(is_here, task.files)):
        pytest.skip(f"{name} is not on this machine; make data fetches it")
    return task.load(numpy_stream(name, 0, "data"))


def modes(split: Split) -> tuple[np.ndarray, np.ndarray]:
    assert isinstance(split.inputs, Modes)
    image, text = split.inputs.parts
    return image.reshape(len(image), -1), text


def bag(text: np.ndarray, vocabulary: int) -> np.ndarray:
    """How often each word comes; (examples, vocabulary)."""
    return np.stack([(text == word).sum(1) for word in range(1, vocabulary)], 1).astype(float)


def odd(text: np.ndarray) -> np.ndarray:
    """Whether the question asks for odd; one of the two words, and only one, is in every question."""
    assert ((text == ODD).sum(1) + (text == EVEN).sum(1) == 1).all()
    return (text == ODD).any(1)


def test_an_image_is_asked_both_questions_so_that_it_knows_no_answer() -> None:
    splits = load("multimodal/image_xor_text")
    for split in (splits.train, splits.valid, splits.test):
        image, text = modes(split)
        np.testing.assert_array_equal(image[::2], image[1::2])
        assert (split.targets[::2] + split.targets[1::2] == 1).all()
        assert (odd(text)[::2] != odd(text)[1::2]).all()


def test_words_alone_and_sums_over_modes_are_at_chance() -> None:
    splits = load("multimodal/image_xor_text")
    (image, text), (image_test, text_test) = modes(splits.train), modes(splits.test)
    words, words_test = bag(text, VOCABULARY), bag(text_test, VOCABULARY)
    model = LogisticRegression(max_iter=500).fit(words, splits.train.targets)
    assert model.score(words_test, splits.test.targets) < 0.56
    model.fit(np.hstack([image, words]), splits.train.targets)
    assert model.score(np.hstack([image_test, words_test]), splits.test.targets) < 0.56


def test_who_reads_the_digit_and_the_question_knows_the_answer() -> None:
    splits = load("multimodal/image_xor_text")
    (image, text), (image_test, text_test) = modes(splits.train), modes(splits.test)
    is_odd = KNeighborsClassifier(1).fit(image, splits.train.targets == odd(text)).predict(image_test)
    assert ((is_odd == odd(text_test)) == splits.test.targets).mean() > 0.97


def questions(split: Split) -> list[str]:
    text = modes(split)[1]
    return [" ".join(easy_vqa.WORDS[word - 1] for word in row if word) for row in text]


def answers(split: Split) -> list[str]:
    return [easy_vqa.ANSWERS[number] for number in split.targets]


SHAPES = {"circle", "rectangle", "triangle"}
COLOURS = {"green", "red", "gray", "teal", "black", "yellow", "brown", "blue"}


def reasoned(question: str, shape: str, colour: str) -> str:
    """The answer to a question about an image with that shape, worked out from its words."""
    words = set(question.split())
    if "what" in words:
        return colour if "color" in words else shape
    (thing,) = words & (SHAPES | COLOURS)
    says = thing in (shape, colour)
    return "yes" if says != bool(words & {"no", "not"}) else "no"


def test_the_words_of_easy_vqa_mean_what_they_say() -> None:
    load("multimodal/easy_vqa")
    (file,) = fetch(easy_vqa.FILES)
    for part, count in (("train", 38575), ("test", 9673)):
        words, numbers, about = easy_vqa._questions(file, part)
        assert len(numbers) == count
        split = Split(Modes((np.zeros((count, 1)), words)), numbers)
        asked, said = questions(split), answers(split)
        known: dict[int, dict[str, str]] = {}
        for question, answer, image in zip(asked, said, about, strict=True):
            if question.startswith("what"):
                known.setdefault(image, {})["colour" if "color" in question else "shape"] = answer
        whole = [
            reasoned(question, known[image]["shape"], known[image]["colour"]) == answer
            for question, answer, image in zip(asked, said, about, strict=True)
            if len(known.get(image, {})) == 2
        ]
        assert len(whole) > count / 4
        assert all(whole)


def test_questions_stand_beside_their_images() -> None:
    """The colour of the pixels that stand out is what the answers say."""
    splits = load("multimodal/easy_vqa")
    ask = {}
    for name, split in (("train", splits.train), ("test", splits.test)):
        rows = [row for row, question in enumerate(questions(split)) if "color" in question]
        image = modes(split)[0][rows].reshape(len(rows), -1, 3)
        unlike = np.abs(image - np.median(image, axis=1, keepdims=True)).sum(-1)
        most = np.take_along_axis(image, np.argsort(unlike, axis=1)[:, -20:, None], axis=1).mean(1)
        ask[name] = most, split.targets[rows]
    assert KNeighborsClassifier(3).fit(*ask["train"]).score(*ask["test"]) > 0.9


def test_questions_of_easy_vqa_alone_give_two_thirds_at_most() -> None:
    splits = load("multimodal/easy_vqa")
    model = LogisticRegression(max_iter=100)
    texts = [bag(modes(split)[1], 1 + len(easy_vqa.WORDS)) for split in (splits.train, splits.test)]
    model.fit(texts[0], splits.train.targets)
    assert 0.5 < model.score(texts[1], splits.test.targets) < 0.72


def test_images_of_easy_vqa_stay_in_one_part() -> None:
    splits = load("multimodal/easy_vqa")
    seen = [{row.tobytes() for row in modes(split)[0]} for split in (splits.train, splits.valid, splits.test)]
    assert not seen[0] & seen[1] | seen[0] & seen[2] | seen[1] & seen[2]
    assert [len(part) for part in seen] == [3200, 800, 1000]
