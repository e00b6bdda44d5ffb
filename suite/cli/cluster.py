"""Clusters on the command line: where trials run, and what each is given there."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from suite.protocol import Place

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
Cpus = Annotated[float, typer.Option("--cpus-per-trial", min=0.01, help="Cores that each trial is given.")]
Gpus = Annotated[
    float, typer.Option("--gpus-per-trial", min=0.0, help="Accelerators that each trial is given, or a share of one.")
]


def place(ray: str, cpus: float, gpus: float) -> "Place":
    """The place that the options name. Raises typer.BadParameter for what is none."""
    from suite.protocol import Place

    host, _, port = ray.rpartition(":")
    if "://" in ray:
        hint = "a Ray client or Jobs address is no way in for a sweep; see wonderland submit-job for http://"
        raise typer.BadParameter(f"{ray!r} is not local, auto or HOST:PORT: {hint}", param_hint="--ray")
    if ray not in (LOCAL, "auto") and not (host and port.isdecimal() and 0 < int(port) < 65536):
        raise typer.BadParameter(f"{ray!r} is not local, auto or HOST:PORT", param_hint="--ray")
    for option, amount in (("--cpus-per-trial", cpus), ("--gpus-per-trial", gpus)):
        if amount > 1 and amount != int(amount):
            raise typer.BadParameter(f"{amount:g}: above 1, Ray gives whole ones only", param_hint=option)
    return Place(ray=ray, cpus=cpus, gpus=gpus)


def said_again(place: "Place") -> list[str]:
    """The options that name this place."""
    ray = ["--ray", place.ray] if place.ray != LOCAL else []
    cpus = ["--cpus-per-trial", f"{place.cpus:g}"] if place.cpus != 1 else []
    return [*ray, *cpus, *(["--gpus-per-trial", f"{place.gpus:g}"] if place.gpus else [])]
