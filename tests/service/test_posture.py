"""The service as it is written down: closed, bounded, watched over, and without a secret in it."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from suite.service.secrets import NAMES

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
LASTING = [name for name, service in SERVICES.items() if service.get("restart") == "unless-stopped"]
OURS = [name for name in SERVICES if name not in ("postgres", "roles", "s3")]
PINNED = re.compile(r"\$\{WONDERLAND_\w+:-[a-z/]+:[\w.-]*\d[\w.-]*\}|\$\{WONDERLAND_IMAGE:-wonderland\}")

each_service = pytest.mark.parametrize("name", SERVICES)


def test_there_is_no_version_key_and_no_fixed_container_name() -> None:
    assert "version" not in COMPOSE
    assert not [name for name, service in SERVICES.items() if "container_name" in service]


@each_service
def test_a_container_is_nobody_and_can_change_nothing(name: str) -> None:
    service = SERVICES[name]
    assert service["user"] == (
        "${WONDERLAND_UID:?say first: wonderland service init}:${WONDERLAND_GID:?say first: wonderland service init}"
    )
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"] is True
    assert not {"privileged", "cap_add", "devices", "pid", "ipc", "network_mode"} & service.keys()
    assert not [volume for volume in service.get("volumes", []) if "docker.sock" in volume]


@each_service
def test_a_container_is_bounded(name: str) -> None:
    service = SERVICES[name]
    assert service["pids_limit"] <= 4096
    assert service["mem_limit"]
    assert service["cpus"]
    assert service["logging"] == {"driver": "json-file", "options": {"max-size": "10m", "max-file": "3"}}
    assert all("size=" in mount for mount in service["tmpfs"])


@each_service
def test_ports_are_open_to_this_machine_only(name: str) -> None:
    assert all(str(port).startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


def test_only_what_people_look_at_has_a_port() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"mlflow", "dashboard"}


def test_nobody_reaches_the_database_but_mlflow_and_no_trial_reaches_the_world() -> None:
    networks = {name: set(service["networks"]) for name, service in SERVICES.items()}
    assert {name for name, joined in networks.items() if "database" in joined} == {"postgres", "roles", "mlflow", "s3"}
    assert {name for name, joined in networks.items() if "outside" in joined} == {"fetch"}
    for name in ("ray-head", "worker", "sweep", "wonderland"):
        assert networks[name] == {"cluster"}
    assert COMPOSE["networks"]["cluster"]["internal"] is True
    assert COMPOSE["networks"]["database"]["internal"] is True


def test_all_of_ours_are_one_image() -> None:
    assert {SERVICES[name]["image"] for name in OURS} == {"${WONDERLAND_IMAGE:-wonderland}"}
    assert [name for name in OURS if "build" in SERVICES[name]] == ["mlflow"]


@each_service
def test_an_image_has_a_version_and_can_be_pinned_by_its_digest(name: str) -> None:
    assert PINNED.fullmatch(SERVICES[name]["image"])


@pytest.mark.parametrize("name", LASTING)
def test_what_lasts_says_whether_it_is_well(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


def test_everything_waits_until_what_it_needs_is_well() -> None:
    needed = {name: service.get("depends_on", {}) for name, service in SERVICES.items()}
    for name, others in needed.items():
        for other, how in others.items():
            wanted = "service_healthy" if other in LASTING else "service_completed_successfully"
            wanted = "service_started" if name == "s3" else wanted  # which MLflow waits for, on a volume that it makes
            assert how == {"condition": wanted}, (name, other)
    assert needed["mlflow"].keys() == {"roles"}
    assert needed["worker"].keys() == {"ray-head"}
    assert needed["sweep"].keys() == {"mlflow", "ray-head"}


def test_every_secret_is_a_file_that_init_writes() -> None:
    named = {name for name in NAMES if name != "s3"}
    assert COMPOSE["secrets"].keys() == named
    assert all(COMPOSE["secrets"][name] == {"file": f"./secrets/{name}"} for name in named)


@each_service
def test_nobody_gets_a_secret_that_is_not_theirs(name: str) -> None:
    allowed = {
        "postgres": {"postgres_password"},
        "roles": {"postgres_password", "mlflow_database_password", "mlflow_accounts_password"},
        "mlflow": {name for name in NAMES if name.startswith(("mlflow_", "s3_"))},
        "s3": {"s3_key", "s3_secret"},
        "ray-head": {"ray_token", "mlflow_sweeper_password"},
        "worker": {"ray_token"},
        "sweep": {"ray_token", "mlflow_sweeper_password"},
        "wonderland": {"ray_token", "mlflow_sweeper_password"},
    }
    assert set(SERVICES[name].get("secrets", [])) == allowed.get(name, set())


@each_service
def test_no_setting_or_argument_is_a_secret(name: str) -> None:
    """A setting that sounds like one is a path, an address without a password, or a switch."""
    service = SERVICES[name]
    harmless = re.compile(r"/run/secrets/\w+|token|true|false")
    sounding = re.compile(r"password|token|secret|key|auth", re.IGNORECASE)
    settings = service.get("environment", {})
    assert {k: v for k, v in settings.items() if sounding.search(k) and not harmless.fullmatch(str(v))} == {}
    said = [str(word) for word in (*settings.values(), *service.get("command", []), *service.get("entrypoint", []))]
    assert not [word for word in said if re.search(r"://[^/]*:[^/]*@", word)]


def test_ray_asks_for_its_token_and_mlflow_runs_nothing_it_is_given() -> None:
    for name in ("ray-head", "worker", "sweep", "wonderland"):
        assert SERVICES[name]["environment"]["RAY_AUTH_MODE"] == "token"
        assert SERVICES[name]["environment"]["RAY_AUTH_TOKEN_PATH"] == "/run/secrets/ray_token"
    settings = SERVICES["mlflow"]["environment"]
    assert settings["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] == "false"
    assert settings["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"] == "false"
    assert settings["MLFLOW_SERVER_ALLOWED_HOSTS"].split(",")[0] == "mlflow:5000"
    assert "--num-cpus=0" in SERVICES["ray-head"]["entrypoint"]


def test_the_dashboard_can_only_look() -> None:
    dashboard = SERVICES["dashboard"]
    assert dashboard["volumes"] == ["runs:/data/runs:ro"]
    assert dashboard["networks"] == ["front"]
    assert dashboard["environment"]["STREAMLIT_SERVER_ALLOWED_HOSTS"].split() == ["localhost", "127.0.0.1", "dashboard"]


def test_the_image_is_built_without_a_secret_and_runs_as_nobody() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert not re.search(r"password|passwd|token|api_key|index-url|https?://", text, re.IGNORECASE)
    assert re.findall(r"^USER (.*)$", text, re.MULTILINE) == ["10001:10001"]
    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {"${BASE}"}
    assert "--constraint constraints.txt" in text
    assert not re.search(r"^(ADD|VOLUME|EXPOSE) ", text, re.MULTILINE)


def test_the_builder_is_given_only_what_is_named() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    given = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert given == {"pyproject.toml", "constraints.txt", "README.md", "tasks", "suite", "ablations", "dashboard"}


def test_no_well_known_password_is_shipped() -> None:
    """Those that scanners try first; also as what a setting falls back to."""
    folders = [path for folder in ("deploy", "suite/service") for path in (ROOT / folder).rglob("*") if path.is_file()]
    texts = [
        path.read_text()
        for path in (ROOT / "docker-compose.yml", ROOT / "Dockerfile", *folders)
        if "pyc" not in path.suffix
    ]
    known = re.compile(
        r"changeme|minioadmin|password1234|(password|secret|token)\w*\s*[:=]\s*[\"']?(postgres|admin|mlflow)\b", re.I
    )
    assert [found.group() for text in texts if (found := known.search(text))] == []
    assert known.search("POSTGRES_PASSWORD: postgres")


@pytest.mark.parametrize("path", [".env", "secrets/ray_token"])
def test_git_ignores_what_is_secret(path: str) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    assert subprocess.run(["git", "check-ignore", "--quiet", path], cwd=ROOT, timeout=30).returncode == 0
