"""A newcomer: somebody's architecture file, put where architectures are found."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from suite import catalog
from suite.disk import replace_file

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


class NewcomerError(ValueError):
    """A file that cannot be an architecture; one sentence that says why."""

    exit_code = 2


def adopt(file: Path) -> Path:
    """Copy the file into suite/architectures/, under its own name. Doing it again with the same file does nothing.

    Raises NewcomerError for a name that is taken, and for a file that does not import or is no architecture.
    """
    if file.suffix != ".py" or not NAME.fullmatch(file.stem):
        raise NewcomerError(
            f"{file.name!r} cannot name an architecture; use small letters, digits, underscores and .py"
        )
    if not file.is_file():
        raise NewcomerError(f"no file {file}")
    target = catalog.root("suite.architectures") / file.name
    content = file.read_bytes()
    if target.is_file():
        if target.read_bytes() != content:
            raise NewcomerError(
                f"there is another architecture {file.stem!r} in {target}; give yours a name of its own"
            )
        return target
    reason = _refusal(file)
    if reason:
        raise NewcomerError(f"{file} is no architecture: {reason}")
    replace_file(target, content)
    return target


def _refusal(file: Path) -> str:
    """Why the file is no architecture; nothing if it is one. It is imported from where it is, under its later name."""
    spec = spec_from_file_location(f"suite.architectures.{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    found = module_from_spec(spec)
    try:
        spec.loader.exec_module(found)
    except (Exception, SystemExit) as error:  # anybody's code, and whatever it raises is the reason
        return f"{type(error).__name__}: {error}"
    missing = [what for what in ("ACCEPTS", "build") if not hasattr(found, what)]
    return f"it has no {missing[0]}, as the files in {catalog.root('suite.architectures')} have" if missing else ""
