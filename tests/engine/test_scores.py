"""What recordings consist of, composed of what really happened, on every store."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from telefonie.core.attending import Steering
from telefonie.core.commands import Mute
from telefonie.core.composing import Sentence
from telefonie.core.meeting import Meeting
from telefonie.core.recordings import Recording, Source
from telefonie.core.score import Score
from telefonie.core.speaking import speaking_ms
from telefonie.core.transcripts import transcript
from telefonie.engine.ports import Reply
from telefonie.flow.commands import Press, SayByHand
from tests.support.customer import Answer
from tests.support.scores import shown
from tests.support.world import FACE, World

URL: Final = "https://customer.test/voice"
QUIET: Final = {"/quiet": "<Response><Pause length='30'/></Response>"}
DONE: Final = Reply(200)


async def recorded(world: World, **order: Any) -> str:
    """A call that is recorded from its answer on, with a channel a side."""
    return await world.call(document_url=URL, record=True, channels=2, **order)


async def only(world: World, call: str | None = None) -> Recording:
    [it] = await world.recordings(call)
    return it


def told(lines: tuple[Sentence, ...]) -> list[tuple[Any, ...]]:
    return [(each.speaker, each.text, each.language, each.start_ms, each.end_ms, each.cut) for each in lines]


async def of_call(world: World, call: str, since: int) -> list[tuple[Any, ...]]:
    """What the simulator's transcript of a call says, from that moment on."""
    return [
        (each.speaker, each.text, each.language, each.start - since, each.end - since, each.cut)
        for each in transcript(await world.journal(call))
    ]


async def test_a_recorded_call_has_a_score_and_the_truth_as_its_transcript(world: World) -> None:
    gather = (
        "<Gather numDigits='4' action='bye'><Say language='nl-NL'>Toets uw code in. Dank u.</Say></Gather>"
    )
    world.customer.pages(
        {"/voice": f"<Response>{gather}</Response>", "/bye": "<Response><Say>Bye</Say></Response>"}
    )
    call = await recorded(world)
    await world.pass_time(4)
    await world.tell(call, Press("1234"))
    await world.tell(call, SayByHand("Vielen Dank", "de-DE"))
    await world.until_idle()
    it = await only(world, call)
    score = await world.engine.scores.score(it)
    assert (score.ms, score.channels) == (it.ms, 2)
    # The greeting and the prompt begin with the answer; keys are pressed one second later, and cut the prompt.
    assert shown(score) == [
        (0, 0, 650, "Hello?"),
        (1, 0, 1_000, "Toets uw"),
        (0, 1_000, 1_100, "key 1"),
        (0, 1_000, 1_000 + speaking_ms("Vielen Dank", "de-DE"), "Vielen Dank"),
        (0, 1_200, 1_300, "key 2"),
        (0, 1_400, 1_500, "key 3"),
        (0, 1_600, 1_700, "key 4"),
        (1, 1_600, 1_780, "Bye"),
    ]
    assert told(await world.engine.scores.lines(it)) == await of_call(world, call, it.since)


async def test_a_score_is_kept_and_does_not_need_its_journals_any_more(world: World) -> None:
    world.customer.pages({"/voice": "<Response><Say>Bye</Say></Response>"})
    call = await recorded(world)
    await world.until_idle()
    it = await only(world, call)
    assert await world.sql("SELECT score FROM recordings") == [(None,)]
    first = await world.engine.scores.score(it)
    await world.sql("DELETE FROM events")
    await world.sql("DELETE FROM calls")
    assert await world.engine.scores.score(it) == first != Score(first.ms, first.channels)
    await world.sql("UPDATE recordings SET score = NULL")
    assert await world.engine.scores.score(it) == Score(it.ms, 2)  # nobody knows any more


async def test_of_a_recording_that_goes_on_nothing_is_kept(world: World) -> None:
    world.customer.pages({"/voice": QUIET["/quiet"]})
    call = await recorded(world)
    await world.pass_time(10)
    assert await world.engine.scores.score(await only(world, call)) == Score(0, 2)
    await world.until_idle()
    assert (await world.engine.scores.score(await only(world, call))).ms == 30_000


async def test_many_who_ask_at_once_get_the_same(world: World) -> None:
    world.customer.pages({"/voice": "<Response><Say>Bye</Say></Response>"})
    call = await recorded(world)
    await world.until_idle()
    it = await only(world, call)
    found = await asyncio.gather(*(world.engine.scores.score(it) for _ in range(10)))
    assert len({repr(each) for each in found}) == 1


async def test_a_dial_has_its_caller_on_one_channel_and_who_was_called_on_the_other(world: World) -> None:
    dial = "<Dial record='record-from-answer-dual' hangupOnStar='true'>+31612345678</Dial>"
    world.customer.pages({"/voice": f"<Response>{dial}</Response>"})
    call = await world.call(document_url=URL)
    await world.pass_time(9)
    [(leg,)] = await world.sql("SELECT id FROM calls WHERE id <> :call", call=call)
    await world.tell(call, SayByHand("How are you"))
    await world.tell(leg, SayByHand("Fine, and you"))
    await world.pass_time(3)
    await world.tell(call, Press("*"))
    await world.until_idle()
    it = await only(world)
    assert (it.source, it.call_id, it.channels) == (Source.DIAL_VERB, call, 2)
    # They were connected at the sixth second.
    found = shown(await world.engine.scores.score(it))
    assert found == [
        (1, 0, 650, "Hello?"),
        (0, 3_000, 3_660, "How are you"),
        (1, 3_000, 3_810, "Fine, and you"),
    ]
    said = [each for each in await of_call(world, call, it.since) if each[3] >= 0]
    assert told(await world.engine.scores.lines(it)) == said


