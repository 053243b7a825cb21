"""Applications lead calls: to their hooks, into one conversation, and by keys that are soon known everywhere."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any, Final

from telefonie.core.accounts import Number
from telefonie.core.applications import Application, Hook
from telefonie.core.call import Call, Direction, Order
from telefonie.core.events import Kind
from telefonie.engine.ports import Reply
from tests.support.tokens import keys
from tests.support.world import FACE, HUMAN, World, word

MINE: Final = "0a000000-0000-4000-8000-000000000001"
OURS: Final = "+31201234567"
PAGE: Final = "https://customer.test"
CONNECT: Final = '[{"action": "connect", "endpoint": [{"type": "phone", "number": "12025550100"}]}]'


async def an_application(world: World, **given: Any) -> Application:
    """A new application of the world's account."""
    new = Application(MINE, world.account.id, "mine", keys().public, **given)
    await world.engine.applications.add(new, lambda _: Reply(201))
    return new


async def called(world: World, **number: Any) -> Call:
    """Somebody calls our number."""
    new = Number(world.account.id, OURS, face=FACE, **number)
    await world.engine.registry.add_number(new)
    return await called_again(world)


async def called_again(world: World) -> Call:
    order = Order(Direction.INBOUND, "+31612345678", OURS, "0", "USD")
    call_id = f"{next(world.ids):08x}-0000-4000-8000-00000000abcd"
    reply = await world.engine.switchboard.arrive(world.account, order, call_id, word)
    return await world.look(str(json.loads(reply.body)["id"]))


async def test_a_call_to_its_number_is_led_by_its_hooks(world: World) -> None:
    hooks = {
        "answer": Hook(f"{PAGE}/answer", "POST"),
        "fallback": Hook(f"{PAGE}/fallback"),
        "event": Hook(f"{PAGE}/events", "GET"),
    }
    await an_application(world, **hooks)
    order = (await called(world, application_id=MINE, voice_url=f"{PAGE}/voice", record=True)).order
    assert (order.document_url, order.document_method) == (f"{PAGE}/answer", "POST")
    assert (order.fallback_url, order.fallback_method) == (f"{PAGE}/fallback", "GET")
    assert (order.report_url, order.report_method) == (f"{PAGE}/events", "GET")
    assert (order.application, order.record) == (MINE, True)


async def test_where_its_application_is_gone_a_number_speaks_for_itself(world: World) -> None:
    await an_application(world)
    first = await called(world, application_id=MINE, voice_url=f"{PAGE}/voice")
    assert (first.order.application, first.order.document_url) == (MINE, None)
    await world.sql("DELETE FROM applications")
    later = await called_again(world)
    assert (later.order.application, later.order.document_url) == (None, f"{PAGE}/voice")
    assert later.order.conversation == ""


async def test_a_call_and_its_leg_share_a_conversation(world: World) -> None:
    world.customer.pages({"/voice": CONNECT})
    call = await world.call(HUMAN, document_url=f"{PAGE}/voice", application=MINE, strict=True)
    await world.pass_time(5)
    order = (await world.look(call)).order
    assert order.conversation not in ("", call)
    [dialed] = [each.data["call_id"] for each in await world.journal(call) if each.kind is Kind.DIALED]
    leg = (await world.look(str(dialed))).order
    assert (leg.application, leg.conversation, leg.strict) == (MINE, order.conversation, True)


async def test_a_conversation_that_is_named_is_kept(world: World) -> None:
    given = "0c000000-0000-4000-8000-000000000001"
    call = await world.call(application=MINE, conversation=given)
    assert (await world.look(call)).order.conversation == given
    plain = await world.call()
    assert (await world.look(plain)).order.conversation == ""


async def test_whoever_asks_for_an_application_learns_its_settings_and_its_account(world: World) -> None:
    doors = world.engine.applications
    assert await doors.known(MINE) is None
    new = await an_application(world)
    known = await doors.known(MINE)
    assert known is not None
    assert (known.account, known.application.name) == (world.account, "mine")
    await doors.change(world.account.id, MINE, lambda present: replace(present, name="ours"))
    await world.engine.registry.change_account(world.account.id, "renamed", world.account.settings)
    known = await doors.known(MINE)
    assert known is not None
    assert (known.account.name, known.application.name) == ("renamed", "ours")
    assert known.application == replace(new, name="ours", created_at=known.application.created_at)
    await world.engine.registry.delete_account(world.account.id)
    assert await doors.known(MINE) is None


async def test_a_key_that_is_rotated_at_one_process_is_soon_forgotten_at_the_other(town: World) -> None:
    """At once where they hear each other: sooner than a process forgets by itself."""
    there = await town.neighbour(listen_url=str(town.target))
    here = await town.neighbour(listen_url=str(town.target))
    await an_application(town)
    before = await there.engine.applications.known(MINE)
    assert before is not None
    await here.engine.applications.rotate(town.account.id, MINE, keys(1).public)
    async with asyncio.timeout(1.5):
        while (known := await there.engine.applications.known(MINE)) is before:
            await there.sql("SELECT 1")  # nothing here tells when a hint was heard
    assert known is not None
    assert known.application.public_key == keys(1).public
