"""The image is small and unprivileged, and the compose file runs as written, without a further step."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

import pytest
import yaml

from tests.support.project import ROOT


def _instructions() -> list[str]:
    text = (ROOT / "Dockerfile").read_text()
    kept = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return [line for line in kept.replace("\\\n", " ").splitlines() if line.strip()]


def _last_stage() -> list[str]:
    lines = _instructions()
    return lines[max(at for at, line in enumerate(lines) if line.startswith("FROM ")) :]


def _said(keyword: str) -> str:
    (line,) = (line for line in _last_stage() if line.startswith(f"{keyword} "))
    return line.removeprefix(keyword).strip()


def test_the_last_stage_is_a_slim_python_without_anything_to_build_with() -> None:
    assert _said("FROM") == "python:3.11-slim"
    assert not re.search(r"apt-get|gcc|build-essential|pip install", " ".join(_last_stage()))


def test_it_runs_as_a_user_with_a_fixed_number() -> None:
    user, _ = _said("USER").split(":")
    assert int(user) > 0
    assert f"--uid {user} " in " ".join(_last_stage())


def test_it_says_where_data_lives_which_port_it_serves_and_how_it_is() -> None:
    assert _said("VOLUME") == "/data"
    assert _said("EXPOSE") == "8080"
    assert "/readyz" in _said("HEALTHCHECK")
    assert "urllib" in _said("HEALTHCHECK")
    started = re.findall(r'"([^"]+)"', _said("ENTRYPOINT") + _said("CMD"))
    assert " ".join(started) == "telefonie serve --host 0.0.0.0 --port 8080"
    # In a variable, not in the command: there a folder would set a database in a variable aside.
    assert "TELEFONIE_DATA=/data" in " ".join(_last_stage())


def test_everything_it_installs_is_locked() -> None:
    installs = [each for line in _instructions() for each in line.split("&&") if "pip install" in each]
    assert installs
    for each in installs:
        assert "--require-hashes" in each or "--no-index" in each


def test_everything_it_copies_is_let_through_and_there() -> None:
    let_through = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    copied = {
        source
        for line in _instructions()
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    }
    assert copied - let_through == set()
    assert [each for each in copied if not (ROOT / each).exists()] == []


def _compose() -> dict[str, Any]:
    """The compose file as it reads on a machine where nothing is set: every variable at its default."""
    text = (ROOT / "docker-compose.yml").read_text()
    assert not re.findall(r"\$\{\w+\}|\$\w+|\$\{\w+:?\?", text), "a variable without a default"
    loaded: dict[str, Any] = yaml.safe_load(re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text))
    return loaded


@pytest.fixture
def server() -> dict[str, Any]:
    found: dict[str, Any] = _compose()["services"]["server"]
    return found


def test_compose_sets_both_keys(server: dict[str, Any]) -> None:
    keys = {server["environment"][name] for name in ("TELEFONIE_API_KEY", "TELEFONIE_ADMIN_KEY")}
    assert len(keys) == 2
    assert all(len(key) >= 16 for key in keys)


def test_compose_joins_the_server_to_its_database(server: dict[str, Any]) -> None:
    postgres = _compose()["services"]["postgres"]["environment"]
    user, password, name = (postgres[f"POSTGRES_{part}"] for part in ("USER", "PASSWORD", "DB"))
    url = server["environment"]["TELEFONIE_DATABASE_URL"]
    assert url == f"postgresql://{user}:{password}@postgres:5432/{name}"
    assert "--data" not in server["command"]


def test_callbacks_may_go_to_neighbours_and_nowhere_else(server: dict[str, Any]) -> None:
    (network,) = server["networks"]
    (config,) = _compose()["networks"][network]["ipam"]["config"]
    assert server["environment"]["TELEFONIE_ALLOW_PRIVATE_TARGETS"] == config["subnet"]
    assert ipaddress.ip_network(config["subnet"]).is_private


def test_compose_waits_for_health_keeps_data_and_opens_to_this_machine_only(server: dict[str, Any]) -> None:
    compose = _compose()
    assert server["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert all("healthcheck" in service for service in compose["services"].values())
    mounted = {
        volume.split(":")[0] for service in compose["services"].values() for volume in service["volumes"]
    }
    assert mounted == set(compose["volumes"])
    assert all(port.startswith("127.0.0.1:") for port in server["ports"])


def test_the_sample_of_variables_says_what_compose_takes_by_itself() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    sample = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    used = re.findall(r"\$\{(\w+):-([^}]*)\}", (ROOT / "docker-compose.yml").read_text())
    assert sample == dict(used)
