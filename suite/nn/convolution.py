"""One convolution for sequences, planes and volumes; the number of axes says which (D.7.4, E.8.1)."""

from torch import Tensor, nn

CONVOLUTIONS: dict[int, type[nn.Conv1d | nn.Conv2d | nn.Conv3d]] = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}


class Convolution(nn.Module):
    """Mix each place with its neighbours, then apply the nonlinearity; (B, ..., D) to (B, ..., D)."""

    def __init__(self, width: int, *, rank: int, kernel: int = 3) -> None:
        super().__init__()
        self.conv = CONVOLUTIONS[rank](width, width, kernel, padding="same")
        self.activation = nn.GELU()

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(self.conv(x.movedim(-1, 1)).movedim(1, -1))
