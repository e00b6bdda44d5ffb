"""ListOps, small (Nangia and Bowman 2018): the value of a nested expression over digits, such as [MAX 2 [MIN 7 4 ] 1 ].

Brackets say what belongs together, and the outermost operation comes first and counts last, so a bag of tokens or a
window guesses little more than from the first operation; a tree, or a memory like a stack, gets all.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from tasks.probe import probe
from tasks.task import Splits, Task

LENGTH, DEPTH, ARGUMENTS, NESTED = 32, 3, 4, 0.3
PADDING, DIGIT, CLOSE = 0, 1, 15  # digits are tokens 1 to 10
OPERATIONS: Mapping[int, Callable[[Sequence[int]], int]] = {
    11: max,
    12: min,
    13: lambda values: int(np.median(values)),  # of an even number of values, the mean of the two in the middle
    14: lambda values: sum(values) % 10,
}


def expression(rng: np.random.Generator, depth: int = DEPTH) -> tuple[list[int], int]:
    """Tokens of a random expression nested at most so deep, and its value."""
    operation = int(rng.integers(min(OPERATIONS), max(OPERATIONS) + 1))
    tokens, values = [operation], []
    for _ in range(rng.integers(2, ARGUMENTS + 1)):
        digit = int(rng.integers(0, 10))
        inner, value = [DIGIT + digit], digit
        if depth > 1 and rng.random() < NESTED:
            inner, value = expression(rng, depth - 1)
        tokens += inner
        values.append(value)
    return [*tokens, CLOSE], OPERATIONS[operation](values)


def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """As many expressions of each value, none longer than there is room."""
    inputs, targets = np.full((count, LENGTH), PADDING), np.arange(count) % 10
    missing = {value: list(np.flatnonzero(targets == value)) for value in range(10)}
    while any(missing.values()):
        tokens, value = expression(rng)
        if missing[value] and len(tokens) <= LENGTH:
            inputs[missing[value].pop(), : len(tokens)] = tokens
    return inputs, targets


def load(rng: np.random.Generator) -> Splits:
    return probe(rng, draw)


TASK = Task(
    data="sequence",
    shape=(LENGTH,),
    vocabulary=CLOSE + 1,
    padded=True,
    target="class",
    outputs=10,
    metric="accuracy",
    chance=0.1,
    source="random expressions, made by this file",
    licence="none needed",
    load=load,
)
