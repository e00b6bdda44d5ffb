"""Tokenizers: there and back, what they do not know, and that nothing but the training text makes them."""

import os

import pytest

from tasks.text._tokens import PADDING, SPECIAL, UNKNOWN, BytePairs, Characters, Tokenizer, Words, words

TEXTS = ("the cat sat on the mat.", "The dog sat; the cat ran away!")
KINDS = (Characters, Words, BytePairs)
SIZE = 300

each_kind = pytest.mark.parametrize("kind", KINDS)


def fitted(kind: type[Characters | Words | BytePairs], texts: tuple[str, ...] = TEXTS, size: int = SIZE) -> Tokenizer:
    return kind.fitted(texts, size)


@pytest.mark.parametrize("kind", [Characters, BytePairs])
def test_known_text_comes_back_letter_by_letter(kind: type[Characters | BytePairs]) -> None:
    tokenizer = fitted(kind)
    for text in (*TEXTS, "a rat on the dog", "", "  no  hat "):
        assert tokenizer.decode(tokenizer.encode(text)) == text


def test_words_come_back_in_lower_case_with_one_space_between() -> None:
    tokenizer = fitted(Words)
    assert words("The dog's  mat_1!") == ["the", "dog", "'", "s", "mat_1", "!"]
    assert tokenizer.decode(tokenizer.encode(TEXTS[1])) == "the dog sat ; the cat ran away !"


@each_kind
def test_padding_is_0_and_unknown_is_1_and_no_symbol_is_either(kind: type[Characters | Words | BytePairs]) -> None:
    tokenizer = fitted(kind)
    assert (PADDING, UNKNOWN) == (0, 1)
    assert tokenizer.size == SIZE
    for text in TEXTS:
        assert min(tokenizer.encode(text)) >= len(SPECIAL)
        assert max(tokenizer.encode(text)) < SIZE


def test_the_most_frequent_symbols_come_first_and_equals_by_the_alphabet() -> None:
    assert Characters.fitted(["cab", "cc", "b"], 4).symbols == {"c": 2, "b": 3}
    assert Characters.fitted(["dcba"], 5).symbols == {"a": 2, "b": 3, "c": 4}
    assert Words.fitted(["see The sea", "the sea, the"], 4).symbols == {"the": 2, "sea": 3}


def test_what_training_text_does_not_have_is_unknown() -> None:
    assert fitted(Characters).encode("zé\t") == [UNKNOWN] * 3
    assert Characters.fitted(["ab"], 9).decode([UNKNOWN, 2, PADDING]) == "[UNK]a[PAD]"
    tokens = fitted(Words).encode("the horse sat")
    assert tokens[1] == UNKNOWN
    assert UNKNOWN not in (tokens[0], tokens[2])


@pytest.mark.parametrize("text", ["Zoë naïve façade", "日本語 → ∑", "\t\n\r\0", "[PAD [UNK"])
def test_no_text_is_unknown_to_byte_pairs(text: str) -> None:
    tokenizer = fitted(BytePairs)
    assert UNKNOWN not in tokenizer.encode(text)
    assert PADDING not in tokenizer.encode(text)
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_byte_pairs_merge_the_most_frequent_neighbours_first() -> None:
    """Sennrich et al. 2016: "ab" comes four times and is merged; then "ab" with "c", three times."""
    tokenizer = BytePairs.fitted(["abc", "abc", "abc", "abd"], 258 + 2)
    assert len(tokenizer.encode("ab")) == 1
    assert [tokenizer.decode([token]) for token in (258, 259)] == ["ab", "abc"]
    assert len(BytePairs.fitted(["abc", "abc", "abc", "abd"], 258).encode("ab")) == 2, "258 tokens are the bytes alone"


def test_a_merge_does_not_reach_over_a_space() -> None:
    tokenizer = BytePairs.fitted(["to be to be to be to be"], SIZE)
    pieces = [tokenizer.decode([token]) for token in tokenizer.encode("to be to be")]
    assert pieces == ["to", " be", " to", " be"]


@each_kind
def test_two_trainings_give_the_same_tokens(kind: type[Characters | Words | BytePairs]) -> None:
    text = " ".join(TEXTS) + " a mouse, unseen"
    assert fitted(kind).encode(text) == fitted(kind).encode(text)
    if kind is BytePairs:
        models = [BytePairs.fitted(TEXTS, SIZE).model.to_str() for _ in range(2)]
        assert models[0] == models[1]


@each_kind
def test_other_training_text_gives_other_tokens(kind: type[Characters | Words | BytePairs]) -> None:
    assert fitted(kind).encode("the cat") != fitted(kind, ("cat cat cat", "the")).encode("the cat")


@pytest.mark.parametrize("before", [None, "true"])
def test_training_leaves_the_environment_as_it_was(before: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if before is None:
        monkeypatch.delenv("TOKENIZERS_PARALLELISM", raising=False)
    else:
        monkeypatch.setenv("TOKENIZERS_PARALLELISM", before)
    fitted(BytePairs)
    assert os.environ.get("TOKENIZERS_PARALLELISM") == before
