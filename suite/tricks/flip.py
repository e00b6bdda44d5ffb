"""Flips: half of the pictures are mirrored, left for right (book section 9.2.3, listing C.9.1).

Right where left and right mean nothing, as on photographs of things. Digits, letters and what moves to one side do not
keep their answers; there it is as wrong as the augmentation "invalid".
"""

import torch
from torch import Generator, Tensor

SHARE = 0.5  # of the examples


def flip(x: Tensor, y: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
    """Images (B, height, width, C), and volumes or films (B, depth, height, width, C), mirrored along their width."""
    chosen = torch.rand(len(x), *[1] * (x.dim() - 1), generator=generator) < SHARE
    return torch.where(chosen, x.flip(-2), x), y
