"""A newcomer's first minute, with nothing but the commands: serve, listen, and curl."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any, Final

import httpx
import pytest

from tests.e2e.conftest import Run, Serve
from tests.e2e.server import until

pytestmark = pytest.mark.e2e

ORDER: Final = {"from": "+12025550100", "to": "+12025550110"}
FOUR: Final = [
    ("call.initiated", "queued"),
    ("call.ringing", "ringing"),
    ("call.answered", "in-progress"),
    ("call.completed", "completed"),
]
CURL: Final = shutil.which("curl")


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The options of somebody who only wants to see it work."""
    if request.param == "sqlite":
        return ("--ephemeral",)
    return "--database-url", request.getfixturevalue("postgres_url")


def ask(method: str, url: str, key: str, body: Any = None) -> Any:
    """As the README says it, where there is a curl; else the same request without one."""
    headers = {"X-API-Key": key, "Content-Type": "application/json"}
    if CURL is None:
        return httpx.request(method, url, headers=headers, json=body).json()
    words = [CURL, "-s", "--max-time", "10", "-X", method, url]
    for name, value in headers.items():
        words += ["-H", f"{name}: {value}"]
    if body is not None:
        words += ["-d", json.dumps(body)]
    done = subprocess.run(words, capture_output=True, check=True, timeout=20)  # noqa: S603 - our own words
    return json.loads(done.stdout)


async def test_four_callbacks_arrive_in_order_and_verify(
    serve: Serve, run: Run, place: tuple[str, ...]
) -> None:
    server = serve(*place)
    url = await server.start()
    key = server.printed("API key")
    listener = run("listen", "--port", "0", "--secret", server.printed("webhook secret"))
    listener.spawn()
    callbacks = (await listener.says(r"taken at (http://\S+);"))[1]
    # In a hurry: a life of six seconds in six tenths of one.
    assert ask("PATCH", f"{url}/v1/simulator/clock", key, {"speed": 10})["speed"] == 10
    call = ask("POST", f"{url}/v1/voice/calls", key, ORDER | {"status_callback": f"{callbacks}/calls"})
    assert call["status"] == "queued"
    await until(lambda: listener.output.count(call["id"]) == 4, 10, lambda: listener.told)
    lines = [line.split() for line in listener.output.splitlines() if call["id"] in line]
    assert lines == [[event, status, "call", call["id"], "verified"] for event, status in FOUR]
    ended = ask("GET", f"{url}/v1/voice/calls/{call['id']}", key)
    assert (ended["status"], ended["duration"], ended["ended_by"]) == ("completed", 3, "far_end")
    listed = ask("GET", f"{url}/v1/voice/calls?status=completed", key)
    assert (listed["total"], listed["calls"]) == (1, [ended])
    assert await server.stop() == 0, server.told
