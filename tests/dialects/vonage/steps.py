"""The only module that knows the paths of this API; tests speak of calls, not of paths."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Final

import httpx

from telefonie.core.accounts import Account, Settings
from telefonie.core.applications import Application
from telefonie.core.call import Order
from telefonie.dialects.vonage import FACE
from telefonie.engine.applications import Known
from telefonie.engine.ports import Reply
from telefonie.web.ids import new_id
from tests.support.house import House
from tests.support.tokens import keys, token

CALLS: Final = "/v1/calls"
CLAIM: Final = "application_id"
CALLER: Final = "447700900001"
HUMAN: Final = "12025550100"
BRIEF: Final = "12025550110"
BUSY: Final = "12025550120"
NOBODY: Final = "12025550130"
REJECTED: Final = "12025550140"
FAILED: Final = "12025550150"
MACHINE: Final = "12025550160"
BEEPING: Final = "12025550170"
FAX: Final = "12025550190"
HELLO: Final = [{"action": "talk", "text": "Hello there."}]
WAITING: Final = [{"action": "talk", "text": "Please wait."}, {"action": "wait", "timeout": 600}]
UNAUTHORIZED: Final = {"type": "UNAUTHORIZED", "error_title": "Unauthorized"}
NOT_FOUND: Final = {"type": "NOT_FOUND", "error_title": "Not Found"}
BAD_REQUEST: Final = {"type": "BAD_REQUEST", "error_title": "Bad Request"}
_HOST: Final = count(1)


class Signed(httpx.Auth):
    """A fresh token on every request, as the vendor's clients do it."""

    def __init__(self, application_id: str) -> None:
        self._application_id = application_id

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        signed = token(self._application_id, time.time(), claim=CLAIM)
        request.headers["Authorization"] = f"Bearer {signed}"
        yield request


@dataclass(frozen=True, slots=True)
class Program:
    """A customer's program: with its token it makes calls, with its key it moves time."""

    house: House
    account: Account
    application: Application
    calls: httpx.AsyncClient
    key: httpx.AsyncClient

    @property
    def known(self) -> Known:
        return Known(self.account, self.application, None)

    async def pass_time(self, seconds: float) -> None:
        """Let so many seconds pass, with everything that happens in them."""
        answer = await self.key.post("/v1/simulator/clock/advance", json={"seconds": seconds})
        assert answer.status_code == 200, answer.text

    async def create(self, to: Any = HUMAN, **fields: Any) -> httpx.Response:
        """Ask for a call."""
        end = {"type": "phone", "number": to} if isinstance(to, str) else to
        body = {"to": [end], "from": {"type": "phone", "number": CALLER}, "ncco": HELLO, **fields}
        return await self.calls.post(CALLS, json={name: it for name, it in body.items() if it is not ...})

    async def dial(self, to: Any = HUMAN, **fields: Any) -> dict[str, Any]:
        """Make a call."""
        answer = await self.create(to, **fields)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def talk(self, to: Any = HUMAN, **fields: Any) -> dict[str, Any]:
        """Make a call, let somebody answer it, and hear what is said at first."""
        call = await self.dial(to, **{"ncco": WAITING, **fields})
        await self.pass_time(5)
        return call

    async def look(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """The call as it stands now."""
        answer = await self.calls.get(f"{CALLS}/{call['uuid']}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def put(self, call: Mapping[str, Any], below: str = "", /, **body: Any) -> httpx.Response:
        return await self.calls.put(f"{CALLS}/{call['uuid']}{below}", json=body)

    async def change(self, call: Mapping[str, Any], action: str, **more: Any) -> None:
        """Change what becomes of a call."""
        answer = await self.put(call, action=action, **more)
        assert (answer.status_code, answer.content) == (204, b""), answer.text

    async def page(self, **query: Any) -> dict[str, Any]:
        """A page of calls."""
        answer = await self.calls.get(CALLS, params=query)
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        return page

    async def listed(self, **query: Any) -> list[str]:
        """Which calls stand on a page."""
        return [each["uuid"] for each in (await self.page(**query))["_embedded"]["calls"]]

    async def timeline(self, call: Mapping[str, Any], kind: str = "") -> list[dict[str, Any]]:
        """Everything that happened to a call, or what happened of one kind."""
        answer = await self.key.get(f"/v1/simulator/calls/{dashed(call['uuid'])}/timeline")
        return [each for each in answer.json()["entries"] if kind in ("", each["type"])]

    async def neutral(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """The call as the simulator shows it."""
        answer = await self.key.get(f"/v1/simulator/calls/{dashed(call['uuid'])}")
        found: dict[str, Any] = answer.json()
        return found

    async def order(self, call: Mapping[str, Any]) -> Order:
        """What the engine was asked to do."""
        found = await self.house.engine.switchboard.call(self.account.id, FACE, dashed(call["uuid"]))
        return found.order

    async def number(self, number: str, **fields: Any) -> None:
        """A number of the application's."""
        given = {"number": number, "dialect": "vonage", "application_id": self.application.id, **fields}
        answer = await self.key.post("/v1/numbers", json=given)
        assert answer.status_code == 201, answer.text


def dashed(uuid: str) -> str:
    """A call's id as everybody else spells it."""
    bare = uuid.replace("-", "")
    return f"{bare[:8]}-{bare[8:12]}-{bare[12:16]}-{bare[16:20]}-{bare[20:]}"


def invalid(answer: httpx.Response) -> list[str]:
    """The names of the fields that are refused."""
    body = answer.json()
    assert answer.status_code == 400, answer.text
    assert body == {"type": 400, "title": "Bad Request", "invalid_parameters": body["invalid_parameters"]}
    assert all(each["reason"] for each in body["invalid_parameters"])
    return [each["name"] for each in body["invalid_parameters"]]


@asynccontextmanager
async def a_program(
    house: House, *, settings: Settings | None = None, account: tuple[Account, str] | None = None, **more: Any
) -> AsyncIterator[Program]:
    """A program with an application of its own; `more`: what is particular about that."""
    owner, key = account or await house.account(settings)
    application = replace(Application(new_id(), owner.id, "test", keys().public), **more)
    await house.engine.applications.add(application, lambda _: Reply(201))
    async with house.connect() as calls, house.connect(**{"X-API-Key": key}) as customer:
        calls.auth = Signed(application.id)
        yield Program(house, owner, application, calls, customer)
