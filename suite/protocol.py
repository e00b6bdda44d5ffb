"""What the supervisor and its engine say to each other, line by line, over a pipe.

To the engine: an Order first, as JSON, then perhaps `stop`. If its input ends, the engine ends, and all of Ray.
From the engine:

    ready SLOTS         Ray is up
    alive               nothing else to say for a second
    started ID PID      a worker begins a trial
    record JSON         a trial's record
    crashed ID          a trial took its worker along twice, the second time alone
    timed_out ID        a trial did not end before its deadline
    done                all of the order is answered, or the engine was told to stop

The engine keeps no state that matters: the supervisor can kill it at any moment and start another.
"""

from suite.trial import Plain, Trial


class Job(Plain):
    """A trial and how many seconds it is expected to take, which only decides how trials are bundled.

    Trials of one `kind` can be trained together; "" can not.
    """

    trial: Trial
    seconds: float
    kind: str = ""


class Order(Plain):
    """What to run: jobs in this order, each within `deadline` seconds; long ones keep their state in `checkpoints`.

    Up to `fused` neighbours of a kind are trained together.
    """

    jobs: tuple[Job, ...]
    deadline: float
    checkpoints: str
    fused: int = 1