async def test_who_was_called_may_be_gone_from_the_store(world: World) -> None:
    world.customer.pages({"/voice": "<Response><Dial>+31612345678</Dial></Response>"})
    call = await recorded(world)
    await world.until_idle()
    await world.sql("DELETE FROM calls WHERE id <> :call", call=call)
    found = shown(await world.engine.scores.score(await only(world, call)))
    assert found == [(0, 0, 650, "Hello?"), (1, 0, 3_000, "ringback")]


# -- a room --

WISHES: Final = "beep='onExit' record='record-from-start' trim='do-not-trim'"
CONFERENCE: Final = f"<Response><Dial><Conference {WISHES}{{}}>lobby</Conference></Dial></Response>"


async def room(world: World) -> tuple[str, list[str]]:
    """A room of three, started, of which the third coaches the first; and its id."""
    calls: list[str] = []
    for wishes in ("", "", " coach='{}'"):
        document = CONFERENCE.format(wishes.format(*calls[:1]))
        world.customer.pages(
            {
                "/voice": document,
                "/news": "<Response><Say>News for all</Say></Response>",
                "/bell": "<Response><Play>bell.wav</Play></Response>",
                "/bell.wav": Answer(length_ms=700),
            }
        )
        calls.append(await recorded(world))
        await world.pass_time(4)
    [(found,)] = await world.sql("SELECT id FROM meetings")
    return found, calls


async def test_a_room_is_heard_as_those_who_were_in_it_have_heard_it(world: World) -> None:
    room_id, (first, second, coach) = await room(world)
    start = (await only_room(world)).since
    begun = await _now(world) - start
    await _steer(world, room_id, second, Steering(muted=True))
    for call, text in ((first, "aa"), (second, "bb"), (coach, "cc")):
        await world.tell(call, SayByHand(text))
    await world.pass_time(1)
    await _steer(world, room_id, second, Steering(muted=False))
    await _steer(world, room_id, first, Steering(held=True))
    for call, text in ((first, "dd"), (second, "ee"), (coach, "ff")):
        await world.tell(call, SayByHand(text))
    await world.pass_time(1)
    await _steer(world, room_id, first, Steering(held=False))
    await world.engine.conferences.announce(
        world.account.id, FACE, room_id, "https://customer.test/news", "POST", _done
    )
    await world.pass_time(2)
    await world.hang_up(coach)
    await world.pass_time(1)
    await world.hang_up(first)
    await world.hang_up(second)
    await world.until_idle()
    news = 720  # milliseconds that it takes to say

    def later(at: int, ms: int, what: str, channel: int = 0) -> tuple[int, int, int, str]:
        return channel, begun + at, begun + at + ms, what

    mix = await world.engine.scores.score(await only_room(world))
    assert [each for each in shown(mix) if each[1] >= begun] == [
        later(0, 120, "aa"),
        later(1_000, 120, "ee"),
        later(2_000, news, "News for all"),
        later(4_000, 500, "beep"),
    ]
    its = await world.recordings(first)
    [own] = [each for each in its if each.room_id is None]
    offset = start - own.since
    heard = [
        each
        for each in shown(await world.engine.scores.score(own))
        if each[1] >= begun + offset and each[0] == 1
    ]
    assert [(at - offset - begun, end - at, what) for _, at, end, what in heard] == [
        (0, 120, "cc"),
        (1_000, 1_000, "music"),
        (2_000, news, "News for all"),
        (4_000, 500, "beep"),
    ]


async def only_room(world: World) -> Recording:
    [it] = [each for each in await world.recordings() if each.room_id is not None]
    return it


async def test_what_is_muted_on_a_call_is_not_heard_in_the_room(world: World) -> None:
    _, (first, second, coach) = await room(world)
    begun = await _now(world) - (await only_room(world)).since
    await world.tell(second, Mute(on=True))
    await world.tell(second, SayByHand("bb"))
    await world.tell(first, SayByHand("aa"))
    await world.pass_time(1)
    for call in (first, second, coach):
        await world.hang_up(call)
    await world.until_idle()
    found = shown(await world.engine.scores.score(await only_room(world)))
    assert [each for each in found if each[1] >= begun] == [(0, begun, begun + 120, "aa")]


def _done(_: Meeting) -> Reply:
    return DONE


async def _steer(world: World, room_id: str, call: str, steering: Steering) -> None:
    await world.engine.conferences.steer(world.account.id, FACE, room_id, call, steering, lambda _: DONE)


async def _now(world: World) -> int:
    return (await world.engine.timekeeper.clock(world.account.id)).clock.at
