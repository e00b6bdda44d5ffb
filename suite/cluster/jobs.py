"""Detached sweeps: commands that a cluster runs by itself, through Ray's Jobs API."""

import os
import secrets
import shlex
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ray.job_submission import JobStatus, JobSubmissionClient

STOPPING = 20  # seconds between the first signal and the last; a sweep needs ten to commit what runs
STOPPED = 143  # the exit code of what SIGTERM has ended; Ray itself says 0
EVERY = 1.0  # seconds between two looks at a job
SUBMITTED = "wonderland"


class NoJobs(Exception):
    """Nobody answers Jobs at that address, or not as expected."""

    exit_code = 7


class NoSuchJob(Exception):
    """The cluster knows no job of that id."""

    exit_code = 6


@dataclass(frozen=True)
class Job:
    """A job as the cluster knows it. `code` is the exit code of its command, as soon as that has ended."""

    id: str
    state: str
    message: str
    code: int | None

    @property
    def is_over(self) -> bool:
        return self.code is not None


class Jobs:
    """The jobs of the cluster whose head's dashboard is at `address`, http://HOST:PORT. Raises NoJobs."""

    def __init__(self, address: str) -> None:
        os.environ["RAY_API_SERVER_ADDRESS"] = self._address = address  # which Ray prefers to what it is told
        try:
            self._client = JobSubmissionClient(address)
        except Exception as error:
            raise NoJobs(f"no Jobs API answers at {address}: {_first_line(error)}") from error

    def submit(self, command: Sequence[str], name: str) -> str:
        """Let the head run the command; the id of the job."""
        id = f"{SUBMITTED}-{name}-{secrets.token_hex(4)}"
        environment = {"env_vars": {"RAY_JOB_STOP_WAIT_TIME_S": str(STOPPING)}}
        try:
            return self._client.submit_job(
                entrypoint=shlex.join(command), submission_id=id, runtime_env=environment, metadata={"sweep": name}
            )
        except Exception as error:
            raise NoJobs(f"{self._address} takes no job: {_first_line(error)}") from error

    def find(self, id: str) -> Job:
        """Raises NoSuchJob."""
        try:
            return _job(self._client.get_job_info(id))
        except Exception as error:
            if "does not exist" in str(error) or "404" in str(error):
                raise NoSuchJob(f"{self._address} has no job {id!r}; {self._known()}") from error
            raise NoJobs(f"{self._address} does not say how {id!r} is: {_first_line(error)}") from error

    def logs(self, id: str) -> str:
        """All that the job has said so far."""
        self.find(id)
        return self._client.get_job_logs(id)

    def follow(self, id: str) -> Iterator[str]:
        """What the job says, in whole lines, until it is over."""
        said = 0
        while True:
            job = self.find(id)
            text = self._client.get_job_logs(id)
            whole = len(text) if job.is_over else text.rfind("\n") + 1
            yield from text[said:whole].splitlines()
            said = whole
            if job.is_over:
                return
            time.sleep(EVERY)

    def stop(self, id: str) -> Job:
        """Ask the job to stop, and wait until it has. Raises NoJobs if it does not."""
        if self.find(id).is_over:
            return self.find(id)
        self._client.stop_job(id)
        until = time.monotonic() + 2 * STOPPING
        while not (job := self.find(id)).is_over:
            if time.monotonic() > until:
                raise NoJobs(f"{id} was told to stop {2 * STOPPING} seconds ago, and is still {job.state}")
            time.sleep(EVERY)
        return job

    def _known(self) -> str:
        ids = sorted(job.submission_id for job in self._client.list_jobs() if job.submission_id)
        return f"it has {', '.join(ids[-5:])}" if ids else "it has none"


def command(study: str, runs: str | None, options: Sequence[str]) -> list[str]:
    """The sweep as the head is to run it: nobody is there to be asked, and its cluster is the one it is on."""
    where = ["--runs", runs] if runs else []
    return ["wonderland", "sweep", study, "--ray", "auto", "--yes", "--progress", "plain", *where, *options]


def _job(found: Any) -> Job:
    state = str(found.status).lower()
    return Job(found.submission_id, state, found.message or "", code_of(found.status, found.driver_exit_code))


def code_of(status: JobStatus, code: int | None) -> int | None:
    """The exit code of a job, None while it has none: its command's own, but never 0 for what did not succeed."""
    if status == JobStatus.SUCCEEDED:
        return 0
    if status == JobStatus.STOPPED:
        return STOPPED
    if status == JobStatus.FAILED:
        return 128 - code if code and code < 0 else code or 1
    return None


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
