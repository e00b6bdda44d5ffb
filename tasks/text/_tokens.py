"""Tokenizers: characters, words, and byte pairs (section 8.4.2). All are fitted on training text and nothing else.

Token 0 is [PAD] and 1 is [UNK]; the others are symbols, the frequent ones first where they are counted.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import tokenizers

PADDING, UNKNOWN = 0, 1
SPECIAL = ("[PAD]", "[UNK]")
WORD = re.compile(r"\w+|[^\w\s]")


class Tokenizer(Protocol):
    """Text to tokens below `size`, and back."""

    @property
    def size(self) -> int: ...
    def encode(self, text: str) -> list[int]: ...
    def decode(self, tokens: Sequence[int]) -> str: ...


@dataclass(frozen=True)
class Characters:
    """Each character is a token, if training text has it often enough to be among the `size`."""

    symbols: dict[str, int]
    size: int

    @classmethod
    def fitted(cls, texts: Iterable[str], size: int) -> "Characters":
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(text)
        return cls(_numbered(counts, size), size)

    def encode(self, text: str) -> list[int]:
        return [self.symbols.get(character, UNKNOWN) for character in text]

    def decode(self, tokens: Sequence[int]) -> str:
        names = _names(self.symbols)
        return "".join(names[token] for token in tokens)


@dataclass(frozen=True)
class Words:
    """Lower-case words, and marks by themselves; those that are not among the `size` most frequent are unknown."""

    symbols: dict[str, int]
    size: int

    @classmethod
    def fitted(cls, texts: Iterable[str], size: int) -> "Words":
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(words(text))
        return cls(_numbered(counts, size), size)

    def encode(self, text: str) -> list[int]:
        return [self.symbols.get(word, UNKNOWN) for word in words(text)]

    def decode(self, tokens: Sequence[int]) -> str:
        names = _names(self.symbols)
        return " ".join(names[token] for token in tokens)


@dataclass(frozen=True)
class BytePairs:
    """Byte-pair encoding (Sennrich et al. 2016): bytes, the most frequent neighbours merged. No text is unknown to it.

    A merge never reaches over a space. At least 258 tokens, so that every byte is there.
    """

    model: "tokenizers.Tokenizer"
    size: int

    @classmethod
    def fitted(cls, texts: Iterable[str], size: int) -> "BytePairs":
        import tokenizers
        from tokenizers import decoders, models, pre_tokenizers, trainers

        model = tokenizers.Tokenizer(models.BPE())
        model.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        model.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=size,
            special_tokens=list(SPECIAL),
            initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
            show_progress=False,
        )
        with _one_thread():
            model.train_from_iterator(texts, trainer)
        return cls(model, size)

    def encode(self, text: str) -> list[int]:
        return list(self.model.encode(text, add_special_tokens=False).ids)

    def decode(self, tokens: Sequence[int]) -> str:
        return str(self.model.decode(list(tokens)))


def words(text: str) -> list[str]:
    """Lower-case words and marks, in order."""
    return WORD.findall(text.lower())


def _numbered(counts: Counter[str], size: int) -> dict[str, int]:
    """The most frequent symbols as tokens; of two as frequent, the one that comes first in the alphabet."""
    ranked = sorted(counts, key=lambda symbol: (-counts[symbol], symbol))
    return {symbol: token for token, symbol in enumerate(ranked[: size - len(SPECIAL)], len(SPECIAL))}


def _names(symbols: dict[str, int]) -> dict[int, str]:
    return dict(enumerate(SPECIAL)) | {token: symbol for symbol, token in symbols.items()}


@contextmanager
def _one_thread() -> Iterator[None]:
    """A library that has started threads complains in every process that is forked later."""
    before = os.environ.get("TOKENIZERS_PARALLELISM")
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    try:
        yield
    finally:
        if before is None:
            del os.environ["TOKENIZERS_PARALLELISM"]
        else:
            os.environ["TOKENIZERS_PARALLELISM"] = before
