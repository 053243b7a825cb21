"""The only module by which store tests put accounts and calls on the shelf without an engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, insert, text

from telefonie.core import recordings
from telefonie.core.accounts import Account, Key, Number, Scope, Secret, Settings
from telefonie.core.call import Call, Direction, Order
from telefonie.core.calls import Change, place
from telefonie.core.clocks import Clock, Mode
from telefonie.core.meetings import Change as Met
from telefonie.core.meetings import Meeting
from telefonie.core.phones import Behaviour
from telefonie.core.queues import Queue
from telefonie.core.recordings import Recording
from telefonie.flow.legs import Leg
from telefonie.store import inventory, people, replies, tables
from telefonie.store import recordings as recordings_of
from telefonie.store.connect import Store, wall
from telefonie.store.jobs import State
from telefonie.store.lanes import Outgoing, Settled
from telefonie.store.replies import Kept
from telefonie.store.unit import Unit

NOW: Final = 1_893_456_000_000
ORDER: Final = Order(Direction.OUTBOUND, "+3197010280", "+3225551234", "0.02", "EUR")


def name(kind: int, number: int) -> str:
    """An id; hexadecimal, so that it can stand wherever a UUID can."""
    return f"{kind:08x}-0000-4000-8000-{number:012x}"


ANN: Final = name(1, 1)
BOB: Final = name(1, 2)


async def open_account(
    store: Store,
    account_id: str = ANN,
    mode: Mode = Mode.MANUAL,
    at: int = NOW,
    speed: float = 1.0,
    settings: Settings | None = None,
) -> Clock:
    """An account and its clock."""

    def add(conn: Connection) -> Clock:
        now = wall(conn)
        clock = Clock(account_id, mode, speed, now, at)
        people.add_account(conn, Account(account_id, "Somebody", now, settings or Settings()), clock)
        return clock

    return await store.write(add)


def new_call(number: int, account_id: str = ANN, face: str = "plain", **order: Any) -> Change:
    """A call that was just placed."""
    return place(name(2, number), account_id, face, replace(ORDER, **order), NOW)


def put(conn: Connection, changes: Iterable[Change], slot: int = 0) -> Unit:
    """Changes of calls, written as a batch writes them."""
    unit = Unit(conn, slot)
    changes = list(changes)
    unit.load_clocks({each.call.account_id for each in changes})
    unit.load_calls(each.call.id for each in changes)
    for each in changes:
        unit.save(Leg(each.call), each.events)
    unit.write()
    return unit


async def save(store: Store, *changes: Change, slot: int = 0) -> None:
    await store.write(lambda conn: put(conn, changes, slot))


def letter(call: Call, sequence: int, due: int = NOW, gate: str = "gate") -> Outgoing:
    """A letter in a call's lane."""
    previous = f"{call.id}:{sequence - 1}" if sequence else None
    return Outgoing(f"{call.id}:{sequence}", previous, call.account_id, call.id, gate, "{}", due)


def settled(letter: Outgoing, tries: int = 1, due: int | None = None, at: int = NOW) -> Settled:
    """What came of it: delivered, or to be tried again."""
    stem, _, number = letter.id.rpartition(":")
    state = State.DELIVERED if due is None else State.OPEN
    following = f"{stem}:{int(number) + 1}"
    return Settled(letter.id, following, letter.account_id, tries, state, due, at, "{}")


async def post(store: Store, *letters: Outgoing, done: Iterable[Settled] = ()) -> None:
    """Letters and outcomes, in one transaction under their calls' locks."""

    outcomes = list(done)

    def write(conn: Connection) -> None:
        unit = Unit(conn, 0)
        unit.load_clocks({each.account_id for each in letters} | {each.account_id for each in outcomes})
        unit.load_calls({each.call_id for each in letters})
        for each in letters:
            unit.send(each)
        for outcome in outcomes:
            unit.settle(outcome)
        unit.write()

    await store.write(write)


async def rows(store: Store, sql: str, **values: object) -> list[tuple[Any, ...]]:
    """What a question in SQL is answered with."""
    return await store.read(lambda conn: [tuple(row) for row in conn.execute(text(sql), values)])


async def count(store: Store, table: str, account_id: str) -> int:
    """How many rows of a table are an account's."""
    column = "account_id"
    if table in {"events", "attempts"}:
        table += (
            " x JOIN calls c ON c.id = x.subject"
            if table == "events"
            else " x JOIN jobs c ON c.id = x.job_id"
        )
        column = "c.account_id"
    [(found,)] = await rows(store, f"SELECT count(*) FROM {table} WHERE {column} = :id", id=account_id)  # noqa: S608 - ours
    return int(found)


async def furnish(store: Store, account_id: str, number: int) -> None:
    """Something in every table that belongs to an account."""
    await open_account(store, account_id)
    placed = new_call(number, account_id)
    await save(store, placed)
    first = letter(placed.call, 0)
    await post(store, first)
    await post(store, done=[settled(first)])

    def rest(conn: Connection) -> None:
        people.add_key(
            conn, Key(name(3, number), account_id, "k", "hint", frozenset(Scope), 1), f"digest{number}"
        )
        people.add_secret(conn, account_id, Secret(name(4, number), "whsec_", 1), 1)
        inventory.add_number(conn, Number(account_id, "+3197010280"))
        inventory.put_phone(conn, account_id, "3225551234", Behaviour(beep=True))
        meeting = Meeting(name(5, number), account_id, "plain", "lobby", NOW, NOW, Queue())
        unit = Unit(conn, 0)
        unit.meetings.save(Met(meeting))
        unit.meetings.write()
        replies.keep(conn, {(account_id, "k"): Kept("f", NOW, 201, (), "{}")}, ())
        sound = Recording(
            name(6, number), account_id, "plain", placed.call.id, recordings.Source.CALL, NOW, "USD"
        )
        recordings_of.keep(conn, [sound])
        seen = {"account_id": account_id, "at": NOW, "wall": NOW, "actor": "k", "action": "read"}
        conn.execute(insert(tables.audits).values(**seen, kind="recording", subject=sound.id, data="{}"))
        row = {"account_id": account_id, "wall": NOW}
        conn.execute(insert(tables.erasures).values(id=name(7, number), receipt="{}", **row))
        link = {"recording_id": sound.id, "digest": "d", "previous": "", "entry": "{}"}
        conn.execute(insert(tables.archive).values(sequence=1, **link, **row))
        trunk = {"id": name(8, number), "domain": f"{number}.example", "created_at": NOW, "body": "{}"}
        conn.execute(insert(tables.trunks).values(account_id=account_id, **trunk))
        application = {"id": name(9, number), "created_at": NOW, "body": "{}"}
        conn.execute(insert(tables.applications).values(account_id=account_id, **application))
        conn.execute(insert(tables.limits).values(account_id=account_id, kind="k", since=NOW, n=1))

    await store.write(rest)
