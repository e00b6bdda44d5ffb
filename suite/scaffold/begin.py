"""A new architecture, task or study: the file to start from, put where the catalogue finds it."""

import keyword
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

from suite import catalog
from tasks.task import DataType

Kind = Literal["architecture", "task", "study"]
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
SHAPES: dict[str, str] = {  # of an example of numbers
    "tabular": "(8,)",
    "series": "(32, 1)",
    "audio": "(64, 1)",
    "image": "(8, 8, 1)",
    "volume": "(4, 6, 6, 1)",
}
TOKENS = ("text", "sequence")


class CannotBegin(ValueError):
    """A file that cannot be made; one sentence that says what to do."""

    exit_code = 2


def begin(kind: Kind, name: str, *, tasks: Sequence[str] = (), architectures: Sequence[str] = ()) -> Path:
    """Write the file and say where it is. A study may be about these tasks and architectures.

    Raises CannotBegin for a name that cannot be one or is taken, and OSError if the folder cannot be written.
    """
    path = _place(kind, name)
    text = _text(kind, name, tasks, architectures)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise CannotBegin(f"the {kind} {name!r} is there already, in {path}") from None
    return path


def checkout() -> Path:
    """The checkout that the current folder lies in, else the one that runs. Raises CannotBegin if there is neither."""
    here = Path.cwd()
    ours = catalog.root("suite").parent
    for folder in (here, *here.parents, ours):
        if (folder / "suite" / "architectures").is_dir() and (folder / "ablations").is_dir():
            return folder
    raise CannotBegin("this folder is no checkout of Wonderland; go to one")


def _place(kind: Kind, name: str) -> Path:
    data, slash, short = name.rpartition("/") if kind == "task" else ("", "", name)
    if kind == "task" and (not slash or data not in get_args(DataType)):
        types = ", ".join(get_args(DataType))
        raise CannotBegin(f"a task is named TYPE/NAME, as image/stripes; got {name!r}, and TYPE is one of {types}")
    if not NAME.fullmatch(short) or keyword.iskeyword(short):
        raise CannotBegin(f"{short!r} cannot name a file of Python; use small letters, digits and underscores")
    match kind:
        case "architecture":
            return checkout() / "suite" / "architectures" / f"{short}.py"
        case "task":
            return checkout() / "tasks" / data / f"{short}.py"
        case "study":
            return checkout() / "ablations" / f"{short}.py"


def _text(kind: Kind, name: str, tasks: Sequence[str], architectures: Sequence[str]) -> str:
    if kind == "architecture":
        return _template("architecture")
    if kind == "task":
        return _task(name.partition("/")[0])
    text = _template("study")
    for key, given, known in (
        ("tasks", tasks, catalog.task_names()),
        ("architectures", architectures, catalog.architecture_names()),
    ):
        for one in given:
            _check(key.removesuffix("s"), one, known)
        if given:
            text = re.sub(rf"^    {key}=\([^)]*\)", f"    {key}={_tuple(given)}", text, flags=re.MULTILINE)
    return text


def _task(data: str) -> str:
    if data in SHAPES:
        text = _template("numbers").replace("SHAPE = (8, 8, 1)", f"SHAPE = {SHAPES[data]}")
        return text.replace('data="image"', f'data="{data}"')
    if data in TOKENS:
        return _template("tokens").replace('data="sequence"', f'data="{data}"')
    return _template({"graph": "rings", "multimodal": "modes"}[data])


def _template(name: str) -> str:
    return (catalog.root("suite.scaffold") / f"{name}.py").read_text(encoding="utf-8")


def _tuple(names: Sequence[str]) -> str:
    return "(" + "".join(f'"{name}", ' for name in names).removesuffix(" " if len(names) == 1 else ", ") + ")"


def _check(kind: str, name: str, known: tuple[str, ...]) -> None:
    try:
        catalog.check(kind, name, known)
    except LookupError as error:
        raise CannotBegin(str(error.args[0])) from None
