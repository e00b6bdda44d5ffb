"""The zero-step trials of overhead.py as Ray Tune function trainables; called by it, one process per way.

    python -m tests.benchmarks.tuned TRIALS SLOTS [reuse] [mlflow]

Prints the milliseconds per trial from the first trial's start until Tune is done. Needs nothing that
Wonderland does not need.
"""

import sys
import tempfile
import time
from typing import Any

from suite.arms import trials as all_trials
from suite.train import train
from suite.trial import Trial
from tests.benchmarks.overhead import STUDY, TRIALS


def trainable(config: dict[str, Any]) -> None:
    from ray import tune

    began = time.time()
    record = train(Trial.model_validate_json(config["trial"]))
    tune.report({"test": record.result.test, "began": began})


def main(trials: int, slots: int, *ways: str) -> None:
    import ray
    from ray import tune
    from ray.air.integrations.mlflow import MLflowLoggerCallback

    some = [trial.model_dump_json() for trial in all_trials(STUDY)[:: TRIALS // trials]]
    with tempfile.TemporaryDirectory(prefix="wl-") as folder:
        ray.init(num_cpus=slots, num_gpus=0, include_dashboard=False, log_to_driver=False, _temp_dir=f"{folder}/r")
        mirror = MLflowLoggerCallback(tracking_uri=f"sqlite:///{folder}/mlflow.db", experiment_name="overhead")
        tuner = tune.Tuner(
            tune.with_resources(trainable, {"cpu": 1}),
            param_space={"trial": tune.grid_search(some)},
            tune_config=tune.TuneConfig(reuse_actors="reuse" in ways),
            run_config=tune.RunConfig(
                storage_path=folder, name="overhead", verbose=0, callbacks=[mirror] if "mlflow" in ways else []
            ),
        )
        results = tuner.fit()
        ended = time.time()
        assert len(results) == len(some)
        assert not results.errors
        began = min(result.metrics["began"] for result in results)
    print(1000 * (ended - began) / len(some))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
