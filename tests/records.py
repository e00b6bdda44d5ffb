"""Records made by hand, for tests that need many and no training."""

from suite.record import Cost, Point, Provenance, Record, Result
from suite.trial import Trial


def record(
    seed: int = 0, *, source: str = "source", outcome: str = "finished", test: float = 0.5, **levels: object
) -> Record:
    """A record of an mlp on digits, as if trained with these levels."""
    trial = Trial(task="image/digits", architecture="mlp", seed=seed).moved(levels)
    finished = outcome == "finished"
    return Record(
        trial=trial,
        metric="accuracy",
        chance=0.1,
        result=Result.model_validate(
            {
                "outcome": outcome,
                "steps": 10,
                "valid": test if finished else None,
                "test": test if finished else None,
                "curve": (Point(step=5, loss=1.5, valid=0.3), Point(step=10, loss=0.5, valid=0.5)),
                "weights": "0123456789abcdef" if finished else None,
                "message": None if finished else "loss not finite at step 3",
            }
        ),
        cost=Cost(parameters=100, flops=1000, seconds=0.5, peak_memory_mb=10.0),
        provenance=Provenance(source=source, data="data", numerics={"torch": "2"}, libraries={"torch": "2"}),
    )
