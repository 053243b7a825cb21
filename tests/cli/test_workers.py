"""Several processes on one port and one Postgres: one address, one set of figures, and a dead one is replaced."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from telefonie.settings import DEVELOPMENT_KEY
from tests.cli.server import Program, program
from tests.cli.shakes import trusting

pytestmark = [pytest.mark.e2e, pytest.mark.postgres]
CALLER = {"from": "+15550001111", "to": "+12125550100"}


@contextmanager
def crew(tmp_path: Path, database: str, *more: str) -> Iterator[Program]:
    words = ("serve", "--port", "0", "--workers", "2", "--database-url", database, *more)
    with program(tmp_path, *words, TMPDIR=str(tmp_path)) as server:
        yield server


def children(server: Program) -> list[int]:
    """The serving processes: each has published its figures under its number."""
    folder = next((Path(server.stderr).parent).glob("telefonie-figures-*"))
    return [pid for pid in (int(path.stem) for path in folder.glob("*.json")) if _alive(pid)]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def calls_made(url: str, count: int) -> None:
    for _ in range(count):
        answer = httpx.post(f"{url}/v1/voice/calls", json=CALLER, headers={"X-API-Key": DEVELOPMENT_KEY})
        assert answer.status_code == 201


def counted(url: str) -> float:
    text = httpx.get(f"{url}/metrics").text
    found = re.search(
        r'telefonie_request_seconds_count\{method="POST",route="/v1/voice/calls",status="2xx"\} (\S+)', text
    )
    return float(found[1]) if found else 0.0


def test_they_share_both_ports_an_authority_and_their_figures(tmp_path: Path, postgres_url: str) -> None:
    with crew(tmp_path, postgres_url, "--tls-port", "0") as server:
        calls_made(server.url, 20)
        encrypted = server.wait_for(r"and on\s+(https://\S+)")
        authority = tmp_path / server.wait_for(r"authority\s+(\S+)")
        assert authority == tmp_path / ".telefonie" / "tls" / "authority.pem"
        believing = trusting(authority.read_bytes())
        for _ in range(10):  # each over a line of its own, which any process may take
            assert httpx.get(f"{encrypted}/readyz", verify=believing).status_code == 200
        server.wait_until(lambda: counted(server.url) == 20)
        assert "telefonie_calls" in httpx.get(f"{server.url}/metrics").text
        assert "process_resident_memory_bytes" not in httpx.get(f"{server.url}/metrics").text
        server.process.terminate()
        assert server.end() == 0
        assert server.printed.count("listens") == 1
        assert not list(tmp_path.glob("telefonie-figures-*"))


def test_a_dead_one_is_replaced(tmp_path: Path, postgres_url: str) -> None:
    with crew(tmp_path, postgres_url) as server:
        url = server.url
        server.wait_until(lambda: len(children(server)) == 2)
        victim = children(server)[0]
        os.kill(victim, signal.SIGKILL)
        server.wait_until(lambda: victim not in children(server) and len(children(server)) == 2)
        calls_made(url, 5)
        assert f"Process {victim} ended with code -9" in server.errors
        server.process.send_signal(signal.SIGINT)
        assert server.end() == 0


def test_they_end_with_their_parent(tmp_path: Path, postgres_url: str) -> None:
    with crew(tmp_path, postgres_url) as server:
        assert server.url
        server.wait_until(lambda: len(children(server)) == 2)
        orphans = children(server)
        server.process.kill()
        server.process.wait()
        server.wait_until(lambda: not any(map(_alive, orphans)))


def test_when_the_first_cannot_start_none_does(tmp_path: Path) -> None:
    with crew(tmp_path, "postgresql://user@127.0.0.1:1/calls") as server:
        assert server.end() == 1
        assert server.errors.count("cannot be used") == 1
        assert "Traceback" not in server.errors
