"""Linear model (D.4.1), and logistic regression (section 4.2): no hidden layer, no norm; depth and width say nothing.

The stem maps what an example holds to one number for each output, and that is the answer. A token or a category, which
is no number, has a learned one for each output first. Nodes are joined by the read-out. Pairs of nodes are asked about
with a bilinear form, and that has the width.
"""

from collections.abc import Sequence

from torch import nn

from suite.nn.network import Network
from suite.nn.stem import vector
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = (
    "tabular",
    "series",
    "audio",
    "text",
    "image",
    "volume",
    "graph",
    "sequence",
    "multimodal",
)
KEEPS_PLACES = False
IGNORES = ("depth", "patch", "heads", "kernel", "dilation", "activation", "positions", "norm", "norm_place", "residual")


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        raise AssertionError("there is no layer")

    width = size.width if task.per == "edge" else task.outputs
    size = size.model_copy(update={"depth": 0, "width": width})
    network = Network(task, size, tricks.model_copy(update={"norm": "none"}), view=vector, layer=layer)
    if task.per != "edge":
        network.head = nn.Identity()
    return network
