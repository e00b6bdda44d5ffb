"""The preflight: before the first trial, every node is looked at, and a cluster that cannot do the work is refused."""

import math
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from suite.cluster import node
from suite.cluster.difference import difference
from suite.cluster.refused import Refused
from suite.protocol import Place

ROUNDING = 1e-6  # of shares such as 0.1, ten of which are one
LOOK = 120.0  # seconds for all nodes to say what they are made of; each imports torch for it, some from a slow disk
AGAIN = 0.5  # seconds between two tries to reach a node


@dataclass(frozen=True)
class Node:
    """A living node: its id, what people call it, and what it has in all."""

    id: str
    name: str
    cpus: float
    gpus: float

    def room(self, place: Place) -> int:
        """Processes that it has room for at a time. A share of an accelerator lies on one, and is never cut in two."""
        by_cpu = math.inf if not place.cpus else self.cpus // place.cpus
        by_gpu = math.inf
        if place.gpus:
            by_gpu = self.gpus // place.gpus if place.gpus >= 1 else self.gpus * int(1 / place.gpus + ROUNDING)
        return int(min(by_cpu, by_gpu))


def living() -> tuple[Node, ...]:
    """The cluster's nodes, as its head knows them now."""
    return tuple(_node(found) for found in ray.nodes() if found["Alive"])  # type: ignore[no-untyped-call]


def admit(nodes: Sequence[Node], place: Place) -> dict[str, str]:
    """What this machine and every node with room for a trial are made of. Raises Refused if they differ.

    A node that nothing can be sent to is asked again for as long as it lives: the head knows of one that comes before
    the other nodes do, and of one that goes after them.
    """
    until = time.monotonic() + LOOK
    here, expected = f"this machine, {platform.node()},", node.made_of()
    asked = {found: task(node.arrive, found.id).remote() for found in with_room(nodes, place)}
    gone: set[Node] = set()
    while asked:
        found, answer = asked.popitem()
        try:
            made = _taken(found.name, answer, until - time.monotonic())
        except (ray.exceptions.TaskUnschedulableError, ray.exceptions.NodeDiedError) as error:
            if time.monotonic() > until:
                raise Refused(f"nothing can be sent to {found.name}: {_last_line(error)}") from error
            if found.id in {alive.id for alive in living()}:
                time.sleep(AGAIN)
                asked[found] = task(node.arrive, found.id).remote()
            else:
                gone.add(found)
            continue
        other = difference(here, expected, found.name, made)
        if other:
            raise Refused(f"the cluster is mixed: {other}")
    if gone:
        with_room([found for found in nodes if found not in gone], place)
    return expected


def with_room(nodes: Sequence[Node], place: Place) -> tuple[Node, ...]:
    """Those that can take a trial, or a process of one. Raises Refused, naming what there is, if that is too little."""
    able = tuple(found for found in nodes if found.room(place))
    if slots(able, place):
        return able
    there = "; ".join(f"{found.name} has {_amount(found.cpus, found.gpus)}" for found in nodes) or "there is none"
    whose = "no node has room" if place.processes == 1 else "the nodes have no room"
    raise Refused(f"{whose} for a trial of {place.words}: {there}")


def slots(nodes: Sequence[Node], place: Place) -> int:
    """Trials that there is room for at a time; the processes of one may lie on several nodes."""
    return sum(found.room(place) for found in nodes) // place.processes


def share_of(place: Place) -> dict[str, float]:
    """What Ray keeps for the process that a bundle is sent to; one that waits for a group needs nothing itself."""
    return {"num_cpus": 0.0} if place.processes > 1 else {"num_cpus": place.cpus, "num_gpus": place.gpus}


def task(work: Callable[..., Any], id: str) -> Any:
    """A remote function that runs on that node and on no other, whatever else runs there."""
    there = NodeAffinitySchedulingStrategy(id, soft=False)
    return ray.remote(work).options(num_cpus=0, max_retries=0, scheduling_strategy=there)


def _taken(name: str, answer: Any, seconds: float) -> dict[str, str]:
    try:
        found: dict[str, str] = ray.get(answer, timeout=max(seconds, AGAIN))
    except ray.exceptions.GetTimeoutError:
        raise Refused(f"{name} did not say within {LOOK:g} seconds what it is made of") from None
    except (ray.exceptions.TaskUnschedulableError, ray.exceptions.NodeDiedError):
        raise
    except ray.exceptions.RayError as error:
        raise Refused(f"the suite does not run on {name}: {_last_line(error)}") from error
    return found


def _last_line(error: ray.exceptions.RayError) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[-1]


def _node(found: dict[str, Any]) -> Node:
    has = found["Resources"]
    name = f"{found['NodeManagerHostname']} ({found['NodeManagerAddress']}, {found['NodeID'][:8]})"
    return Node(found["NodeID"], name, has.get("CPU", 0.0), has.get("GPU", 0.0))


def _amount(cpus: float, gpus: float) -> str:
    return f"{cpus:g} CPU" + (f" and {gpus:g} GPU" if gpus else "")
