"""The only module that leads calls of one application through their lives, and gathers the letters that they cause."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit
from zlib import crc32

import jwt
from vonage_jwt.verify_jwt import verify_signature

from telefonie.core.accounts import Account, Number
from telefonie.core.applications import Application, Hook
from telefonie.core.call import Call, Direction, Order
from telefonie.core.phones import Behaviour
from telefonie.dialects.vonage import FACE, VonageFace
from telefonie.dialects.vonage.schemas import CallCreation
from telefonie.dialects.vonage.wishes import order_of
from telefonie.engine.applications import Known
from telefonie.engine.doorman import Seal
from telefonie.engine.house import Options
from telefonie.engine.letters import Fault, Letter
from telefonie.engine.ports import Reply
from telefonie.engine.streaming import Unopened
from telefonie.flow.commands import Command
from telefonie.web.links import Links
from tests.support.customer import Answer
from tests.support.programs import FakeLine, Programs
from tests.support.targets import Target
from tests.support.world import World, a_world

SECRET: Final = "a-signature-secret-of-an-application"
HOST: Final = "https://customer.test"
EVENTS: Final = f"{HOST}/events"
OURS: Final = "447700900000"  # the application's number
SOMEBODY: Final = "447700900001"
PUBLIC: Final = "http://127.0.0.1:8080"  # where this server is found
NOTHING: Final = Answer(204)
BOT: Final = "wss://bot.test/socket"
NOBODY: Final = "wss://bot.test/nobody"  # no program listens there


@dataclass(slots=True)
class Town:
    """An account with one application, in a world in which the vendor's face is spoken."""

    world: World
    account: Account
    application: Application
    method: str = "POST"  # of events and answers
    number: int = 0  # of this town among those of the world, so that ids differ
    pages: dict[str, str | Answer] = field(default_factory=dict)
    made: int = 0

    @property
    def known(self) -> Known:
        """The application as a request knows it."""
        return Known(self.account, self.application, None)

    async def call(self, *actions: dict[str, Any], to: str = SOMEBODY, **wish: Any) -> str:
        """Somebody is called, and hears this; its id. Without actions the answer webhook is asked."""
        asked: dict[str, Any] = {
            "to": [{"type": "phone", "number": to}],
            "from": {"type": "phone", "number": OURS},
            "event_url": [EVENTS],
            "event_method": self.method,
            **wish,
        }
        if "answer_url" not in wish:
            asked["ncco"] = list(actions)
        order = order_of(self.known, CallCreation.model_validate(asked), f"+{OURS}", ())
        order = replace(order, conversation=self._new("c"))
        call_id = self._new("a")
        await self.world.engine.switchboard.place(self.account, FACE, order, call_id, word, None)
        return call_id

    async def called(self, caller: str = f"+{SOMEBODY}", number: Number | None = None, **order: Any) -> str:
        """Somebody calls the application's number, or this one."""
        ours = Number(self.account.id, f"+{OURS}", face=FACE, application_id=self.application.id)
        await self.world.engine.registry.add_number(number or ours)
        asked = Order(Direction.INBOUND, caller, f"+{OURS}", rate="0", currency="EUR", **order)
        call_id = self._new("b")
        await self.world.engine.switchboard.arrive(self.account, asked, call_id, word)
        return call_id

    async def phone(self, number: str, **behaviour: Any) -> None:
        """Somebody at that number behaves like this."""
        await self.world.engine.registry.put_phone(self.account.id, number, Behaviour(**behaviour))

    async def pass_time(self, seconds: float) -> None:
        await self.world.pass_time(seconds, self.account)

    async def tell(self, call_id: str, command: Command) -> None:
        await self.world.tell(call_id, command, self.account)

    async def live(self) -> list[Told]:
        """Everything that is planned happens; what was told and asked, in order."""
        await self.world.until_idle(self.account)
        return self.told

    @property
    def told(self) -> list[Told]:
        return [told(each) for each in self.world.customer.got if each.account_id == self.account.id]

    def _new(self, kind: str) -> str:
        self.made += 1
        return f"{kind}{self.number:03x}{self.made:04x}-0000-4000-8000-000000000000"


