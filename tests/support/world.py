"""The only module that puts an engine into a world of its own: a store, a customer, accounts and time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Final

from sqlalchemy import Connection, text

from telefonie.core.accounts import Account, Consent, Settings
from telefonie.core.call import Call, Direction, Order
from telefonie.core.clocks import Mode
from telefonie.core.commands import HangUp
from telefonie.core.effects import Notify, NotifyRecording, NotifyRoom
from telefonie.core.events import Actor, Event, Kind
from telefonie.core.recordings import Recording
from telefonie.core.room import Room
from telefonie.engine.house import Engine, Options
from telefonie.engine.mailroom import Delivery, DeliveryQuery
from telefonie.engine.ports import Draft, Faces, Once, Reply
from telefonie.engine.registry import ClockWish
from telefonie.engine.timekeeper import Advance, Wish
from telefonie.flow.commands import Command
from telefonie.flow.effects import Ask
from telefonie.store.opening import open_store
from telefonie.store.recordings import RecordingQuery
from tests.support.customer import Customer, Line, News
from tests.support.targets import Target
from tests.support.wire import Wire

NEW_YEAR: Final = 1_893_456_000_000  # 2030-01-01T00:00:00Z: no test depends on today
MANUAL: Final = ClockWish(Mode.MANUAL, now=NEW_YEAR)
FACE: Final = "plain"
TOLD: Final = (Kind.PLACED, Kind.RANG, Kind.ANSWERED, Kind.ENDED)
URL: Final = "https://customer.test/calls"
ORDER: Final = Order(
    Direction.OUTBOUND, "+3197010280", "+3225551234", "0.01", "USD", report_url=URL, report_on=TOLD
)


def phone(digit: int, number: int = 0) -> str:
    """A reserved number: 0 human, 1 brief, 2 busy, 3 no answer, 4 rejected, 5 failed, 8 slow, ..."""
    return f"+120255501{digit}{number}"


HUMAN: Final = phone(0)
BRIEF: Final = phone(1)


class PlainFace:
    """Words what happened without any vendor's words."""

    strict = False
    currency = "USD"
    consent = Consent.NEVER
    told: tuple[Kind, ...] = (Kind.PLACED, Kind.RANG, Kind.ANSWERED, Kind.CONSENTED, Kind.ENDED)

    def report(self, notice: Notify, event_id: str) -> Draft | None:
        call = notice.call
        said = {
            "id": event_id,
            "call": call.id,
            "sequence": notice.sequence,
            "status": call.status,
            "at": notice.event.at,
        }
        return Draft(notice.event.kind.value, "POST", call.order.report_url or "", json.dumps(said))

    def report_recording(self, notice: NotifyRecording, event_id: str) -> Draft:
        it = notice.recording
        said = {
            "id": event_id,
            "recording": it.id,
            "room": it.room_id,
            "call": it.call_id,
            "sequence": notice.sequence,
            "status": it.status,
            "at": notice.at,
        }
        return Draft(f"recording.{notice.news}", it.method, it.url or "", json.dumps(said))

    def report_room(self, notice: NotifyRoom, event_id: str) -> Draft:
        fact, state = notice.fact, notice.room.state
        assert isinstance(state, Room)
        said = {
            "id": event_id,
            "room": notice.room.id,
            "sequence": notice.sequence,
            "did": fact.did,
            "at": fact.at,
            "by": fact.by,
            "why": fact.why,
            "status": state.status,
            "count": len(state.members),
            "of": notice.member.call if notice.member else None,
        }
        return Draft(f"room.{fact.did}", notice.method, notice.url, json.dumps(said))

    def ask(self, question: Ask, event_id: str) -> Draft:
        said = {
            "id": event_id,
            "call": question.call.id,
            "status": question.call.status,
            "purpose": question.purpose,
            "verb": question.verb,
            "outcome": dict(question.outcome),
            "error": [question.error_code, question.error_url],
        }
        body = "" if question.method == "GET" else json.dumps(said)
        return Draft(f"ask.{question.purpose}", question.method, question.url, body)


def word(call: Call) -> Reply:
    """An answer to whoever placed or told a call."""
    return Reply(201, json.dumps({"id": call.id, "status": call.status}), (("X-Plain", "yes"),))


