"""What runs in a fresh process: one trial, trained the way it was, and its record on standard output.

It is run as a script, by its path, so that the code that trains may be that of another commit. It therefore imports
only what every version has had: suite.train and suite.trial, and what trains in the way that is asked for.
"""

import json
import sys
from typing import Any


def main() -> None:
    """Read {"id": ..., "execution": ..., "trials": [...]}, and print the record of the trial of that id."""
    order = json.load(sys.stdin)
    print(_trained(_trial(order), order["execution"]).to_json())


def _trial(order: dict[str, Any]) -> Any:
    """The trial of that id, in the first of its forms that this version reads: with all settings, or those not default.

    Another version may lack a setting, which is then no reason to refuse a trial that leaves it at its default.
    """
    from suite.trial import Trial

    for form in order["trials"]:
        try:
            trial = Trial.model_validate_json(json.dumps(form))
        except ValueError:
            continue
        if trial.id == order["id"]:
            return trial
    raise SystemExit(f"this version of the code cannot state trial {order['id']}")


def _trained(trial: Any, execution: str) -> Any:
    """Its record. Of several trained together the others change nothing but the width; a group has its size again."""
    if execution == "solo":
        from suite.train import train

        return train(trial)
    if execution.startswith("parallel-"):
        from suite.group import train_in_group

        return train_in_group(trial, execution)
    from suite.fused import train_together

    (record,) = train_together([trial], int(execution.removeprefix("fused-")))
    return record


if __name__ == "__main__":
    main()