# Events that have neither a status nor a type, or not one that tells them apart.
OWN_FIELDS: Final = {
    "original_request": "fallback",
    "endpoint_type": "answer",
    "dtmf": "input",
    "payload": "notify",
    "recording_url": "record",
    "transcription_url": "transcription",
    "reason": "error",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One letter, as its receiver reads it."""

    letter: Letter
    path: str
    content: Mapping[str, Any]

    @property
    def word(self) -> str:
        """By what an event is known: its own field, its type, or its status."""
        own = (event for name, event in OWN_FIELDS.items() if name in self.content)
        return next(own, str(self.content.get("type") or self.content.get("status") or ""))


def told(letter: Letter) -> Told:
    """What is in the body, or in the query."""
    parts = urlsplit(letter.url)
    content = dict(parse_qsl(parts.query)) if letter.method == "GET" else json.loads(letter.body)
    return Told(letter, parts.path, content)


def claims_of(letter: Letter, secret: str = SECRET) -> dict[str, Any]:
    """What its token claims, once the vendor's own verifier has found it good."""
    scheme, _, token = dict(letter.headers)["Authorization"].partition(" ")
    assert scheme == "Bearer"
    assert verify_signature(token, secret)
    assert not verify_signature(token, f"{secret}, but another")
    found: dict[str, Any] = jwt.decode(token, secret, algorithms=["HS256"])
    assert found["payload_hash"] == hashlib.sha256(letter.body.encode()).hexdigest()
    return found


def word(call: Call) -> Reply:
    return Reply(201, call.id)


@dataclass(slots=True)
class Country:
    """A world and its towns. Each town's customer answers as its pages say; what is not among them is fine."""

    world: World
    towns: list[Town] = field(default_factory=list)

    async def town(self, method: str = "POST", name: str = "", **terms: Any) -> Town:
        """One more account, with an application. `name`: by it the town's ids are the same in every run;
        `terms`: what of the application is not as usual."""
        number = crc32(f"{name or len(self.towns)}".encode()) & 0xFFF
        account = await self.world.another(key=f"the key of town {number}")
        hooks: dict[str, Any] = {
            "answer": Hook(f"{HOST}/answer", method),
            "fallback": Hook(f"{HOST}/fallback", method),
            "event": Hook(EVENTS, method, total_ms=10_000),
            "secret": SECRET,
            **terms,
        }
        application = Application(f"78d335fa-323d-4114-9c3d-{number:012x}", account.id, "Golden", **hooks)
        await self.world.engine.applications.add(application, lambda each: Reply(201, each.id))
        self.towns.append(Town(self.world, account, application, method, number))
        return self.towns[-1]

    def answer(self, letter: Letter) -> Answer:
        """What the customer of a letter's town answers."""
        [town] = [each for each in self.towns if each.account.id == letter.account_id]
        found = town.pages.get(urlsplit(letter.url).path, NOTHING)
        return found if isinstance(found, Answer) else Answer(document=found)


def _leaves(line: FakeLine, _since: int, until: int) -> None:
    """What all programs of the country do: they close their sockets after two seconds."""
    if until >= 2_000 and not line.closed:
        line.goes()


@asynccontextmanager
async def a_country(target: Target) -> AsyncIterator[Country]:
    """A world of its own, in which this face is spoken."""
    faces = {FACE: VonageFace(Links(Seal("of the tests"), PUBLIC))}
    refusals = {NOBODY: Unopened(Fault.CONNECT, "no connection to bot.test")}
    options = Options(sockets=Programs(refusals, _leaves))
    async with a_world(target, options, faces) as world:
        country = Country(world)
        world.customer.mood = country.answer
        yield country
