"""The service's secrets: random, private, kept, and rotated only when that is asked for."""

import os
import stat
from pathlib import Path

import pytest

from suite.service import secrets
from suite.service.client import credentials
from suite.service.secrets import LASTING, NAMES, environment, make, problems
from suite.service.tracking_server import pgpass, settings


def held(folder: Path) -> dict[str, str]:
    return {name: (folder / "secrets" / name).read_text() for name in NAMES}


def test_every_secret_is_another_random_one(tmp_path: Path) -> None:
    make(tmp_path / "here")
    make(tmp_path / "there")
    values = [*held(tmp_path / "here").values(), *held(tmp_path / "there").values()]
    assert len(set(values)) == 2 * len(NAMES)
    assert all(len(bytes.fromhex(value)) == 32 for value in values)


def test_nobody_else_reads_them(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make(tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert {stat.S_IMODE((tmp_path / "secrets" / name).stat().st_mode) for name in NAMES} == {0o600}
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    assert problems(tmp_path) == []


def test_a_folder_that_was_open_is_closed(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir(mode=0o755)
    make(tmp_path)
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_again_changes_nothing_and_writes_what_is_missing(tmp_path: Path) -> None:
    make(tmp_path)
    before, settings = held(tmp_path), (tmp_path / ".env").read_text()
    assert make(tmp_path).written == ()
    assert (held(tmp_path), (tmp_path / ".env").read_text()) == (before, settings)
    (tmp_path / "secrets" / "ray_token").unlink()
    assert make(tmp_path).written == ("ray_token",)
    assert {name for name, value in held(tmp_path).items() if value != before[name]} == {"ray_token"}


def test_rotating_changes_all_but_what_only_postgres_knows(tmp_path: Path) -> None:
    make(tmp_path)
    before = held(tmp_path)
    made = make(tmp_path, rotate=True)
    after = held(tmp_path)
    assert {name for name in NAMES if after[name] == before[name]} == set(LASTING) == set(made.kept)
    assert problems(tmp_path) == []


def test_settings_that_were_there_stay(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# mine\nWONDERLAND_MLFLOW_PORT=5001\nWONDERLAND_UID=1234")
    make(tmp_path)
    assert (tmp_path / ".env").read_text().startswith("# mine\nWONDERLAND_MLFLOW_PORT=5001\nWONDERLAND_UID=1234\n")
    assert environment(tmp_path / ".env")["WONDERLAND_UID"] == "1234"
    assert environment(tmp_path / ".env")["WONDERLAND_GID"].isdecimal()


def test_containers_never_run_as_root(tmp_path: Path) -> None:
    make(tmp_path)
    owner = environment(tmp_path / ".env")["WONDERLAND_UID"]
    assert owner == str(os.getuid() or 10001)
    assert {str((tmp_path / "secrets" / name).stat().st_uid) for name in NAMES} == {owner}


def test_git_ignores_them_wherever_they_are(tmp_path: Path) -> None:
    make(tmp_path)
    assert (tmp_path / "secrets" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.chmod(0o640), "can be read by others"),
        (lambda path: path.unlink(), "cannot be read: No such file"),
        (lambda path: path.write_text("changeme"), "holds 8 characters, fewer than 16"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, spoil: object, said: str) -> None:
    make(tmp_path)
    assert callable(spoil)
    spoil(tmp_path / "secrets" / "ray_token")
    (found,) = problems(tmp_path)
    assert "ray_token" in found
    assert said in found


def test_a_missing_owner_is_said(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / ".env").unlink()
    assert [problem.rpartition(" ")[2] for problem in problems(tmp_path)] == ["WONDERLAND_UID", "WONDERLAND_GID"]


def test_a_secret_is_read_from_where_compose_puts_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "HANDED_OUT", tmp_path)
    (tmp_path / "ray_token").write_text("abc\n")
    assert secrets.read("ray_token") == "abc"


def test_programs_get_passwords_in_private_files_of_their_own_form(tmp_path: Path) -> None:
    path = secrets.private(tmp_path / ".mlflow" / "credentials", credentials("pw"))
    assert path.read_text() == "[mlflow]\nmlflow_tracking_username = sweeper\nmlflow_tracking_password = pw\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert pgpass("postgres", {"mlflow": "a", "mlflow_accounts": "b"}) == (
        "postgres:5432:*:mlflow:a\npostgres:5432:*:mlflow_accounts:b\n"
    )


def test_mlflow_is_told_of_no_password(tmp_path: Path) -> None:
    text = settings("postgresql://mlflow_accounts@postgres/mlflow_accounts")
    assert "password" not in text
    assert "default_permission = READ" in text
