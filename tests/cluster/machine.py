"""A Ray cluster of several nodes on this machine, in a process of its own, which does what it is told line by line.

    python -m tests.cluster.machine FOLDER     the files of all nodes lie below FOLDER, whose path must be short

    add CPUS [NAME=VALUE ...]   a node, with that environment; the first is the head      -> NUMBER PID_OF_RAYLET
    gcs                         the process of the head's directory of nodes              -> PID

It says its address first. When its input ends, so do all nodes.
"""

import os
import sys
from pathlib import Path

from ray.cluster_utils import Cluster

from suite.process import adopt_orphans, end_descendants

STORE_BYTES = 80 * 2**20


def main(folder: Path) -> None:
    adopt_orphans()
    os.environ["RAY_TMPDIR"] = str(folder)  # where Ray notes the address of the newest cluster, else for everybody
    (folder / "ray").mkdir()
    cluster = Cluster()
    nodes = []
    for line in sys.stdin:
        word, *rest = line.split()
        if word == "add":
            cpus, *environment = rest
            node = cluster.add_node(
                num_cpus=int(cpus),
                temp_dir=str(folder / f"n{len(nodes)}"),
                object_store_memory=STORE_BYTES,
                include_dashboard=False,
                env_vars=dict(pair.split("=", 1) for pair in environment) or None,
            )
            nodes.append(node)
            (raylet,) = node.all_processes["raylet"]
            print(cluster.address, raylet.process.pid, flush=True)
        elif word == "gcs":
            (gcs,) = nodes[0].all_processes["gcs_server"]
            print(cluster.address, gcs.process.pid, flush=True)
    end_descendants()
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
