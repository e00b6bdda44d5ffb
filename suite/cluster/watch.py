"""The watch over a cluster: which nodes live, asked every second, and whether anybody still answers."""

import contextlib
import os
import threading
import time
from collections.abc import Sequence

import ray

from suite.cluster.preflight import Node, living, slots
from suite.protocol import Place

EVERY = 1.0  # seconds between two questions
SILENT = 15.0  # seconds without an answer from the head, after which it counts as lost
HELD_UP = 5.0  # seconds between two looks of ours, after which it was us who were stopped


class Watch:
    """Asks from the start until `over`. Ends this process when the head, or our own node, is lost: Ray would wait."""

    def __init__(self, place: Place, nodes: Sequence[Node], over: threading.Event) -> None:
        self._place, self._over = place, over
        self._nodes = {node.id: node for node in nodes}
        self._heard = time.monotonic()
        self._here = ray.get_runtime_context().get_node_id()
        threading.Thread(target=self._ask, daemon=True).start()
        threading.Thread(target=self._guard, daemon=True).start()

    @property
    def nodes(self) -> tuple[Node, ...]:
        return tuple(self._nodes.values())

    @property
    def slots(self) -> int:
        """Trials that there is room for at a time."""
        return slots(self.nodes, self._place)

    def is_alive(self, id: str) -> bool:
        return id in self._nodes

    def _ask(self) -> None:
        while not self._over.wait(EVERY):
            with contextlib.suppress(Exception):  # an answer that is none; the guard counts the seconds
                self._nodes = {node.id: node for node in living()}
                self._heard = time.monotonic()

    def _guard(self) -> None:
        looked = time.monotonic()
        while not self._over.wait(EVERY):
            held_up, looked = time.monotonic() - looked, time.monotonic()
            if held_up > HELD_UP:
                self._heard += held_up
            if time.monotonic() - self._heard > SILENT or not self.is_alive(self._here):
                print("the head of the cluster, or this machine's node, is lost", flush=True)
                os._exit(1)
