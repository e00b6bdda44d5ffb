"""A child that does not outlive its parent, however that one ends: python -m suite.child PARENT MODULE WORDS...

The kernel tells it (Linux), so that it is told even while it imports, hangs, or is stopped. It becomes the module, and
dies with its parent. A module that has children of its own first lets itself be told in another way, so that it can end
them.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def command(module: str, *words: str) -> list[str]:
    """What to start from the main thread: the kernel takes the end of the thread that starts it for our end."""
    return [sys.executable, "-m", "suite.child", str(os.getpid()), module, *words]


def when_orphaned(number: int) -> None:
    """Let this process get that signal when its parent is gone, instead of any other."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


def main(parent: int, words: list[str]) -> None:
    when_orphaned(signal.SIGKILL)
    if os.getppid() == parent:  # else it was gone before the kernel knew whom to tell
        os.execv(sys.executable, [sys.executable, "-m", *words])


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
