"""Completion: the same names as the catalogue, without importing it, in the shells that are here."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from suite import catalog
from suite.cli import completion
from suite.store import Store
from tests.cli.conftest import Wonderland

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "ray", "mlflow", "streamlit", "pandas", "numpy")
BASH = """
source completion.sh
try() { COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _wonderland_completion wonderland; echo "${COMPREPLY[*]}"; }
try wonderland pla
try wonderland plan h5
try wonderland effects --task image/dig
try wonderland effects second_
try wonderland sweep first --progress p
try wonderland completion ""
"""


def test_names_are_those_of_the_catalogue() -> None:
    assert completion.tasks("") == list(catalog.task_names())
    assert completion.architectures("") == list(catalog.architecture_names())
    assert completion.studies("") == list(catalog.study_names())
    assert completion.studies("h5") == [name for name in catalog.study_names() if name.startswith("h5")]


def on_path(folder: Path) -> dict[str, str]:
    """An environment in which the command is `wonderland`."""
    command = folder / "bin" / "wonderland"
    command.parent.mkdir()
    command.write_text(f"#!{sys.executable}\nfrom suite.cli.main import main\nmain()\n")
    command.chmod(0o755)
    return os.environ | {"PATH": f"{command.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes_verbs_options_and_names(wonderland: Wonderland, store: Store, tmp_path: Path) -> None:
    (tmp_path / "completion.sh").write_text(wonderland("completion", "bash").out)
    done = subprocess.run(
        ["bash", "-c", BASH], cwd=tmp_path, env=on_path(tmp_path), capture_output=True, text=True, timeout=120
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "plan",
        " ".join(name for name in catalog.study_names() if name.startswith("h5")),
        "image/digits",
        "second_half",
        "plain",
        "bash zsh fish",
    ]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_take_their_script(wonderland: Wonderland, tmp_path: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / "completion"
    script.write_text(wonderland("completion", shell).out)
    first = "autoload -Uz compinit && compinit -u; " if shell == "zsh" else ""
    done = subprocess.run(
        [shell, "-c", f"{first}source {script}"], env=on_path(tmp_path), capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("words", ["wonderland plan h0", "wonderland effects --task ima", "wonderland show 12"])
def test_completing_imports_nothing_heavy(python: Callable[..., str], words: str) -> None:
    code = f"""
import sys
from suite.cli.main import main
sys.argv = ["wonderland"]
try:
    main()
except SystemExit as end:
    print("code", end.code)
print([name for name in {HEAVY} if name in sys.modules])
"""
    said = python(code, _WONDERLAND_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(len(words.split()) - 1))
    assert said.endswith("code 0\n[]\n")


def test_a_damaged_plan_is_nothing_to_tell_at_a_tab(python: Callable[..., str], store: Store) -> None:
    (store.root / "second" / "plan.json").write_text("{")
    code = "from suite.cli.main import main; main()"
    words = {"COMP_WORDS": f"wonderland show --runs {store.root} ", "COMP_CWORD": "4"}
    said = python(f"import sys; sys.argv = ['wonderland']; {code}", _WONDERLAND_COMPLETE="complete_bash", **words)
    assert said.split() == list(store.plan("second_half").trials)
