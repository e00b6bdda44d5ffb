"""X08 (section 7.1): a convolution is a matrix, a sum over patches, a product of spectra, and it moves with its input.

Axes: H height, W width, C channels in, D channels out, S side of the kernel.
"""

from collections.abc import Callable
from itertools import product

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from suite.architectures.locally_connected import LocallyConnected
from suite.nn.convolution import Filter

H, W, C, D, S = 6, 5, 3, 4, 3


def layer() -> Filter:
    return Filter(C, rank=2, kernel=S, out=D).double()


def image(count: int = 2) -> Tensor:
    return torch.randn(count, H, W, C, dtype=torch.float64)


def as_matrix(conv: Filter) -> Tensor:
    """The block-Toeplitz matrix of the filter alone, from all places and channels to all; (H W D, H W C)."""
    matrix = torch.zeros(H, W, D, H, W, C, dtype=torch.float64)
    for i, j, a, b in product(range(H), range(W), range(S), range(S)):
        row, column = i + a - S // 2, j + b - S // 2
        if 0 <= row < H and 0 <= column < W:
            matrix[i, j, :, row, column] = conv.conv.weight[:, :, a, b]
    return matrix.reshape(H * W * D, H * W * C)


def by_matrix(conv: Filter, x: Tensor) -> Tensor:
    return (x.flatten(1) @ as_matrix(conv).T).view(-1, H, W, D) + conv.conv.bias


def by_patches(conv: Filter, x: Tensor) -> Tensor:
    """im2col: all patches as rows of one matrix."""
    columns = functional.unfold(x.movedim(-1, 1), S, padding=S // 2)
    return (conv.conv.weight.flatten(1) @ columns).mT.unflatten(1, (H, W)) + conv.conv.bias


def by_spectrum(conv: Filter, x: Tensor) -> Tensor:
    """A product in the Fourier domain, with room so that the borders do not meet; a filter is a cross-correlation."""
    size = (H + S, W + S)
    image_spectrum = torch.fft.rfft2(x.movedim(-1, 1), size)
    spectrum = torch.einsum("bcij,dcij->bdij", image_spectrum, torch.fft.rfft2(conv.conv.weight, size).conj())
    whole = torch.fft.irfft2(spectrum, size).roll((S // 2, S // 2), (2, 3))
    return whole[..., :H, :W].movedim(1, -1) + conv.conv.bias


def by_locally_connected(conv: Filter, x: Tensor) -> Tensor:
    """A filter of its own for each place, where all happen to be the same; C = D there."""
    local = LocallyConnected((H, W), D, kernel=S, activation="relu").double()
    local.activation = torch.nn.Identity()
    with torch.no_grad():
        local.weight.zero_()
        shared = conv.conv.weight.flatten(2).permute(2, 1, 0)
        local.weight[..., :C, :] = shared[:, None, None].expand(-1, H, W, -1, -1)
        local.bias.copy_(conv.conv.bias.expand(H, W, D))
    return local(functional.pad(x, (0, D - C)))


@pytest.mark.parametrize("way", [by_matrix, by_patches, by_spectrum, by_locally_connected])
def test_it_is_the_same_in_every_way(way: Callable[[Filter, Tensor], Tensor]) -> None:
    conv, x = layer(), image()
    torch.testing.assert_close(way(conv, x), conv(x), rtol=1e-9, atol=1e-9)


def test_its_matrix_is_sparse_and_repeats_itself() -> None:
    """Of (H W)^2 C D numbers, those of a patch are not zero, and only S^2 C D are different."""
    matrix = as_matrix(layer())
    inside = (H - 2) * (W - 2) * S**2 + 2 * (H - 2 + W - 2) * S * (S - 1) + 4 * (S - 1) ** 2
    assert (matrix != 0).sum() == inside * C * D
    assert len(matrix.unique()) == S**2 * C * D + 1


def test_a_convolution_is_a_locally_connected_layer_is_a_dense_one() -> None:
    """Each is the next one with weights at zero, or shared: any dense layer whose matrix is masked is local."""
    local = LocallyConnected((H, W), C, kernel=S, activation="relu").double()
    local.activation = torch.nn.Identity()
    zero = local(torch.zeros(1, H, W, C, dtype=torch.float64))
    units = torch.eye(H * W * C, dtype=torch.float64).view(-1, H, W, C)
    dense = (local(units) - zero).reshape(H * W * C, H, W, C).detach()
    near = (
        (torch.arange(H)[:, None] - torch.arange(H)).abs() <= 1,
        (torch.arange(W)[:, None] - torch.arange(W)).abs() <= 1,
    )
    mask = near[0][:, None, :, None] & near[1][None, :, None, :]
    reached = dense.view(H, W, C, H, W, C).abs().amax((2, 5)) > 0
    assert reached.equal(mask)
    x = image()
    torch.testing.assert_close(local(x), torch.einsum("bp,phwc->bhwc", x.flatten(1), dense) + zero)


def test_on_a_ring_it_moves_with_its_input_exactly() -> None:
    """Definition D.7.3, with the borders joined; zeros around the image break it at the border, and only there."""
    conv, x, move = layer(), image(), (2, 1)

    def circular(x: Tensor) -> Tensor:
        around = functional.pad(x.movedim(-1, 1), (S // 2,) * 4, mode="circular")
        return functional.conv2d(around, conv.conv.weight, conv.conv.bias).movedim(1, -1)

    def moved(y: Tensor) -> Tensor:
        return y.roll(move, (1, 2))

    torch.testing.assert_close(circular(moved(x)), moved(circular(x)), rtol=1e-9, atol=1e-9)
    wrong = ~torch.isclose(conv(moved(x)), moved(conv(x))).all(-1).all(0)
    assert wrong.any()
    rows, columns = wrong.nonzero().unbind(1)
    border = (rows < 3) | (rows == H - 1) | (columns < 2) | (columns == W - 1)
    assert border.all(), "the borders of the image, where they were and where they are"
    torch.testing.assert_close(conv(x)[:, 1:-1, 1:-1], circular(x)[:, 1:-1, 1:-1])
