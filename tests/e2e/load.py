"""The only module that keeps a load of calls going against servers that die: it never gives a call up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from tests.e2e.chance import chance
from tests.e2e.flows import CALLER

# Who is called: of the ranges kept for fiction, a digit for the outcome. Mostly people who talk.
DIGITS: Final = "001023045867"
HUNG_UP_EVERY: Final = 7
SILENT: Final = "3"  # nobody answers there
GIVE_UP_AFTER: Final = 300.0  # on a busy machine thirty starts take minutes
AGAIN: Final = 0.02
WHILE_NOBODY_IS_THERE: Final = 0.1  # hundreds wait for the next start, and must not hinder it


@dataclass(slots=True)
class Load:
    """Calls under way. `where` names the server to ask; "" while there is none."""

    client: httpx.AsyncClient
    where: Callable[[int], str]
    callback_url: str
    seed: int
    document_url: str = ""  # of those calls that do what a document says
    placed: dict[int, Any] = field(default_factory=dict)  # by the number of the order, the first 201
    again: int = 0  # answers that were given again for their key
    lost: int = 0  # requests that died with their server
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _turn: int = 0

    def order(self, count: int, spread: float) -> None:
        """Begin to place so many more calls within so many seconds."""
        first = len(self.tasks)
        self.tasks += [asyncio.create_task(self._live(n, spread)) for n in range(first, first + count)]

    async def done(self) -> None:
        """Wait until all orders are through."""
        await asyncio.gather(*self.tasks)

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask until a server answers: what was sent to one that died is sent again."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + GIVE_UP_AFTER
        while True:
            self._turn += 1
            url = self.where(self._turn)
            if url:
                try:
                    answer = await self.client.request(method, url + path, **more)
                except httpx.TransportError:
                    self.lost += 1
                else:
                    if not _come_back(answer):
                        return answer
            assert loop.time() < deadline, f"nobody answered {method} {path}"
            await asyncio.sleep(AGAIN if url else WHILE_NOBODY_IS_THERE)

    async def _live(self, n: int, spread: float) -> None:
        """One order: place the call, now and then look at it, now and then hang up."""
        digit = SILENT if rings_on(n) else DIGITS[n % len(DIGITS)]
        body = {
            "from": "+12025550100",
            "to": f"+1{202 + n // 100}55501{digit}{n % 10}",
            "status_callback": self.callback_url,
            "timeout": 600 if rings_on(n) else 6,
            "metadata": {"order": str(n)},
        }
        if digit == "6":
            body["machine_detection"] = "enable"
        if self.document_url and is_told(n):
            body |= {"to": CALLER, "url": self.document_url}
        await asyncio.sleep(spread * chance(self.seed, "begin", n))
        headers = {"Idempotency-Key": f"order-{n}"}
        answer = await self.ask("POST", "/v1/voice/calls", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        self.again += answer.headers.get("Idempotent-Replayed") == "true"
        self.placed[n] = answer.json()
        path = f"/v1/voice/calls/{self.placed[n]['id']}"
        if n % HUNG_UP_EVERY == 0:
            # Every other one at once.
            wait = 0.0 if rings_on(n) else max(0.0, 2 * chance(self.seed, "hang up", n) - 1)
            await asyncio.sleep(wait)
            answer = await self.ask("DELETE", path)
            assert answer.status_code in {204, 409}, answer.text
        answer = await self.ask("GET", path)
        assert answer.status_code == 200, f"a call that was answered with 201 is lost: {answer.text}"


def is_told(n: int) -> bool:
    """Whether the call of that order does what a document says; else it would be with a person, too."""
    return n % len(DIGITS) in {0, 1, 3} and not rings_on(n)


def rings_on(n: int) -> bool:
    """Whether nobody answers there until the order hangs up: so some are canceled, however slow the machine is."""
    return n % (3 * HUNG_UP_EVERY) == 0


def _come_back(answer: httpx.Response) -> bool:
    """Whether the server asks for patience."""
    return answer.status_code == 503 or (
        answer.status_code == 409 and answer.json()["error"] == "idempotency_key_in_use"
    )
