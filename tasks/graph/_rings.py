"""Rings: nodes in a circle, by their names."""

import numpy as np


def ring(names: np.ndarray) -> np.ndarray:
    """Each node with the next one, then all of these edges the other way round; (2, 2 * nodes)."""
    one_way = np.stack([names, np.roll(names, -1)])
    return np.concatenate([one_way, one_way[::-1]], axis=1)
