"""Documents are asked for, run and written down, on every store."""

from __future__ import annotations

from telefonie.core.accounts import Number, NumberPolicy, Settings
from telefonie.core.call import Cause, Status
from telefonie.core.commands import HangUp, Redirect
from telefonie.core.events import Actor, Kind
from tests.support.customer import BROKEN, GONE, Answer
from tests.support.world import World

URL = "https://customer.test/voice"


async def said(world: World, call_id: str) -> list[str]:
    """What the call's documents said."""
    return [
        str(each.data["text"])
        for each in await world.journal(call_id)
        if each.kind is Kind.SAID and each.actor is Actor.PLATFORM
    ]


async def test_a_call_says_what_its_document_tells_it(world: World) -> None:
    world.customer.pages({"/voice": "<Response><Say>Hello</Say><Pause length='5'/><Say>Bye</Say></Response>"})
    call = await world.call(document_url=URL)
    await world.until_idle()
    assert await said(world, call) == ["Hello", "Bye"]
    assert (await world.look(call)).status is Status.COMPLETED
    assert [each["purpose"] for each in world.customer.questions(call)] == ["instructions"]
    assert world.statuses(call) == ["queued", "ringing", "talking", "completed"]


async def test_documents_lead_to_documents(world: World) -> None:
    world.customer.pages(
        {
            "/voice": "<Response><Redirect>menu/one</Redirect></Response>",
            "/menu/one": '[{"action": "talk", "text": "One"}]',
        }
    )
    call = await world.call(document_url=URL)
    await world.until_idle()
    assert await said(world, call) == ["One"]


async def test_a_question_that_found_no_connection_is_put_once_more(world: World) -> None:
    tries = 0

    def mood(_: object) -> Answer:
        nonlocal tries
        tries += 1
        return GONE if tries == 1 else Answer(document="<Response><Say>Here</Say></Response>")

    world.customer.mood = mood
    call = await world.call(document_url=URL, report_url=None)
    await world.until_idle()
    assert await said(world, call) == ["Here"]
    assert tries == 2


async def test_a_server_that_fails_is_asked_once_and_then_its_fallback(world: World) -> None:
    world.customer.pages({"/voice": BROKEN, "/fallback": "<Response><Say>Sorry</Say></Response>"})
    call = await world.call(document_url=URL, fallback_url="https://customer.test/fallback")
    await world.until_idle()
    assert await said(world, call) == ["Sorry"]
    asked = world.customer.questions(call)
    assert [each["purpose"] for each in asked] == ["instructions", "fallback"]
    assert asked[1]["error"] == [11200, URL]


async def test_without_any_document_the_far_end_is_told_and_the_call_ends(world: World) -> None:
    world.customer.pages({"/voice": "<Response><Say>"})
    call = await world.call(document_url=URL)
    await world.until_idle()
    ended = await world.look(call)
    assert (ended.status, ended.cause) == (Status.COMPLETED, Cause.DOCUMENT_FAILED)
    warned = [each.data for each in await world.journal(call) if each.kind is Kind.WARNED]
    assert [(each["code"], each["line"]) for each in warned] == [(12100, 1)]


async def test_another_document_takes_the_place_of_a_running_one(world: World) -> None:
    world.customer.pages(
        {
            "/voice": "<Response><Pause length='600'/><Say>never</Say></Response>",
            "/next": "<Response><Say>Instead</Say></Response>",
        }
    )
    call = await world.call(document_url=URL)
    await world.pass_time(60)
    await world.tell(call, Redirect("https://customer.test/next", "POST"))
    await world.until_idle()
    assert await said(world, call) == ["Instead"]


async def test_a_reply_that_comes_after_the_end_changes_nothing(world: World) -> None:
    world.customer.pages({"/voice": "<Response><Pause length='600'/></Response>"})
    call = await world.call(document_url=URL)
    await world.pass_time(3)
    await world.tell(call, HangUp(Actor.CUSTOMER))
    done = await world.until_idle()
    assert (done.pending, done.next_due) == (0, None)
    assert (await world.look(call)).status is Status.COMPLETED


async def test_a_leg_that_claims_a_number_of_others_is_not_carried_or_claims_none(world: World) -> None:
    owner = await world.another(settings=Settings(number_policy=NumberPolicy.OWNED))
    await world.engine.registry.add_number(Number(owner.id, "+3197010280"))
    ends = '[{"action": "connect", "endpoint": [{"type": "phone", "number": "31201234567"}], "from": "+447700900000"}]'
    world.customer.pages({"/voice": ends})
    for strict, caller, status in (
        (False, "+447700900000", Status.FAILED),
        (True, "unknown", Status.COMPLETED),
    ):
        call = await world.call(account=owner, document_url=URL, strict=strict)
        await world.until_idle(owner)
        (dialed,) = [each for each in await world.journal(call, owner) if each.kind is Kind.DIALED]
        leg = await world.look(str(dialed.data["call_id"]), owner)
        assert (leg.order.caller, leg.status) == (caller, status)
