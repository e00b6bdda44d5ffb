"""A look at one thing after another; a look that fails is a finding too."""

from collections.abc import Callable, Iterator

from suite.doctor import libraries, machine, places
from suite.doctor.finding import Finding
from suite.store import Store


def examine(store: Store, *, deep: bool = False) -> Iterator[Finding]:
    """What is found, as it is found. Changes nothing. `deep` starts a Ray too."""
    looks: list[tuple[str, Callable[[], Finding]]] = [
        ("Python", libraries.python),
        ("libraries", libraries.libraries),
        ("store", lambda: places.folder(store.root)),
        ("shared memory", machine.shared_memory),
        ("limits", machine.limits),
        ("cores", machine.cores),
        ("temporary folder", machine.temporary),
        ("loopback", machine.loopback),
        ("clock", lambda: places.clock(store)),
        ("MLflow", lambda: places.mlflow(store)),
        ("accelerator", machine.accelerator),
        ("data", places.data),
    ]
    looks += [("Ray", machine.ray)] if deep else []
    for name, look in looks:
        try:
            yield look()
        except Exception as error:  # whatever is wrong with it, the rest is looked at
            yield Finding(name, "ill", f"{type(error).__name__}: {error}", "wonderland doctor --verbose")
