"""Clusters on the command line: where trials run, what each is given there, and sweeps that a cluster runs itself."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from suite.cli.arguments import Json

if TYPE_CHECKING:
    from suite.cluster.jobs import Job, Jobs
    from suite.protocol import Place
    from suite.resources import Resources

LOCAL = "local"
Ray = Annotated[
    str,
    typer.Option(
        "--ray",
        metavar="WHERE",
        envvar="WONDERLAND_RAY",
        help="`local` for a Ray of its own, HOST:PORT or `auto` for a cluster that is there.",
    ),
]
Cpus = Annotated[
    float | None, typer.Option("--cpus-per-trial", min=0.01, help="Cores that each trial is given. [default: 1]")
]
Gpus = Annotated[
    float | None,
    typer.Option(
        "--gpus-per-trial",
        min=0.0,
        help="Accelerators, or a share of one, kept for each trial: for networks of yours that use one. Ours do not.",
    ),
]


def place(ray: str, cpus: float | None, gpus: float | None, given: "Resources | None" = None) -> "Place":
    """The place that the options name, or that the study asks for. Raises typer.BadParameter for what is none."""
    from suite.protocol import Place
    from suite.resources import Resources

    host, _, port = ray.rpartition(":")
    if "://" in ray:
        hint = "a Ray client or Jobs address is no way in for a sweep; see wonderland submit-job for http://"
        raise typer.BadParameter(f"{ray!r} is not local, auto or HOST:PORT: {hint}", param_hint="--ray")
    if ray not in (LOCAL, "auto") and not (host and port.isdecimal() and 0 < int(port) < 65536):
        raise typer.BadParameter(f"{ray!r} is not local, auto or HOST:PORT", param_hint="--ray")
    given = given or Resources()
    for option, amount in (("--cpus-per-trial", cpus), ("--gpus-per-trial", gpus)):
        if amount is not None and given != Resources():
            raise typer.BadParameter("the study says what its trials are given, in `resources`", param_hint=option)
        if amount is not None and amount > 1 and amount != int(amount):
            raise typer.BadParameter(f"{amount:g}: above 1, Ray gives whole ones only", param_hint=option)
    said = {name: amount for name, amount in (("cpus", cpus), ("gpus", gpus)) if amount is not None}
    return Place(ray=ray, **(given.model_dump() | said))


def said_again(place: "Place") -> list[str]:
    """The options that name this place."""
    ray = ["--ray", place.ray] if place.ray != LOCAL else []
    cpus = ["--cpus-per-trial", f"{place.cpus:g}"] if place.cpus != 1 else []
    return [*ray, *cpus, *(["--gpus-per-trial", f"{place.gpus:g}"] if place.gpus else [])]


Address = Annotated[
    str,
    typer.Option(
        "--address", envvar="RAY_API_SERVER_ADDRESS", metavar="URL", help="The head's dashboard, http://HOST:8265."
    ),
]
JobId = Annotated[str, typer.Argument(metavar="ID", help="What submit-job said.")]

jobs = typer.Typer(no_args_is_help=True, help="See, read and stop sweeps that a cluster runs by itself.")


def submit_job(
    study: Annotated[
        str, typer.Argument(metavar="STUDY", help="A study, or the path of one, as the cluster names it.")
    ],
    address: Address,
    runs: Annotated[
        str | None, typer.Option("--runs", help="The folder of the store, on the head. [default: its WONDERLAND_RUNS]")
    ] = None,
    options: Annotated[
        list[str] | None, typer.Argument(metavar="[-- OPTION ...]", help="Options of wonderland sweep.")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Show what it says until it ends, and end as it does.")] = False,
    as_json: Json = False,
) -> None:
    """Let a cluster sweep a study by itself; this machine may go. The same command later resumes it."""
    if runs is not None and not PurePosixPath(runs).is_absolute():
        raise typer.BadParameter(f"{runs!r} is a folder on another machine: give all of its path", param_hint="--runs")
    from suite.cluster.jobs import Jobs, command

    there = Jobs(_url(address))
    id = there.submit(command(study, runs, options or []), PurePosixPath(study).stem)
    if wait:
        _follow(there, id)
    if as_json:
        from suite import document

        document.show({"job": id, "address": address})
        return
    from suite.display import commands, console

    console().print(f"submitted {id}", soft_wrap=True)
    commands([f"wonderland job {word} {id} --address {address}" for word in ("status", "logs", "stop")])


@jobs.command()
def status(id: JobId, address: Address, as_json: Json = False) -> None:
    """Say how a job stands. Ends with its exit code if it has ended: 143 if it was stopped."""
    from suite.cluster.jobs import Jobs

    job = Jobs(_url(address)).find(id)
    if as_json:
        from suite import document

        document.show({"job": job.id, "state": job.state, "exit_code": job.code, "message": job.message})
    else:
        _say(job)
    raise SystemExit(job.code or 0)


@jobs.command()
def logs(
    id: JobId,
    address: Address,
    follow: Annotated[bool, typer.Option("--follow", help="Until it ends, and end as it does.")] = False,
) -> None:
    """Print what a job has said."""
    from suite.cluster.jobs import Jobs
    from suite.display import printable

    there = Jobs(_url(address))
    if follow:
        _follow(there, id)
    for line in there.logs(id).splitlines():
        print(printable(line))


@jobs.command()
def stop(id: JobId, address: Address) -> None:
    """Stop a job as Ctrl-C would, and wait until it has committed what it had. The same submit-job resumes."""
    from suite.cluster.jobs import Jobs

    _say(Jobs(_url(address)).stop(id))


def _follow(there: "Jobs", id: str) -> NoReturn:
    from suite.display import printable

    for line in there.follow(id):
        print(printable(line), flush=True)
    raise SystemExit(there.find(id).code)


def _say(job: "Job") -> None:
    from suite.display import console, printable

    code = "" if job.code is None else f", exit code {job.code}"
    console().print(printable(f"{job.state}{code}: {job.message or job.id}"), soft_wrap=True, markup=False)


def _url(address: str) -> str:
    if not address.startswith(("http://", "https://")):
        raise typer.BadParameter(f"{address!r} is not http://HOST:PORT", param_hint="--address")
    return address
