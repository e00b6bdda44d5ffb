"""Making very many objects at once, which the collector of garbage would otherwise look through again and again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def bulk() -> Iterator[None]:
    """No search for garbage inside; four times as fast for records. For data that holds no cycles."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()  # what was made counts as old now, and is not looked through at once
            gc.enable()


@contextmanager
def kept() -> Iterator[None]:
    """What is there already is no garbage and is not looked through inside, so that it costs nothing to have it."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
