"""The only module that leads calls of one application through their lives, and gathers the letters that they cause."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

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
from telefonie.engine.letters import Letter
from telefonie.engine.ports import Reply
from telefonie.web.links import Links
from tests.support.customer import Answer
from tests.support.targets import Target
from tests.support.world import World, a_world

SECRET: Final = "a-signature-secret-of-an-application"
HOST: Final = "https://customer.test"
EVENTS: Final = f"{HOST}/events"
OURS: Final = "447700900000"  # the application's number
SOMEBODY: Final = "447700900001"
PUBLIC: Final = "http://127.0.0.1:8080"  # where this server is found
NOTHING: Final = Answer(204)


@dataclass(slots=True)
class Town:
    """A world in which the vendor's face is spoken, with one application."""

    world: World
    application: Application
    method: str = "POST"  # of events and answers
    pages: dict[str, str | Answer] = field(default_factory=dict)
    numbered: int = 0

    @property
    def account(self) -> Account:
        return self.world.account

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
        order = replace(order, conversation=self._new("c0"))
        call_id = self._new("a0")
        await self.world.engine.switchboard.place(self.account, FACE, order, call_id, word, None)
        return call_id

    async def called(self, caller: str = f"+{SOMEBODY}", **order: Any) -> str:
        """Somebody calls the application's number."""
        number = Number(self.account.id, OURS, face=FACE, application_id=self.application.id)
        await self.world.engine.registry.add_number(number)
        asked = Order(Direction.INBOUND, caller, f"+{OURS}", rate="0", currency="EUR", **order)
        call_id = self._new("b0")
        await self.world.engine.switchboard.arrive(self.account, asked, call_id, word)
        return call_id

    async def phone(self, number: str, **behaviour: Any) -> None:
        """Somebody at that number behaves like this."""
        await self.world.engine.registry.put_phone(self.account.id, number, Behaviour(**behaviour))

    async def live(self) -> list[Told]:
        """Everything that is planned happens; what was told and asked, in order."""
        await self.world.until_idle()
        return self.told

    @property
    def told(self) -> list[Told]:
        return [told(each) for each in self.world.customer.got if each.account_id == self.account.id]

    def answer(self, letter: Letter) -> Answer:
        """What the customer answers: events are fine, and everything else is there or not."""
        found = self.pages.get(urlsplit(letter.url).path, NOTHING)
        return found if isinstance(found, Answer) else Answer(document=found)

    def _new(self, kind: str) -> str:
        self.numbered += 1
        return f"{kind}{self.numbered:06x}-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Told:
    """One letter, as its receiver reads it."""

    letter: Letter
    path: str
    content: Mapping[str, Any]

    @property
    def word(self) -> str:
        """By what an event is known."""
        return str(self.content.get("status") or self.content.get("type") or "")


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


@asynccontextmanager
async def a_town(target: Target, method: str = "POST", **terms: Any) -> AsyncIterator[Town]:
    """A world of its own with an account, and an application of it."""
    faces = {FACE: VonageFace(Links(Seal("of the tests"), PUBLIC))}
    async with a_world(target, faces=faces) as world:
        hooks = {
            "answer": Hook(f"{HOST}/answer", method),
            "event": Hook(EVENTS, method, total_ms=10_000),
            "secret": SECRET,
            **terms,
        }
        application = Application("78d335fa-323d-4114-9c3d-d6f0d48968cf", world.account.id, "Golden", **hooks)
        await world.engine.applications.add(application, lambda each: Reply(201, each.id))
        town = Town(world, application, method)
        world.customer.mood = town.answer
        yield town
