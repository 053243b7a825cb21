"""What is said into a live call, and what is answered to a verdict, on every store and over the death of a process."""

from __future__ import annotations

import json
from typing import Final

from telefonie.core.events import Actor, Kind
from telefonie.core.phones import Behaviour, Detection, Outcome
from telefonie.flow.commands import StopTalk, Stream, Talk
from tests.support.customer import Answer
from tests.support.world import World

URL: Final = "https://customer.test/voice"
LONG: Final = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen."


def talk(text: str) -> str:
    return json.dumps([{"action": "talk", "text": text}])


async def heard(world: World, call_id: str) -> list[str]:
    """What the platform said and played."""
    facts = (each for each in await world.journal(call_id) if each.actor is Actor.PLATFORM)
    return [
        str(each.data.get("text") or each.data["url"])
        for each in facts
        if each.kind in (Kind.SAID, Kind.PLAYED)
    ]


async def test_it_outlives_its_process_and_the_document_goes_on(world: World) -> None:
    world.customer.pages({"/voice": talk(LONG), "/file": Answer(length_ms=2_000)})
    call = await world.call(document_url=URL)
    await world.pass_time(4)
    await world.tell(call, Talk("Excuse me."))
    await world.die()
    await world.start()
    await world.tell(call, Stream("https://customer.test/file"))
    await world.pass_time(0.5)
    await world.die()
    await world.start()
    await world.until_idle()
    first, excuse, played, rest = await heard(world, call)
    assert (first, excuse, played) == (LONG, "Excuse me.", "https://customer.test/file")
    assert LONG.endswith(rest)
    assert rest != LONG


async def test_one_without_end_is_waited_for_by_nobody(world: World) -> None:
    world.customer.pages({"/voice": talk(LONG)})
    call = await world.call(document_url=URL, limit_ms=600_000)
    await world.pass_time(4)
    await world.tell(call, Talk("Please wait.", loops=0))
    await world.until_idle()
    assert (await world.look(call)).ended_at is None
    await world.tell(call, StopTalk())
    await world.until_idle()
    assert (await world.look(call)).ended_at is not None
    assert LONG.endswith((await heard(world, call))[-1])


async def test_a_verdict_is_a_question_whose_answer_may_go_before_the_document(world: World) -> None:
    world.customer.pages({"/voice": talk("A document. " * 30), "/events": talk("Hello, machine")})
    call = await world.call(
        document_url=URL,
        phone=Behaviour(outcome=Outcome.MACHINE),
        detection=Detection.FIRST_VERDICT,
        detection_aside=True,
        detection_url="https://customer.test/events",
        detection_answers=True,
        strict=True,
    )
    await world.until_idle()
    assert (await heard(world, call))[-1] == "Hello, machine"
    assert [each["purpose"] for each in world.customer.questions(call)] == ["instructions", "event"]
