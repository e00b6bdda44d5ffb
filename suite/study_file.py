"""A study from its file: a .py that exports STUDY, or its fields as JSON."""

import json
import math
import runpy
from pathlib import Path
from typing import Any

from suite import catalog
from suite.study import Study, StudyError, known

MOST_BYTES = 1_000_000  # of a study in JSON


def load(name: str) -> tuple[str, Study]:
    """The study of that name in ablations/, or in the .py or .json file at that path; with its name.

    Raises StudyError, in one sentence, for a name that does not exist or a file that is no study.
    """
    path = Path(name)
    if path.suffix not in (".py", ".json"):
        known("study", name, catalog.study_names())
        path = catalog.root("ablations") / f"{name}.py"
    if not _is_file(path):
        raise StudyError(
            f"no file {path}; a study is a name ({', '.join(catalog.study_names())}) or a .py or .json file"
        )
    return path.stem, _from_json(path) if path.suffix == ".json" else _from_python(path)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long to be one
        return False


def _from_json(path: Path) -> Study:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise StudyError(f"{path} has more than {MOST_BYTES:,} bytes; no study is that long")
        text = path.read_text(encoding="utf-8")
        fields = json.loads(text, object_pairs_hook=_once, parse_constant=_finite, parse_float=_finite)
    except StudyError:
        raise
    except RecursionError:
        raise StudyError(f"{path} is nested too deeply to be a study") from None
    except (ValueError, OSError) as error:
        raise StudyError(f"{path} is not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise StudyError(f"{path} must hold one JSON object, the fields of a study: {', '.join(Study.model_fields)}")
    try:
        return Study(**fields)
    except StudyError as error:
        raise StudyError(f"{path}: {error}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, in which Python would let the last of two equal keys win without a word."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} is there twice")
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is not a finite number")
    return number


def _from_python(path: Path) -> Study:
    try:
        study = runpy.run_path(str(path)).get("STUDY")
    except StudyError as error:
        raise StudyError(f"{path}: {error}") from None
    except (Exception, SystemExit) as error:  # a study file is anybody's code; whatever it raises is the answer
        raise StudyError(f"{path} does not import: {type(error).__name__}: {error}") from None
    if not isinstance(study, Study):
        raise StudyError(f"{path} exports no STUDY; it must have STUDY = Study(question=..., tasks=..., ...)")
    return study
