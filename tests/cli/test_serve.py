"""`telefonie serve` as a newcomer and an operator meet it: real processes, real ports, real signals."""

from __future__ import annotations

import json
import signal
import socket
import threading
from pathlib import Path

import httpx
import pytest

from telefonie.settings import DEVELOPMENT_ADMIN_KEY, DEVELOPMENT_KEY
from tests.cli.server import program

pytestmark = pytest.mark.e2e
CALLER = {"from": "+15550001111", "to": "+12125550112"}


def customer(url: str, key: str = DEVELOPMENT_KEY) -> httpx.Client:
    return httpx.Client(base_url=url, headers={"X-API-Key": key}, timeout=10)


def test_a_newcomer_is_told_all_that_is_needed(tmp_path: Path) -> None:
    with program(tmp_path, "serve", "--port", "0") as server:
        url = server.url
        assert server.wait_for(r"documents\s+(\S+)") == f"{url}/docs"
        assert DEVELOPMENT_KEY in server.printed
        assert DEVELOPMENT_ADMIN_KEY in server.printed
        secret = server.wait_for(r"webhook secret\s+(whsec_\S+)")
        with customer(url) as client:
            assert client.get("/readyz").status_code == 200
            assert client.post("/v1/voice/calls", json=CALLER).status_code == 201
        server.process.terminate()
        assert server.end() == 0
    assert (tmp_path / ".telefonie" / ".gitignore").exists()
    with program(tmp_path, "serve", "--port", "0") as again:
        assert again.wait_for(r"webhook secret\s+(whsec_\S+)") == secret
        with customer(again.url) as client:
            assert client.get("/v1/voice/calls").json()["total"] == 1


def test_callbacks_arrive_in_order_and_are_verified(tmp_path: Path) -> None:
    with program(tmp_path, "serve", "--port", "0", "--ephemeral", "--clock", "auto") as server:
        secret = server.wait_for(r"webhook secret\s+(whsec_\S+)")
        wanted = ("listen", "--port", "0", "--count", "4", "--fail", "1", "--secret", secret)
        with program(tmp_path, *wanted) as listener, customer(server.url) as client:
            hook = listener.wait_for(r"(http://\S+?);")
            order = CALLER | {"status_callback": f"{hook}/calls"}
            call = client.post("/v1/voice/calls", json=order).json()["id"]
            assert listener.end() == 0
        lines = [" ".join(line.split()) for line in listener.printed.splitlines()[1:]]
        assert lines == [
            f"call.initiated queued call {call} verified -> answered 503",
            f"call.initiated queued call {call} verified (again)",
            f"call.ringing ringing call {call} verified",
            f"call.answered in-progress call {call} verified",
            f"call.completed completed call {call} verified",
        ]
        figures = httpx.get(f"{server.url}/metrics").text
    assert 'telefonie_callback_attempts_total{outcome="2xx"} 4.0' in figures
    assert 'telefonie_callback_attempts_total{outcome="5xx"} 1.0' in figures


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with program(tmp_path, "serve", "--port", "0", "--ephemeral") as server:
        port = server.url.rpartition(":")[2]
        with program(tmp_path, "serve", "--port", port, "--ephemeral") as second:
            assert second.end() == 1
            assert f"Port {port} on 127.0.0.1 is taken" in second.errors
            assert "--port" in second.errors


def test_one_server_at_a_time_has_a_folder_however_it_ended(tmp_path: Path) -> None:
    words = ("serve", "--port", "0", "--data", "store")
    with program(tmp_path, *words) as first:
        assert first.url
        for other in (words, ("migrate", "--data", "store")):
            with program(tmp_path, *other) as second:
                assert second.end() == 1
                assert f"(process {first.process.pid})" in second.errors
        first.process.kill()
        first.process.wait()
        with program(tmp_path, *words) as after:
            assert after.url


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_an_ephemeral_store_is_gone_at_exit(tmp_path: Path, ending: signal.Signals) -> None:
    with program(tmp_path, "serve", "--port", "0", "--ephemeral", TMPDIR=str(tmp_path)) as server:
        folder = Path(server.wait_for(r"store\s+(\S+) \(gone at exit\)"))
        assert folder.parent == tmp_path
        assert (folder / "telefonie.sqlite3").exists()
        server.process.send_signal(ending)
        assert server.end() == 0
    assert not folder.exists()
    assert not (tmp_path / ".telefonie").exists()


