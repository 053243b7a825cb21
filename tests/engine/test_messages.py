"""What calls tell each other is told once, in order, and is never lost, whatever is wrong with whom."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Final

import pytest

from telefonie.core.accounts import Account
from telefonie.core.call import Status
from telefonie.core.clocks import Mode
from telefonie.core.events import Kind
from telefonie.engine.letters import Fault, Letter
from tests.support.customer import Answer
from tests.support.telling import overheard, post, untold, words
from tests.support.world import MANUAL, NEW_YEAR, World

URL: Final = "https://customer.test/voice"
WAITING: Final = "<Response><Pause length='600'/></Response>"


async def waiting_calls(world: World, number: int, account: Account | None = None) -> list[str]:
    """Calls whose document lets ten minutes pass."""
    world.customer.pages({"/voice": WAITING})
    return await world.calls(number, account=account, document_url=URL, report_url=None)


async def talking(world: World, number: int = 1) -> list[str]:
    calls = await waiting_calls(world, number)
    await world.pass_time(3)
    return calls


async def test_messages_are_told_in_order_and_once(world: World) -> None:
    [call] = await talking(world)
    await post(world, call, words("one"), words("two"))
    await post(world, call, words("three"))
    done = await world.pass_time(0)
    assert done.fired == 3
    await world.until_idle()
    assert await overheard(world, call) == ["one", "two", "three"]
    assert await untold(world) == 0


async def test_what_cannot_be_understood_is_kept_and_with_it_what_follows(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    poisoned, other = await talking(world, 2)
    await post(world, poisoned, words("one"), words("two"), words("three"))
    await post(world, other, words("hello"))
    bodies = await world.sql("SELECT id, body FROM jobs WHERE crew = 2 ORDER BY number")
    await world.sql("UPDATE jobs SET body = '{' WHERE id = :id", id=bodies[1][0])
    await world.pass_time(1)
    assert await overheard(world, poisoned) == ["one"]
    assert await overheard(world, other) == ["hello"]
    assert any(poisoned in each.getMessage() and each.exc_info for each in caplog.records)
    await post(world, poisoned, words("four"))
    await world.pass_time(5)
    await world.sql("UPDATE jobs SET body = :body WHERE id = :id", id=bodies[1][0], body=bodies[1][1])
    await world.pass_time(60)
    assert await overheard(world, poisoned) == ["one", "two", "three", "four"]
    assert await untold(world) == 0


async def test_nobody_waits_for_what_cannot_be_told(world: World) -> None:
    [call] = await talking(world)
    await post(world, call, words("one"))
    await world.sql("UPDATE jobs SET body = '{' WHERE crew = 2")
    idle = await world.until_idle()
    assert (idle.done, idle.pending, idle.next_due) == (True, 0, None)
    assert (await world.look(call)).ended_at == NEW_YEAR + 603_000
    assert await untold(world) == 1


async def test_what_a_call_that_cannot_be_read_is_told_waits_for_it(world: World) -> None:
    broken, whole = await talking(world, 2)
    [(flow,)] = await world.sql("SELECT flow FROM calls WHERE id = :id", id=broken)
    await world.sql("UPDATE calls SET flow = '{' WHERE id = :id", id=broken)
    await post(world, broken, words("one"), words("two"))
    await post(world, whole, words("hello"))
    assert (await world.pass_time(30)).done
    assert await overheard(world, whole) == ["hello"]
    await world.sql("UPDATE calls SET flow = :flow WHERE id = :id", flow=flow, id=broken)
    await world.pass_time(600)
    assert await overheard(world, broken) == ["one", "two"]
    assert (await world.look(broken)).ended_at == NEW_YEAR + 603_000


async def test_what_a_call_that_cannot_be_read_has_asked_for_is_asked_for_again(world: World) -> None:
    """Else it would wait for ever for what had come long ago."""
    answered = asyncio.Event()
    said = "<Response><Say>Here</Say></Response>"
    world.customer.mood = lambda _: Answer(after=answered, document=said)
    call = await world.call(document_url=URL, report_url=None)
    moving = asyncio.create_task(world.pass_time(30))
    await world.news.until(lambda: world.customer.waiting == 1)
    [(flow,)] = await world.sql("SELECT flow FROM calls WHERE id = :id", id=call)
    await world.sql("UPDATE calls SET flow = '{' WHERE id = :id", id=call)
    answered.set()
    assert (await moving).done
    await world.sql("UPDATE calls SET flow = :flow WHERE id = :id", flow=flow, id=call)
    await world.pass_time(60)
    assert (await world.look(call)).status is Status.COMPLETED
    asked = world.customer.questions(call)
    assert len(asked) == 2
    assert asked[0] == asked[1]


async def test_a_clock_that_stands_and_runs_again_forgets_no_message(world: World) -> None:
    account = await world.another(MANUAL)
    [call] = await waiting_calls(world, 1, account)
    await world.pass_time(3, account)
    timekeeper = world.engine.timekeeper
    await timekeeper.change(account.id, Mode.REALTIME, 1.0, None)
    await timekeeper.change(account.id, Mode.MANUAL, None, None)
    await post(world, call, words("while it stands"), account=account)
    await timekeeper.change(account.id, Mode.REALTIME, 1.0, None)
    await world.news.until(lambda: _heard(world, call, account, 1))
    await timekeeper.change(account.id, Mode.MANUAL, None, None)
    await post(world, call, words("while it stands again"), account=account)
    await world.pass_time(0, account)
    assert await overheard(world, call, account) == ["while it stands", "while it stands again"]


async def _heard(world: World, call: str, account: Account, number: int) -> bool:
    return len(await overheard(world, call, account)) == number


async def test_a_reset_takes_messages_along(world: World) -> None:
    [call] = await talking(world)
    await post(world, call, words("one"))
    await world.engine.switchboard.reset(world.account.id)
    assert await untold(world) == 0
    assert (await world.until_idle()).fired == 0


async def test_a_message_to_a_call_that_is_gone_disturbs_nobody(world: World) -> None:
    [call] = await talking(world)
    await post(world, "00000000-0000-4000-8000-00000000dead", words("anybody?"))
    await post(world, call, words("one"))
    await world.pass_time(1)
    assert await overheard(world, call) == ["one"]
    assert await untold(world) == 0


async def test_messages_that_the_store_refuses_are_put_off_and_all_others_are_told(world: World) -> None:
    """A fact that is there already cannot be written again: somebody meddled with the tables."""
    account = await world.another(MANUAL)
    calls = await waiting_calls(world, 3, account)
    await world.pass_time(3, account)
    events = (await world.look(calls[1], account)).events
    await world.sql(
        "INSERT INTO events (subject, ordinal, at, kind, actor, data) VALUES (:id, :n, 0, 'rang', 'platform', '{}')",
        id=calls[1],
        n=events,
    )
    for call in calls:
        await post(world, call, words("hello"), account=account)
    await world.engine.timekeeper.change(account.id, Mode.REALTIME, 1.0, None)
    for call in (calls[0], calls[2]):
        await world.news.until(lambda call=call: _heard(world, call, account, 1))  # type: ignore[misc]
    await world.news.until(lambda: _put_off(world))
    await world.sql("DELETE FROM events WHERE subject = :id AND ordinal = :n", id=calls[1], n=events)
    await world.engine.timekeeper.change(account.id, Mode.MANUAL, None, None)
    await world.pass_time(60, account)
    assert await overheard(world, calls[1], account) == ["hello"]
    assert await untold(world) == 0


async def _put_off(world: World) -> bool:
    def look(conn: Any) -> bool:
        return bool(conn.exec_driver_sql("SELECT 1 FROM jobs WHERE crew = 2 AND awaited_at IS NULL").first())

    return await world.wire.read(look)


@pytest.mark.parametrize("url", ["http://[", "//[", "http://ex\u2100mple.test/", "http://[here]/"])
async def test_what_is_no_url_fails_as_any_other_document_does(world: World, url: str) -> None:
    """A postman says so; until then it is a letter like any other."""
    documents = {
        URL: f"<Response><Redirect>{url}</Redirect></Response>",
        "https://customer.test/fallback": "<Response><Say>Sorry</Say></Response>",
    }

    def mood(letter: Letter) -> Answer:
        found = documents.get(letter.url)
        return Answer(None, error=Fault.BAD_URL) if found is None else Answer(document=found)

    world.customer.mood = mood
    call = await world.call(document_url=URL, fallback_url="https://customer.test/fallback", report_url=None)
    assert (await world.until_idle()).done
    asked = [each["purpose"] for each in world.customer.questions(call)]
    assert asked == ["instructions", "redirect", "fallback"]
    assert Kind.SAID in [each.kind for each in await world.journal(call)]
    assert (await world.look(call)).status is Status.COMPLETED
