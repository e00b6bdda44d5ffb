"""A group of processes on this machine that train one trial together, without Ray: how a record of one is tried again.

They find each other through a file and talk over the loopback interface.
"""

import os
import tempfile
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path

import torch
from torch import distributed

from suite.parallel import CPU, Failed, PeerLost, failed, train_part
from suite.protocol import LOOPBACK
from suite.record import Record, Result
from suite.resources import execution, group
from suite.trial import Trial

PATIENCE = timedelta(days=1)  # between two words of the others, who may be scoring
LAST_WORDS = 5.0  # seconds in which the others may still say why one was lost


def train_in_group(trial: Trial, mode: str) -> Record:
    """Train with as many processes as the execution mode says, and return the record. Raises PeerLost.

    A mode with accelerators is trained on processors where there are not enough of them, which the record then says.
    """
    size, on_gpu = _members(mode)
    on_gpu = on_gpu and torch.cuda.device_count() >= size
    mode = execution(size, on_gpu=on_gpu)
    with tempfile.TemporaryDirectory(prefix="wl-") as folder:
        place = get_context("spawn")
        ours, theirs = zip(*(place.Pipe(duplex=False) for _ in range(size)), strict=True)
        members = [
            place.Process(target=_take_part, args=(trial, mode, rank, f"{folder}/meeting", theirs[rank]), daemon=True)
            for rank in range(size)
        ]
        try:
            for member, connection in zip(members, theirs, strict=True):
                member.start()
                connection.close()
            return _answer(trial, mode, list(ours))
        finally:
            for member in members:
                if member.pid is not None:
                    member.kill()
                    member.join()


def _answer(trial: Trial, mode: str, open: list[Connection]) -> Record:
    """What they say, up to the first word that decides it. What one of them raised explains that others lost it."""
    lost = ""
    while open:
        said = wait(open, LAST_WORDS if lost else None)
        if not said:
            break
        for connection in said:
            assert isinstance(connection, Connection)
            try:
                word, text = connection.recv()
            except EOFError:
                word, text = "lost", "a process of the group ended without a word"
            match word:
                case "record":
                    return Record.from_json(text)
                case "failed":
                    return failed(trial, Result.model_validate_json(text), mode)
                case "lost":
                    lost = lost or text
            open.remove(connection)
    raise PeerLost(lost or "no process of the group had a record")


def _take_part(trial: Trial, mode: str, rank: int, meeting: str, out: Connection) -> None:
    size, on_gpu = _members(mode)
    os.environ["GLOO_SOCKET_IFNAME"] = LOOPBACK
    device = torch.device("cuda", rank) if on_gpu else CPU
    distributed.init_process_group(
        "nccl" if on_gpu else "gloo",
        init_method=f"file://{Path(meeting)}",
        rank=rank,
        world_size=size,
        timeout=PATIENCE,
    )
    try:
        record = train_part(trial, mode, device)
    except Failed as error:
        out.send(("failed", str(error)))
    except PeerLost as error:
        out.send(("lost", str(error)))
    else:
        out.send(("record", record.to_json()) if record else ("done", ""))
    distributed.destroy_process_group()


def _members(mode: str) -> tuple[int, bool]:
    found = group(mode)
    assert found is not None, f"{mode} is no mode of a group"
    return found
