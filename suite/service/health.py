"""What compose asks a container to learn whether it is well: `python -m suite.service.health PART`."""

import base64
import sys
from urllib.request import Request, urlopen

from suite.service import secrets

PATIENCE = 5.0  # seconds for each answer


def dashboard() -> None:
    _ask("http://127.0.0.1:8501/_stcore/health")


def head() -> None:
    _ask("http://127.0.0.1:8265/api/gcs_healthz")


def worker() -> None:
    _ask("http://127.0.0.1:52365/api/local_raylet_healthz")


def mlflow() -> None:
    """As a sweep would meet it: by the service's name, with its account, down to the database."""
    _ask("http://127.0.0.1:5000/health")
    account = base64.b64encode(f"sweeper:{secrets.read('mlflow_sweeper_password')}".encode()).decode()
    headers = {"Host": "mlflow:5000", "Authorization": f"Basic {account}", "Content-Type": "application/json"}
    _ask("http://127.0.0.1:5000/api/2.0/mlflow/experiments/search", headers, b'{"max_results": 1}')


PARTS = {"dashboard": dashboard, "head": head, "worker": worker, "mlflow": mlflow}


def _ask(address: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> None:
    """Raises OSError unless the answer is there in time and good."""
    with urlopen(Request(address, data=body, headers=headers or {}), timeout=PATIENCE) as answer:
        answer.read()


if __name__ == "__main__":
    try:
        PARTS[sys.argv[1]]()
    except OSError as error:
        sys.exit(f"{sys.argv[1]} is not well: {error}")
