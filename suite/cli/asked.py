"""What a person asks to be planned or run: a study, a part of it, or a plan that was written to a file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from suite.cli.say import fail

if TYPE_CHECKING:
    from suite.plan_file import PlanFile
    from suite.store import Store
    from suite.study import Study


@dataclass(frozen=True)
class Asked:
    """A study by its name in the store, how a person names it from any folder, and the plan file that it came from."""

    name: str
    study: "Study"
    given: str
    fused: int
    plan: "PlanFile | None" = None


def asked(
    given: str,
    fused: int,
    seeds: int | None = None,
    only: Sequence[str] | None = None,
    skip: Sequence[str] | None = None,
) -> Asked:
    """Load what was asked for, before torch is imported, so that a bad study is refused at once."""
    from suite import plan_file
    from suite.study_file import load
    from suite.subset import subset

    plan = plan_file.read(Path(given)) if Path(given).suffix == ".json" else None
    if plan is not None:
        if seeds or only or skip:
            fail(2, f"{given} is a plan, which is run as it was made; give --seeds, --only and --skip when planning")
        return Asked(plan.name, plan.load(), str(Path(given).absolute()), plan.fused, plan)
    name, study = load(given)
    if fused > 1 and study.resources.processes > 1:
        fail(2, f"--fused trains several on one process, and {name} trains each on {study.resources.processes}")
    found = Asked(name, subset(study, only or (), skip or ()), _from_anywhere(given), fused)
    return found if seeds is None else replace(found, study=found.study.with_seeds(seeds))


def require_unmoved(store: "Store", wanted: Asked) -> None:
    """Refuse a plan file whose code or data are no longer those of today."""
    if wanted.plan is None:
        return
    from suite.plan import workload
    from suite.plan_file import require_unmoved

    trials = workload(store, wanted.name, wanted.study, fused=wanted.fused).trials
    require_unmoved(Path(wanted.given), wanted.plan, trials)


def _from_anywhere(study: str) -> str:
    """The study as it can be named from any folder."""
    return str(Path(study).absolute()) if Path(study).suffix else study