def test_a_start_that_is_broken_off_leaves_nothing_behind(tmp_path: Path) -> None:
    with program(tmp_path, "serve", "--port", "0", "--ephemeral", TMPDIR=str(tmp_path)) as server:
        server.wait_until(lambda: any(tmp_path.glob("telefonie-*/server.lock")))
        server.process.terminate()
        assert server.end() in {0, 128 + signal.SIGTERM}
    assert not list(tmp_path.glob("telefonie-*"))


class SlowCustomer(threading.Thread):
    """Takes one callback and answers it when it is let go on."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.arrived, self.go_on = threading.Event(), threading.Event()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"

    def run(self) -> None:
        connection, _ = self.socket.accept()
        with connection, self.socket:
            connection.recv(65536)
            self.arrived.set()
            self.go_on.wait(20)
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")


def test_what_is_in_flight_is_finished(tmp_path: Path) -> None:
    """A customer that answers while the server stops is heard, and that is noted before the end."""
    slow = SlowCustomer()
    slow.start()
    with program(tmp_path, "serve", "--port", "0") as server:
        with customer(server.url) as client:
            client.post("/v1/voice/calls", json=CALLER | {"status_callback": slow.url})
            assert slow.arrived.wait(10)
        server.process.terminate()
        server.wait_until(lambda: "Stopping" in server.errors)
        assert server.process.poll() is None
        slow.go_on.set()
        assert server.end() == 0
    slow.join(10)
    with program(tmp_path, "serve", "--port", "0") as server, customer(server.url) as client:
        first = client.get("/v1/simulator/deliveries").json()["deliveries"][-1]
        assert (first["event"], first["state"]) == ("call.initiated", "delivered")


def test_others_are_not_let_in_with_known_keys(tmp_path: Path) -> None:
    with program(tmp_path, "serve", "--port", "0", "--host", "0.0.0.0") as server:  # noqa: S104 - refused, as is promised
        assert server.end() == 2
        assert "export TELEFONIE_API_KEY=" in server.errors
        assert "export TELEFONIE_ADMIN_KEY=" in server.errors


def test_others_are_let_in_with_keys_of_ones_own(tmp_path: Path) -> None:
    keys = {"TELEFONIE_API_KEY": "an-api-key-of-ours", "TELEFONIE_ADMIN_KEY": "an-admin-key-of-ours"}
    words = ("serve", "--port", "0", "--host", "0.0.0.0", "--log-level", "debug")  # noqa: S104 - that is what is tested
    with program(tmp_path, *words, **keys) as server:
        url = server.url.replace("0.0.0.0", "127.0.0.1")  # noqa: S104 - as above
        with customer(url, keys["TELEFONIE_API_KEY"]) as client:
            assert client.get("/v1/voice/calls?token=TOPSECRET").status_code == 200
            assert client.get("/metrics").status_code == 401
            assert (
                client.get("/metrics", headers={"X-Admin-Key": keys["TELEFONIE_ADMIN_KEY"]}).status_code
                == 200
            )
        with customer(url) as stranger:
            assert stranger.get("/v1/voice/calls").status_code == 401
        server.process.terminate()
        assert server.end() == 0
        lines = [json.loads(line) for line in server.errors.splitlines()]
    asked = [line for line in lines if line.get("path") == "/v1/voice/calls"]
    assert [(line["level"], line["status"]) for line in asked] == [("debug", 200), ("info", 401)]
    assert asked[0]["account"]
    assert asked[0]["request_id"]
    for secret in (*keys.values(), DEVELOPMENT_KEY, "TOPSECRET"):
        assert secret not in server.errors
        assert secret not in server.printed


def test_a_store_that_is_away_is_told_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://user:TOPSECRET@127.0.0.1:1/calls"
    with program(tmp_path, "serve", "--port", "0", "--database-url", url) as server:
        assert server.end() == 1
        assert "postgresql://***@127.0.0.1:1/calls cannot be used: ConnectionRefusedError" in server.errors
        assert "TOPSECRET" not in server.errors
        assert "Traceback" not in server.errors


def test_an_old_store_is_not_touched_when_told_so(tmp_path: Path) -> None:
    with program(tmp_path, "serve", "--port", "0", "--no-migrate") as server:
        assert server.end() == 1
        assert "telefonie migrate" in server.errors
    with program(tmp_path, "migrate") as migrating:
        assert migrating.end() == 0
    with program(tmp_path, "serve", "--port", "0", "--no-migrate") as server:
        assert server.url
