"""`wonderland service`, as somebody types it."""

import os
import subprocess
import sys
from pathlib import Path


def wonderland(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from suite.cli.main import main; main()", "service", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=os.environ | {"NO_COLOR": "1"})


def test_init_says_what_it_wrote_and_never_what_it_is(tmp_path: Path) -> None:
    done = wonderland("init", "--dir", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "9 secrets written" in done.stdout
    values = [path.read_text() for path in (tmp_path / "secrets").iterdir() if path.name != ".gitignore"]
    assert not [value for value in values if value in done.stdout + done.stderr]
    again = wonderland("init", "--dir", str(tmp_path))
    assert "0 secrets written" in again.stdout
    assert "9 kept" in again.stdout


def test_check_is_content_or_says_what_is_wrong(tmp_path: Path) -> None:
    wonderland("init", "--dir", str(tmp_path))
    assert wonderland("check", "--dir", str(tmp_path)).returncode == 0
    (tmp_path / "secrets" / "ray_token").chmod(0o644)
    (tmp_path / "secrets" / "s3_key").unlink()
    done = wonderland("check", "--dir", str(tmp_path))
    assert done.returncode == 4
    assert "ray_token can be read by others" in done.stderr
    assert "s3_key cannot be read" in done.stderr
