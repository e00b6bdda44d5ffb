"""The S3 that keeps MLflow's artifacts, where one is asked for instead of a volume: its account and its bucket."""

import os
from pathlib import Path

from suite.service import secrets

SCHEME = "s3://"


def prepare(destination: str, home: Path) -> None:
    """Give this process the account of the S3 that `destination` names, and make the bucket if it is not there.

    A destination that is none needs nothing. Raises botocore's errors if there is no S3 or it does not take us.
    """
    if not destination.startswith(SCHEME):
        return
    text = credentials(secrets.read("s3_key"), secrets.read("s3_secret"))
    os.environ["AWS_SHARED_CREDENTIALS_FILE"] = str(secrets.private(home / ".aws" / "credentials", text))
    make_bucket(bucket(destination), os.environ.get("MLFLOW_S3_ENDPOINT_URL"))


def bucket(destination: str) -> str:
    return destination.removeprefix(SCHEME).partition("/")[0]


def credentials(key: str, secret: str) -> str:
    """The account in the form in which clients of S3 look for it."""
    return f"[default]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n"


def make_bucket(name: str, endpoint: str | None) -> None:
    """Make it unless it is there; an S3 that is still coming up is waited for, a minute or so."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError

    patient = Config(retries={"mode": "standard", "max_attempts": 10}, connect_timeout=5, read_timeout=10)
    client = boto3.client("s3", endpoint_url=endpoint, config=patient)
    try:
        client.head_bucket(Bucket=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "404":
            raise
        client.create_bucket(Bucket=name)
