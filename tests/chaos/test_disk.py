"""Disks that are full, small, read-only or broken: exit 4, a ledger that holds, and the same command goes on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.world import ROOT, Stage, World, as_planned, whole

SMALL = {"suite.disk.LOW_WATER": 0, "suite.disk.FEWEST_FILES": 0, "suite.backend.MOST_LINES": 1}


def refused(world: World, **how: object) -> str:
    code, said = world.run(patches=SMALL, **how)
    assert code == 4, said
    assert "Traceback" not in said
    assert not world.left_over()
    return said.splitlines()[-1]


@pytest.mark.parametrize("room", [500, 3000, 6000])
def test_files_that_may_not_grow(world: World, room: int) -> None:
    """As a disk quota does it: a write takes what there is room for, the next one fails."""
    said = refused(world, FAKE_LARGEST=str(room))
    assert str(world.folder) in said
    assert "MiB free" in said
    whole(world)


def test_a_folder_nobody_may_write(world: World) -> None:
    if not os.geteuid():
        pytest.skip("root may write everywhere; the read-only mount below shows the same")
    world.folder.mkdir()
    world.folder.chmod(0o500)
    try:
        assert str(world.folder) in refused(world)
    finally:
        world.folder.chmod(0o700)
    whole(world)


def test_too_little_room_to_begin(world: World) -> None:
    code, said = world.run(patches={"suite.disk.LOW_WATER": 2**60})
    assert code == 4
    assert "of free disk to begin" in said
    assert str(world.folder) in said
    assert not (world.folder / "plan.json").exists()
    assert not world.left_over()
    whole(world)


def mounts() -> bool:
    """Whether a process here may mount a file system of its own."""
    if not (shutil.which("unshare") and shutil.which("mount")):
        return False
    tried = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
        capture_output=True,
        timeout=30,
    )
    return not tried.returncode


def test_a_real_file_system_without_room(tmp_path: Path) -> None:
    """In a mount namespace of its own, so that nothing stays mounted whatever happens."""
    if not mounts():
        pytest.skip("no mount namespaces here")
    code = f"from tests.chaos.test_disk import within; within({str(tmp_path)!r})"
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=480,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def within(folder: str) -> None:
    """In the namespace: a store on each of some small disks."""
    stage = Stage()
    try:
        for options in ("size=12k", "size=20k", "nr_inodes=6", "ro"):
            on_a_small_disk(World(stage, Path(folder) / options), options)
    finally:
        stage.close()


def on_a_small_disk(world: World, options: str) -> None:
    """The disk is filled, made larger, and all is there in the end."""
    world.folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(world.folder)], check=True)
    said = refused(world)
    assert str(world.folder) in said, said
    if "inodes" in options:
        assert "room for 0 files" in said, said
    assert world.committed <= set(world.lines)
    subprocess.run(["mount", "-o", "remount,rw,size=8m,nr_inodes=1000", str(world.folder)], check=True)
    code, said = world.run(patches=SMALL)
    assert code == 0, said
    as_planned(world)
