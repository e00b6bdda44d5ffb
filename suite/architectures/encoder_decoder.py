"""Encoder-decoder transformer (section 11.1.3; Vaswani et al. 2017): one stack reads the question, another answers.

The encoder sees the prefix as a whole. The decoder begins at the prefix's last place, where the first answer is asked
for; it looks back, and asks the encoder. Where a task has no prefix, both see the whole example, as BART does (Lewis et
al. 2020), and the last place of the decoder is read.
"""

from collections.abc import Sequence

from torch import nn

from suite.nn.network import Network
from suite.nn.stem import sequence
from suite.nn.streams import Streams, once
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
NEEDS_PREFIX = True
IGNORES = ("kernel", "dilation", "readout")


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    if task.causal and not task.prefix:
        raise ValueError("encoder_decoder has nothing to encode in a causal task without a prefix")

    def layer(index: int) -> Sequence[nn.Module]:
        start = max(task.prefix - 1, 0)
        return once(Streams(size, tricks, encoded=task.prefix or None, start=start, causal=True), index)

    return Network(task, size, tricks, view=sequence, layer=layer, positions=True, read="last")
