"""What the container of the MLflow server runs: sets the accounts, then lets the server take this process's place.

Passwords come from secret files. They are in no argument, no address and no setting of the container, only in files
in memory that nobody else can read; the one exception is the key for sessions, which MLflow reads from its environment.
"""

import configparser
import io
import os
import sys
from pathlib import Path

from suite.service import s3, secrets

DATABASE, ACCOUNTS = "mlflow", "mlflow_accounts"  # each a database and the role that owns it
ADMIN, SWEEPER = "admin", "sweeper"  # each a name to log in with
SETTINGS = {  # of MLflow's authentication
    "default_permission": "READ",  # who has an account sees everything; what a sweep wrote, only its account changes
    "admin_username": ADMIN,
    "authorization_function": "mlflow.server.auth:authenticate_request_basic_auth",
    "auth_cache_ttl_seconds": "60",  # else every request of a sweep pays for checking the password's slow hash
}


def main() -> None:
    home = Path.home()
    passwords = {role: secrets.read(f"{name}_password") for role, name in _roles().items()}
    os.environ["PGPASSFILE"] = str(secrets.private(home / ".pgpass", pgpass("postgres", passwords)))
    accounts = f"postgresql+psycopg2://{ACCOUNTS}@postgres/{ACCOUNTS}"
    os.environ["MLFLOW_AUTH_CONFIG_PATH"] = str(secrets.private(home / "accounts.ini", settings(accounts)))
    os.environ["MLFLOW_FLASK_SERVER_SECRET_KEY"] = secrets.read("mlflow_session_key")
    os.environ["MLFLOW_BACKEND_STORE_URI"] = f"postgresql+psycopg2://{DATABASE}@postgres/{DATABASE}"
    _set_accounts(accounts)
    s3.prepare(os.environ.get("MLFLOW_ARTIFACTS_DESTINATION", ""), home)
    command = [sys.executable, "-m", "mlflow", "server", "--app-name", "basic-auth", "--serve-artifacts"]
    os.execv(sys.executable, [*command, "--host", "0.0.0.0", "--port", "5000", "--workers", "2"])


def pgpass(host: str, passwords: dict[str, str]) -> str:
    """The passwords of roles in the form in which Postgres' clients look for them."""
    return "".join(f"{host}:5432:*:{role}:{password}\n" for role, password in passwords.items())


def settings(database: str) -> str:
    """MLflow's file about accounts, kept in `database`. No password is in it: the accounts are there already."""
    file = configparser.ConfigParser()
    file["mlflow"] = {"database_uri": database, **SETTINGS}
    text = io.StringIO()
    file.write(text)
    return text.getvalue()


def _roles() -> dict[str, str]:
    return {DATABASE: "mlflow_database", ACCOUNTS: "mlflow_accounts"}


def _set_accounts(database: str) -> None:
    """Make the two accounts, or give them the passwords that are in the secrets now."""
    from mlflow.server.auth.sqlalchemy_store import SqlAlchemyStore

    store = SqlAlchemyStore()
    store.init_db(database)  # type: ignore[no-untyped-call]
    for name in (ADMIN, SWEEPER):
        password = secrets.read(f"mlflow_{name}_password")
        if not store.has_user(name):
            store.create_user(name, password, is_admin=name == ADMIN)
        elif not store.authenticate_user(name, password):
            store.update_user(name, password=password)


if __name__ == "__main__":
    main()
