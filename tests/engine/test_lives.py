"""A call lives as its far end decides, and the customer is told of it in order."""

from __future__ import annotations

from typing import Final

import pytest

from telefonie.core.accounts import Number, NumberPolicy, Settings
from telefonie.core.call import Cause, EndedBy, Status
from telefonie.core.commands import Answer, Cancel, LeaveAlone, Redirect, Refusal, Refuse
from telefonie.core.errors import Illegal, Unfit, Unknown
from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour, Detection, Heard, Outcome
from tests.support.world import HUMAN, NEW_YEAR, World, phone

TALKED: Final = ["queued", "ringing", "talking", "completed"]
LIVES: Final = {
    0: (TALKED, [0, 1_000, 3_000, 13_000]),
    1: (TALKED, [0, 1_000, 3_000, 6_000]),
    2: (["queued", "ringing", "busy"], [0, 1_000, 3_000]),
    3: (["queued", "ringing", "unanswered"], [0, 1_000, 31_000]),
    4: (["queued", "ringing", "unanswered"], [0, 1_000, 3_000]),
    5: (["queued", "failed"], [0, 1_000]),
    6: (TALKED, [0, 1_000, 3_000, 13_000]),
    7: (TALKED, [0, 1_000, 3_000, 13_000]),
    8: (TALKED, [0, 1_000, 21_000, 31_000]),
    9: (TALKED, [0, 1_000, 3_000, 13_000]),
}


async def test_every_outcome_is_told_in_order_with_its_moments(world: World) -> None:
    calls = {digit: await world.call(phone(digit)) for digit in LIVES}
    await world.pass_time(60)
    for digit, call in calls.items():
        statuses, moments = LIVES[digit]
        assert world.statuses(call) == statuses
        assert [each["at"] - NEW_YEAR for each in world.letters(call)] == moments
        assert [each["sequence"] for each in world.letters(call)] == list(range(len(statuses)))
        assert await world.states(call) == ["delivered"] * len(statuses)


async def test_on_a_standing_clock_nothing_happens_not_even_what_is_due(world: World) -> None:
    call = await world.call()
    assert world.letters() == []
    assert await world.states(call) == ["pending"]
    await world.pass_time(0)
    assert world.statuses(call) == ["queued"]
    assert (await world.look(call)).status is Status.QUEUED


async def test_every_letter_has_an_id_of_its_own_that_is_the_events(world: World) -> None:
    await world.calls(3)
    await world.until_idle()
    assert len({each.id for each in world.customer.got}) == 12
    assert [each.id for each in world.customer.got] == [each["id"] for each in world.letters()]
    found = await world.deliveries()
    assert {each.event_id for each in found} == {each.id for each in world.customer.got}


async def test_only_what_the_customer_asked_for_is_told_and_numbered(world: World) -> None:
    call = await world.call(report_on=(Kind.ANSWERED, Kind.ENDED))
    silent = await world.call(report_on=())
    nowhere = await world.call(report_url=None)
    await world.until_idle()
    assert [(each["sequence"], each["status"]) for each in world.letters(call)] == [
        (0, "talking"),
        (1, "completed"),
    ]
    assert world.letters(silent) == world.letters(nowhere) == []
    assert len(await world.journal(nowhere)) == 4


async def test_a_hang_up_is_told_at_its_moment(world: World) -> None:
    call = await world.call()
    await world.pass_time(4)
    reply = await world.hang_up(call)
    assert (reply.status, reply.body) == (201, f'{{"id": "{call}", "status": "completed"}}')
    await world.until_idle()
    ended = await world.look(call)
    assert (ended.cause, ended.ended_by, ended.ended_at) == (
        Cause.HUNG_UP,
        EndedBy.CUSTOMER,
        NEW_YEAR + 4_000,
    )
    assert world.statuses(call) == TALKED


@pytest.mark.parametrize("seconds", [0, 2])
async def test_a_call_canceled_in_time_is_canceled(world: World, seconds: int) -> None:
    call = await world.call()
    await world.pass_time(seconds)
    await world.tell(call, Cancel())
    await world.pass_time(60)
    assert world.statuses(call)[-1] == "canceled"
    with pytest.raises(Illegal):
        await world.tell(call, Cancel())


