"""The data of a task, described in Croissant 1.0 (mlcommons.org/croissant): where it is from, its licence and digests.

Data that ships inside a package is described by that package and the file in it. Other data is made or loaded by the
task's own file, which is then what the bundle holds.
"""

from collections.abc import Mapping
from typing import Any

from tasks.fetch import Member
from tasks.task import Task

CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
CONFORMS = "http://mlcommons.org/croissant/1.0"


def croissant(
    name: str, task: Task, code: tuple[str, str], fingerprints: Mapping[int, str], made: str
) -> dict[str, Any]:
    """The description of a task's data.

    `code` is the place of the task's file, from the description's, and its SHA-256; `fingerprints` has a hash of the
    arrays for each seed.
    """
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS,
        "name": name,
        "description": f"{task.source}. As Wonderland's task {name}: {_asks(task)}",
        "version": f"{task.version}.0.0",
        "license": task.licence,
        "citeAs": task.source,
        "datePublished": made,
        "isLiveDataset": False,
        "identifier": [
            {"@type": "PropertyValue", "name": f"hash of the arrays of seed {seed}", "value": value}
            for seed, value in sorted(fingerprints.items())
        ],
        "distribution": [_code(name, *code), *(_member(member) for member in task.files)],
    }


def file_of(task: str) -> str:
    """image/digits is described in image.digits.json."""
    return f"{task.replace('/', '.')}.json"


def _asks(task: Task) -> str:
    shapes = " and ".join(f"{form.data} {'x'.join(map(str, form.shape))}" for form in task.forms)
    outputs = f"{task.outputs} classes" if task.target == "class" else f"{task.outputs} values"
    return f"{shapes}; {outputs} per {task.per}; scored by {task.metric}, chance {task.chance:g}."


def _code(name: str, place: str, sha256: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": "loader",
        "name": f"{name}.py",
        "description": "The program that loads or makes the data and draws the split.",
        "contentUrl": place,
        "encodingFormat": "text/x-python",
        "sha256": sha256,
    }


def _member(member: Member) -> dict[str, Any]:
    package = member.package
    return {
        "@type": "cr:FileObject",
        "@id": member.path,
        "name": member.path.rpartition("/")[2],
        "description": f"{member.path} in the package {package.name} {package.version} (SHA-256 {package.sha256}).",
        "contentUrl": f"pkg:pypi/{package.name}@{package.version}#{member.path}",
        "encodingFormat": "application/octet-stream",
        "sha256": member.sha256,
    }