@dataclass(slots=True, eq=False)
class World:
    """An engine in its surroundings; `neighbour` is another process on the same store."""

    target: Target
    news: News
    customer: Customer
    ids: Any
    options: Options
    engine: Engine = field(init=False)
    wire: Wire = field(init=False)
    line: Line = field(init=False)
    account: Account = field(init=False)
    others: list[World] = field(default_factory=list)
    alive: bool = False
    faces: Faces = field(default_factory=lambda: {FACE: PlainFace(), "other": PlainFace()})

    async def start(self) -> None:
        """A process begins to work on the store."""
        self.wire = Wire(open_store(self.target), self.news)
        self.line = Line(self.customer)
        self.engine = Engine(self.wire, self.faces, self.line, self.options)
        await self.engine.start()
        self.alive = True

    async def stop(self) -> None:
        """It ends as it should."""
        if self.alive:
            self.alive = False
            await self.engine.stop()

    async def die(self) -> None:
        """It ends as a killed process does: nothing of what it had in hand is written down."""
        self.wire.cut()
        self.line.cut()
        await self.stop()

    async def neighbour(self, **options: Any) -> World:
        """Another process, with the same account at hand."""
        chosen = replace(self.options, slot=len(self.others) + 1, **options)
        other = World(self.target, self.news, self.customer, self.ids, chosen, faces=self.faces)
        await other.start()
        other.account = self.account
        self.others.append(other)
        return other

    async def close(self) -> None:
        for each in (*self.others, self):
            await each.stop()

    # -- what customers do --

    async def another(
        self, clock: ClockWish | None = MANUAL, settings: Settings | None = None, key: str = ""
    ) -> Account:
        """A fresh account."""
        name = key or f"key-{next(self.ids)}"
        chosen = settings or Settings()
        return await self.engine.registry.create_account("test", chosen, clock, name, f"whsec_{name}")

    async def place(
        self, to: str = HUMAN, account: Account | None = None, once: Once | None = None, **order: Any
    ) -> Reply:
        """Place a call; the answer as the customer gets it."""
        asked = replace(ORDER, callee=to, **order)
        call_id = f"{next(self.ids):08x}-0000-4000-8000-000000000000"
        return await self.engine.switchboard.place(account or self.account, FACE, asked, call_id, word, once)

    async def call(self, to: str = HUMAN, account: Account | None = None, **order: Any) -> str:
        """Place a call; its id."""
        return str(json.loads((await self.place(to, account, **order)).body)["id"])

    async def calls(
        self, number: int, to: str = HUMAN, account: Account | None = None, **order: Any
    ) -> list[str]:
        """Place many calls at once."""
        return await asyncio.gather(*(self.call(to, account, **order) for _ in range(number)))

    async def tell(self, call_id: str, command: Command, account: Account | None = None) -> Reply:
        account_id = (account or self.account).id
        return await self.engine.switchboard.tell(account_id, None, call_id, command, word)

    async def hang_up(self, call_id: str, account: Account | None = None) -> Reply:
        return await self.tell(call_id, HangUp(Actor.CUSTOMER), account)

    # -- time --

    async def advance(self, wish: Wish, account: Account | None = None, patience: float = 10.0) -> Advance:
        return await self.engine.timekeeper.advance((account or self.account).id, wish, patience)

    async def pass_time(self, seconds: float, account: Account | None = None) -> Advance:
        """Let so many seconds pass, with everything that happens in them."""
        return await self.advance(Wish(seconds=seconds), account)

    async def until_idle(self, account: Account | None = None) -> Advance:
        """Let everything happen that anybody waits for."""
        return await self.advance(Wish(until_idle=True), account)

    # -- what can be seen --

    async def look(self, call_id: str, account: Account | None = None) -> Call:
        return await self.engine.switchboard.call((account or self.account).id, None, call_id)

    async def journal(self, call_id: str, account: Account | None = None) -> list[Event]:
        return (await self.engine.switchboard.journal((account or self.account).id, call_id))[1]

    async def recordings(self, call_id: str | None = None, account: Account | None = None) -> list[Recording]:
        """Recordings as they stand, oldest first."""
        query = RecordingQuery(call_id=call_id, size=1_000)
        return (await self.engine.recordings.page((account or self.account).id, query)).recordings[::-1]

    def letters(self, call_id: str | None = None) -> list[dict[str, Any]]:
        """What the customer was told, in the order in which it came."""
        return self.customer.bodies(call_id)

    def statuses(self, call_id: str) -> list[str]:
        """What it was told of a call's states; what it was asked is no such thing."""
        return [each["status"] for each in self.letters(call_id) if "purpose" not in each]

    async def deliveries(self, call_id: str | None = None, account: Account | None = None) -> list[Delivery]:
        """Letters as the mailroom knows them, oldest first."""
        query = DeliveryQuery(call_id=call_id, size=1_000)
        found, total = await self.engine.mailroom.deliveries((account or self.account).id, query)
        assert len(found) == min(total, 1_000)
        return found[::-1]

    async def states(self, call_id: str | None = None, account: Account | None = None) -> list[str]:
        return [each.state.value for each in await self.deliveries(call_id, account)]

    async def sql(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        """Look into the tables, or meddle with them."""

        def run(conn: Connection) -> list[tuple[Any, ...]]:
            result = conn.execute(text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []

        return await self.wire.write(run)

    async def leases_run_out(self) -> None:
        """Half a minute of wall time is over for every letter in a postman's hand."""
        await self.sql("UPDATE jobs SET run_at = 1 WHERE held_until IS NOT NULL AND run_at IS NOT NULL")
        await self.sql("UPDATE jobs SET held_until = 1 WHERE held_until IS NOT NULL")


@asynccontextmanager
async def a_world(
    target: Target, options: Options | None = None, faces: Faces | None = None
) -> AsyncIterator[World]:
    """A world with one process and one account, whose clock stands until somebody moves it."""
    news = News()
    world = World(target, news, Customer(news), count(1), options or Options())
    world.faces = faces or world.faces
    await world.start()
    try:
        world.account = await world.another()
        yield world
    finally:
        await world.close()
