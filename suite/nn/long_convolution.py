"""Convolution with a kernel as long as the example (section 10.1.1), by the Fourier transform: O(n log n).

Axes: B batch, L length, D features.
"""

import torch
from torch import Tensor


def long_convolution(x_BLD: Tensor, kernel_LD: Tensor) -> Tensor:
    """y_i = sum over j <= i of kernel_{i-j} x_j, feature by feature; (B, L, D) to (B, L, D)."""
    length = x_BLD.shape[1]
    room = 2 * length  # so that the end does not come round to the beginning
    spectrum = torch.fft.rfft(x_BLD, room, dim=1) * torch.fft.rfft(kernel_LD, room, dim=0)
    return torch.fft.irfft(spectrum, room, dim=1)[:, :length]