async def test_a_far_end_moved_by_hand_does_what_the_hand_does(world: World) -> None:
    busy, answered = await world.call(phone(3)), await world.call(phone(3))
    await world.pass_time(2)
    await world.tell(busy, Refuse(Refusal.BUSY))
    await world.tell(answered, Answer())
    await world.pass_time(60)
    assert world.statuses(busy) == ["queued", "ringing", "busy"]
    assert world.statuses(answered) == TALKED
    assert (await world.look(answered)).answered_at == NEW_YEAR + 2_000


async def test_a_redirect_and_an_empty_update_are_not_told(world: World) -> None:
    call = await world.call()
    await world.pass_time(3)
    await world.tell(call, Redirect("https://customer.test/next", "POST"))
    await world.tell(call, LeaveAlone())
    assert (await world.look(call)).redirect == ("https://customer.test/next", "POST")
    await world.until_idle()
    assert world.statuses(call) == TALKED
    assert Kind.REDIRECTED in [each.kind for each in await world.journal(call)]


async def test_a_phone_with_a_character_has_it_under_every_spelling_of_its_number(world: World) -> None:
    registry = world.engine.registry
    await registry.put_phone(world.account.id, "3225551234", Behaviour(outcome=Outcome.BUSY))
    await registry.put_phone(world.account.id, "sip:bob@example.test", Behaviour(outcome=Outcome.BUSY))
    calls = [
        await world.call(to)
        for to in ("+3225551234", "3225551234", "sip:bob@Example.test;transport=tcp", "SIP:bob@example.test")
    ]
    other = await world.another()
    stranger = await world.call("+3225551234", other)
    await world.until_idle()
    await world.until_idle(other)
    assert [(await world.look(each)).status for each in calls] == [Status.BUSY] * 4
    assert (await world.look(stranger, other)).status is Status.COMPLETED


async def test_a_phones_character_can_override_a_reserved_number(world: World) -> None:
    await world.engine.registry.put_phone(world.account.id, HUMAN[1:], Behaviour(outcome=Outcome.FAILED))
    call = await world.call(HUMAN)
    await world.until_idle()
    assert world.statuses(call) == ["queued", "failed"]


async def test_a_phone_that_changes_its_character_does_so_for_later_calls(world: World) -> None:
    call = await world.call()
    await world.engine.registry.put_phone(world.account.id, HUMAN[1:], Behaviour(outcome=Outcome.BUSY))
    await world.until_idle()
    assert world.statuses(call) == TALKED


async def test_detection_is_kept_with_the_call(world: World) -> None:
    call = await world.call(phone(7), detection=Detection.FIRST_VERDICT)
    await world.until_idle()
    assert (await world.look(call)).heard is Heard.MACHINE
    detected = next(each for each in await world.journal(call) if each.kind is Kind.DETECTED)
    assert detected.at == NEW_YEAR + 7_000


async def test_a_call_that_nobody_leaves_ends_at_its_limit_without_anybody_waiting_for_it(
    world: World,
) -> None:
    await world.engine.registry.put_phone(
        world.account.id, "31", Behaviour(greeting="", script=({"wait": 1},))
    )
    call = await world.call("+31", limit_ms=3_600_000)
    idle = await world.until_idle()
    assert (idle.pending, idle.now) == (0, NEW_YEAR + 3_000)
    assert (await world.look(call)).status is Status.TALKING
    await world.pass_time(3_600)
    ended = await world.look(call)
    assert (ended.cause, ended.ended_at) == (Cause.TIME_LIMIT, NEW_YEAR + 3_603_000)


async def test_only_an_owned_number_may_call_where_numbers_must_be_owned(world: World) -> None:
    strict = await world.another(settings=Settings(number_policy=NumberPolicy.OWNED))
    with pytest.raises(Unfit) as refused:
        await world.call(account=strict)
    assert refused.value.field == "from"
    await world.engine.registry.add_number(Number(strict.id, "+3197010280"))
    call = await world.call(account=strict)
    assert (await world.look(call, strict)).status is Status.QUEUED
    await world.call()  # the other account's policy is open


async def test_a_call_is_nobody_elses(world: World) -> None:
    call = await world.call()
    other = await world.another()
    with pytest.raises(Unknown):
        await world.look(call, other)
    with pytest.raises(Unknown):
        await world.hang_up(call, other)
    with pytest.raises(Unknown):
        await world.engine.switchboard.tell(world.account.id, "other", call, Cancel(), lambda _: None)  # type: ignore[arg-type,return-value]
    assert (await world.look(call)).status is Status.QUEUED
