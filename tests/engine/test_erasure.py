"""A person's number is erased from everything, and only the receipt remembers that there was one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Connection

from telefonie.core.accounts import Number
from telefonie.core.applications import Application
from telefonie.core.errors import Conflict, Unfit, Unknown
from telefonie.core.phones import Behaviour
from telefonie.engine.house import Options
from telefonie.engine.ports import Once, Reply
from telefonie.media import place_of
from telefonie.store.audits import AuditQuery
from telefonie.store.erasures import Receipt
from telefonie.store.reads import CallQuery
from telefonie.store.tables import metadata
from tests.engine.keeping import files, recorded, rows
from tests.support.customer import Answer
from tests.support.targets import Target
from tests.support.world import BRIEF, HUMAN, World, a_world, phone

PERSON: Final = phone(1, 7)
DIGITS: Final = PERSON.removeprefix("+")
ERASURE: Final = "0f1e2d3c-4b5a-4697-8877-665544332211"


@pytest.fixture
async def world(target: Target, tmp_path: Path) -> AsyncIterator[World]:
    """An engine with a place for files."""
    async with a_world(target, Options(blobs=place_of(str(tmp_path / "media"), "local", None))) as world:
        yield world


async def erase(world: World, number: str = PERSON, erasure_id: str = ERASURE) -> Receipt:
    return await world.engine.erasure.erase(world.account.id, number, erasure_id)


def _columns(conn: Connection) -> list[str]:
    """Every text of every table that holds the digits."""
    found: list[str] = []
    for table in metadata.sorted_tables:
        for row in conn.execute(table.select()).mappings():
            found.extend(f"{table.name}.{name}" for name, value in row.items() if DIGITS in str(value))
    return found


async def traces(world: World, target: Target, tmp_path: Path) -> list[str]:
    """Where the number still stands: in any column, and in any file, byte by byte."""
    found = await world.wire.read(_columns)
    places = [tmp_path / "media", *([target] if isinstance(target, Path) else [])]
    for place in places:
        found += [
            str(each) for each in place.rglob("*") if each.is_file() and DIGITS.encode() in each.read_bytes()
        ]
    return found


async def furnish(world: World) -> None:
    """The number, wherever one can stand."""
    served = {
        "dial": f"<Response><Dial>{PERSON}</Dial></Response>",
        "say": f"<Response><Say>Call {DIGITS}</Say></Response>",
    }

    def answer(letter: Any) -> Answer:
        name = letter.url.rpartition("/")[2].partition("?")[0]
        return Answer(
            document=served.get(name, ""), headers=(("X-Echo", DIGITS),) if "echo" in letter.url else ()
        )

    world.customer.mood = answer
    await world.place(PERSON, once=Once(f"for {DIGITS}", "print"))
    await recorded(world, PERSON)
    await recorded(world, BRIEF, caller=PERSON)
    await recorded(
        world, HUMAN, document_url="https://customer.test/dial", recording_url="https://customer.test/r"
    )
    await recorded(world, HUMAN, document_url="https://customer.test/say")
    await recorded(world, BRIEF, metadata={"customer": int(DIGITS)})
    await recorded(world, BRIEF, report_url=f"https://customer.test/{DIGITS}")
    await recorded(world, BRIEF, report_url="https://customer.test/echo")
    await world.engine.registry.put_phone(world.account.id, PERSON, Behaviour(beep=True))
    await world.engine.registry.put_phone(world.account.id, phone(2), Behaviour(greeting=f"Not {DIGITS}"))
    await world.engine.audit.note(world.account.id, "admin", "search", "number", PERSON, {"for": PERSON})


async def test_no_byte_of_the_number_is_left(world: World, target: Target, tmp_path: Path) -> None:
    others = [await recorded(world, BRIEF) for _ in range(2)]
    await furnish(world)
    await world.until_idle()
    before = await traces(world, target, tmp_path)
    assert {each.partition(".")[0] for each in before} >= {
        "calls",
        "events",
        "jobs",
        "phones",
        "replies",
        "audits",
    }
    receipt = await erase(world)
    assert await traces(world, target, tmp_path) == []
    # What has nothing to do with it is as it was.
    assert {each for (each,) in await world.sql("SELECT id FROM calls")} == {call for call, _ in others}
    left = {each.split("/")[1].partition(".")[0] for each in await files(world)}
    assert left == {it.id for _, it in others}
    page = await world.engine.switchboard.calls(world.account.id, CallQuery())
    assert page.total == len(others)
    assert receipt.counts["calls"] >= 9
    assert {name for name, count in receipt.counts.items() if count} == {
        "calls", "events", "deliveries", "attempts", "recordings", "replies", "phones", "audit_entries",
    }  # fmt: skip
    assert receipt.retained == []


async def test_the_receipt_proves_which_number_it_was_to_whoever_knows_it(world: World) -> None:
    await recorded(world, PERSON)
    receipt = await erase(world)
    cost, r, p, digest = receipt.digest.removeprefix("scrypt$").split("$")
    again = hashlib.scrypt(
        PERSON.encode(), salt=receipt.id.encode(), n=int(cost), r=int(r), p=int(p), dklen=32
    )
    assert digest == again.hex()
    assert await world.engine.erasure.one(world.account.id, ERASURE) == receipt
    second = await erase(world, erasure_id=ERASURE.replace("0f", "1f"))
    assert second.counts == {}
    found, total = await world.engine.erasure.page(world.account.id, 1, 50)
    assert ([each.id for each in found], total) == ([second.id, receipt.id], 2)
    other = await world.another()
    with pytest.raises(Unknown):
        await world.engine.erasure.one(other.id, ERASURE)
    trail, _ = await world.engine.audit.page(world.account.id, AuditQuery(action="erase"))
    assert [each.note.subject for each in trail] == [second.id, receipt.id]


async def test_a_call_under_way_has_to_be_hung_up_first(world: World) -> None:
    await recorded(world, PERSON)
    before = await rows(world)
    live = await world.call(PERSON)
    with pytest.raises(Conflict, match="hang up first"):
        await erase(world)
    assert (await rows(world))["recordings"] == before["recordings"]
    await world.hang_up(live)
    await world.until_idle()
    assert (await erase(world)).counts["calls"] == 2


async def test_what_is_held_stays_and_is_listed(world: World) -> None:
    call, held = await recorded(world, PERSON)
    await recorded(world, PERSON)
    await world.engine.keeping.set(world.account.id, held.id, held=True)
    receipt = await erase(world)
    assert receipt.retained == [(held.id, "legal_hold")]
    assert [each for (each,) in await world.sql("SELECT id FROM calls")] == [call]
    assert await world.sql("SELECT 1 FROM events WHERE subject = :id", id=call)
    assert len(await files(world)) == 2
    await world.engine.keeping.set(world.account.id, held.id, held=False)
    again = await erase(world, erasure_id=ERASURE.replace("0f", "1f"))
    assert (again.counts["calls"], again.retained) == (1, [])
    assert await files(world) == []


async def test_a_number_of_the_accounts_own_is_not_a_persons(world: World) -> None:
    await world.engine.registry.add_number(Number(world.account.id, PERSON))
    with pytest.raises(Conflict, match="inventory"):
        await erase(world)
    await world.engine.registry.remove_number(world.account.id, PERSON)
    named = Application("0a000000-0000-4000-8000-000000000001", world.account.id, f"The one of {PERSON}")
    await world.engine.applications.add(named, lambda _: Reply(201))
    with pytest.raises(Conflict, match="applications"):
        await erase(world)
    await world.engine.applications.remove(world.account.id, named.id)
    await erase(world)


async def test_a_few_digits_would_be_found_everywhere(world: World) -> None:
    with pytest.raises(Unfit):
        await erase(world, "+1234567")


async def test_other_accounts_keep_theirs(world: World) -> None:
    other = await world.another()
    await world.call(PERSON, other)
    await world.until_idle(other)
    await recorded(world, PERSON)
    await erase(world)
    assert (await world.engine.switchboard.calls(other.id, CallQuery())).total == 1


async def test_many_calls_go_in_bites_and_totals_stay_exact(world: World) -> None:
    await world.calls(120, PERSON)
    await world.calls(5, BRIEF)
    await world.until_idle()
    before = world.wire.writes
    assert (await erase(world)).counts["calls"] == 120
    assert world.wire.writes - before >= 4
    assert (await world.engine.switchboard.calls(world.account.id, CallQuery())).total == 5


async def test_what_was_recorded_in_a_room_with_the_person_goes_too(world: World) -> None:
    person, other = await recorded(world, PERSON), await recorded(world, BRIEF)
    room = "0a0b0c0d-0000-4000-8000-000000000001"
    said = json.dumps({"call": person[0]})
    await world.sql(
        "INSERT INTO meetings (id, account_id, face, kind, name, status, created_at, state, over_at) "
        "VALUES (:id, :account, 'plain', 'room', 'lobby', 'ended', 1, :state, 1)",
        id=room,
        account=world.account.id,
        state=json.dumps({"touched_at": 1}),
    )
    await world.sql(
        "INSERT INTO events (subject, ordinal, at, kind, actor, data) VALUES (:id, 0, 1, 'joined', 'x', :said)",
        id=room,
        said=said,
    )
    await world.sql("UPDATE recordings SET room_id = :room WHERE id = :id", room=room, id=other[1].id)
    await erase(world)
    assert await world.sql("SELECT id FROM recordings") == []
    assert [each for (each,) in await world.sql("SELECT id FROM calls")] == [other[0]]
