"""A study as a folder to share, and whether such a folder is what it says."""

from pathlib import Path
from typing import Annotated

import typer

from suite import document
from suite.cli.arguments import RUNS, Json, Runs, Swept
from suite.cli.say import suggest


def export(
    study: Swept = None,
    out: Annotated[Path | None, typer.Option("--out", help="The folder to write. [default: STUDY-bundle]")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who made it. [default: git's user.name]")] = None,
    runs: Runs = RUNS,
    as_json: Json = False,
) -> None:
    """Write a study as a folder: records, tables, a page that needs no server, and a digest of every file."""
    from suite.answer import last_study
    from suite.display import console, printable
    from suite.export.bundle import export as write
    from suite.export.manifest import digest, read
    from suite.store import Store

    store = Store(runs)
    name = study or last_study(store)
    folder = write(store, name, out or Path(f"{name}-bundle"), by)
    files, sha256 = len(read(folder).files), digest(folder)
    if as_json:
        document.show({"study": name, "folder": str(folder), "files": files, "manifest": sha256})
        return
    show = console()
    show.print(printable(f"{folder}: {files} files, SHA-256 of the manifest {sha256}"), soft_wrap=True)
    show.print(printable(f"open {folder / 'index.html'}"), soft_wrap=True)
    suggest(RUNS, ["verify", str(folder)], ["reproduce", name, "--from", str(folder)])


def is_bundle(name: str) -> bool:
    """Whether a folder is meant, and not a study of the store."""
    return "/" in name or Path(name, "manifest.json").is_file()


def verify_bundle(folder: Path, as_json: bool) -> None:
    """Check every file of a bundle against its digest, and its tables against its records; else exit code 6."""
    from suite.display import console, printable
    from suite.export.bundle import faults
    from suite.export.manifest import digest, read

    manifest, found, sha256 = read(folder), faults(folder), digest(folder)
    if as_json:
        wrong = [{"file": fault.file, "what": fault.what} for fault in found]
        said = {"folder": str(folder), "study": manifest.study, "files": len(manifest.files), "manifest": sha256}
        document.show({**said, "faults": wrong})
    else:
        show = console()
        for fault in found:
            show.print(printable(f"{fault.file} {fault.what}"), soft_wrap=True)
        verdict = f"{len(found)} things are wrong" if found else "every digest is right"
        show.print(printable(f"{manifest.study}: {len(manifest.files)} files, {verdict}"), soft_wrap=True)
        show.print(f"SHA-256 of the manifest {sha256}", soft_wrap=True)
    if found:
        raise SystemExit(6)
    if not as_json:
        suggest(RUNS, ["reproduce", manifest.study, "--from", str(folder)])
