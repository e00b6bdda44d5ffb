"""The accounts of the MLflow server, in a real store of accounts: no default password, and new ones at a new start."""

from pathlib import Path

import pytest

from suite.service import secrets
from suite.service.tracking_server import ADMIN, SWEEPER, _set_accounts


@pytest.fixture
def handed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    secrets.make(tmp_path)
    monkeypatch.setattr(secrets, "HANDED_OUT", tmp_path / "secrets")
    return tmp_path / "secrets"


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore:starlette.middleware.wsgi")  # both are MLflow's own
def test_accounts_have_the_passwords_in_the_secrets(tmp_path: Path, handed_out: Path) -> None:
    from mlflow.server.auth.sqlalchemy_store import SqlAlchemyStore

    database = f"sqlite:///{tmp_path / 'accounts.db'}"
    _set_accounts(database)
    store = SqlAlchemyStore()
    store.init_db(database)
    assert [(user.username, user.is_admin) for user in store.list_users()] == [(ADMIN, True), (SWEEPER, False)]
    old = {name: (handed_out / f"mlflow_{name}_password").read_text() for name in (ADMIN, SWEEPER)}
    assert all(store.authenticate_user(name, password) for name, password in old.items())
    assert not store.authenticate_user(ADMIN, "password1234")

    secrets.make(tmp_path, rotate=True)
    _set_accounts(database)
    for name in (ADMIN, SWEEPER):
        assert store.authenticate_user(name, (handed_out / f"mlflow_{name}_password").read_text())
        assert not store.authenticate_user(name, old[name])
