"""Every command in the documentation runs, in the order in which it stands there, in a checkout of its own.

A block of shell that is too long to run, or that waits for somebody, has a comment before it: <!-- not run: why -->.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"(?:^<!-- not run: (?P<why>.+?) -->\n+)?^```sh\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)
FENCE = re.compile(r"^```(\w*)$", re.MULTILINE)
INLINE = re.compile(r"`wonderland ([a-z][a-z-]*)")
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


class Block(NamedTuple):
    """Shell code of a page, and why it is not run, if so."""

    code: str
    why: str | None


def blocks(page: Path) -> list[Block]:
    return [Block(found["code"], found["why"]) for found in BLOCK.finditer(page.read_text(encoding="utf-8"))]


def run(page: Path) -> list[Block]:
    return [block for block in blocks(page) if block.why is None]


@pytest.fixture
def environment(tree: Path) -> dict[str, str]:
    """`wonderland` and `python` of this checkout's copy, with a home of their own."""
    (tree / "bin").mkdir()
    for name, code in (("wonderland", "from suite.cli.main import main; main()"), ("python", None)):
        command = tree / "bin" / name
        words = f"{sys.executable} -c '{code}'" if code else sys.executable
        command.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        command.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WONDERLAND", "MLFLOW"))}
    return kept | {"PATH": f"{tree / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(tree), "OMP_NUM_THREADS": "1"}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("page", [page for page in PAGES if run(page)], ids=lambda page: page.name)
def test_every_command_runs(page: Path, tree: Path, environment: dict[str, str]) -> None:
    """One shell for the page, as a reader has one; it stops at the first command that fails."""
    script = "".join(block.code for block in run(page))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        timeout=850,
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_named_exists(page: Path) -> None:
    from suite.cli.main import app

    named = {str(one.name or one.callback.__name__) for one in app.registered_commands if one.callback}
    verbs = named | {str(group.name) for group in app.registered_groups}
    assert set(INLINE.findall(page.read_text(encoding="utf-8"))) - verbs == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_fence_of_shell_is_found(page: Path) -> None:
    """So that no block escapes because it is written a little differently."""
    fences = FENCE.findall(page.read_text(encoding="utf-8"))
    assert fences[::2].count("sh") == len(blocks(page))
    assert not set(fences[::2]) & {"bash", "shell", "console", "zsh"}, "shell is marked as sh, so that it is tested"
