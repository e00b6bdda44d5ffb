"""The Slurm script, run for real on one node; what Slurm itself would do is done by two small commands here.

It listens on this machine's own address, with a token: make cluster-test
"""

import os
import subprocess
import sys
from pathlib import Path

from suite.process import adopt_orphans, end_descendants
from suite.store import Store
from tests.test_sweep import STUDY, TRIALS

ROOT = Path(__file__).parents[2]
COMMANDS = {
    "scontrol": 'echo "$SLURM_JOB_NODELIST"',
    "srun": 'while [[ "$1" == --* ]]; do shift; done; exec "$@"',
}


def test_the_slurm_script_sweeps_and_leaves_nothing(tmp_path: Path) -> None:
    commands = tmp_path / "commands"
    commands.mkdir()
    for name, text in COMMANDS.items():
        (commands / name).write_text(f"#!/bin/bash\n{text}\n")
        (commands / name).chmod(0o755)
    study = tmp_path / "small.py"
    study.write_text(STUDY.replace("STEPS", "30"))
    slurm = {"SLURM_JOB_ID": str(os.getpid()), "SLURM_JOB_NODELIST": "here", "SLURM_CPUS_PER_TASK": "2"}
    environment = slurm | {"SLURM_SUBMIT_DIR": str(tmp_path), "RAY_PORT": "26399", "HOME": str(tmp_path)}
    environment |= {"ENVIRONMENT": str(Path(sys.executable).parents[1]), "PYTHONPATH": str(ROOT)}
    environment |= {"PATH": f"{commands}:{os.environ['PATH']}"}
    adopt_orphans()
    done = subprocess.run(
        ["bash", str(ROOT / "deploy/slurm/sweep.sbatch"), str(study), "--no-mirror"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=480,
    )
    end_descendants()
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(Store(tmp_path / "runs").records("small")) == TRIALS
    assert not Path(f"/tmp/ray-{os.getuid()}-{os.getpid()}").exists(), "Ray's files stayed"
    assert not list(tmp_path.glob(".wonderland-*")), "the token stayed"
