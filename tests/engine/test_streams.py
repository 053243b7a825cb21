"""A program at a socket hears what a recording of its leg would hold, and what it says is kept and told."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import pytest

from telefonie.core.call import Cause, Status
from telefonie.core.commands import Deafen, Hold, Mute
from telefonie.core.events import Actor, Kind
from telefonie.core.score import Words
from telefonie.engine.letters import Fault
from telefonie.engine.streaming import BY_HAND, Unopened
from tests.engine.talking import URI, Bots, socket
from tests.support.programs import FakeLine

SAYS: Final[tuple[dict[str, object], ...]] = ({"wait": 5}, {"say": "Is anybody there?"}, {"wait": 3})


async def test_a_program_is_called_as_a_leg_of_its_own(bots: Bots) -> None:
    call, leg = await bots.connected()
    assert (bots.line.url, bots.line.rate, bots.line.pace, bots.line.begun) == (URI, 8_000, BY_HAND, True)
    kinds = [each.kind for each in await bots.world.journal(leg)]
    assert kinds == [Kind.PLACED, Kind.RANG, Kind.ANSWERED, Kind.CONNECTED]
    assert (await bots.world.look(call)).status is Status.TALKING


@pytest.mark.parametrize(
    ("fault", "status"), [(Fault.CONNECT, Status.FAILED), (Fault.TIMEOUT, Status.UNANSWERED)]
)
async def test_one_that_cannot_be_reached_ends_its_leg_and_no_more(
    bots: Bots, fault: Fault, status: Status
) -> None:
    bots.programs.refusals[URI] = Unopened(fault, "Nobody is there.")
    call, leg = await bots.connected()
    assert (await bots.world.look(leg)).status is status
    assert [each.data["message"] for each in await bots.facts(leg, Kind.WARNED)] == ["Nobody is there."]
    assert [
        each.data["text"] for each in await bots.facts(call, Kind.SAID) if each.actor is Actor.PLATFORM
    ] == ["Next"]
    assert await bots.world.sql("SELECT id FROM jobs WHERE crew = 4") == []


async def test_it_hears_whom_it_is_connected_with_when_they_speak(bots: Bots) -> None:
    call, leg = await bots.connected(SAYS)
    await bots.world.pass_time(10)
    said = (await bots.facts(call, Kind.SAID))[0]
    zero = (await bots.world.look(leg)).answered_at
    ms: Any = said.data["ms"]
    assert zero is not None
    assert [(start, end) for start, end, _ in bots.line.heard] == [(said.at - zero, said.at - zero + ms)]
    assert [part.sound for part in bots.voices.asked] == [Words("Is anybody there?", "en-US", ms)]


async def test_time_goes_on_only_when_the_program_has_heard_everything_before(bots: Bots) -> None:
    seen: list[tuple[int, int]] = []

    def note(line: FakeLine, _: int, until: int) -> None:
        seen.append((until, len([each for each in line.heard if each[0] < until])))

    bots.programs.behaviour = note
    await bots.connected(SAYS)
    await bots.world.pass_time(10)
    steps = [until for until, _ in seen]
    assert steps == sorted(set(steps))
    assert max(later - earlier for earlier, later in pairwise(steps)) <= 1_000
    begins = bots.line.heard[0][0]
    assert all(heard == (until > begins) for until, heard in seen)


async def test_what_it_says_is_written_down_with_the_time_at_which_it_was_heard(bots: Bots) -> None:
    def answer(line: FakeLine, since: int, until: int) -> None:
        if since < 6_000 <= until:
            line.says(5_500, 400)
            line.says(5_900, 100)

    bots.programs.behaviour = answer
    _, leg = await bots.connected()
    await bots.world.pass_time(10)
    assert await bots.said(leg) == [(5_500, 6_000)]
    fact = (await bots.facts(leg, Kind.PLAYED))[0]
    await bots.world.hang_up(leg)
    await bots.world.pass_time(1)
    kept = await bots.folder.find(str(fact.data["sound"]))
    assert kept is not None
    assert kept.size == 44 + 500 * 16


async def test_keys_come_as_keys(bot_hut: Bots) -> None:
    call, leg = await bot_hut.connected(({"wait": 5}, {"press": "12"}))
    await bot_hut.world.pass_time(10)
    zero = (await bot_hut.world.look(leg)).answered_at or 0
    pressed = [each.at - zero for each in await bot_hut.facts(call, Kind.PRESSED)]
    assert bot_hut.line.keys == [(pressed[0], "1", 100), (pressed[1], "2", 100)]
    assert bot_hut.line.heard == []


async def test_one_that_is_deafened_hears_nobody_else_until_it_hears_again(bot_hut: Bots) -> None:
    _, leg = await bot_hut.connected(
        ({"wait": 5}, {"say": "Nobody hears this."}, {"wait": 5}, {"say": "But this."})
    )
    await bot_hut.world.tell(leg, Deafen(on=True))
    await bot_hut.world.pass_time(8)
    assert bot_hut.line.heard == []
    await bot_hut.world.tell(leg, Deafen(on=False))
    await bot_hut.world.pass_time(12)
    assert [part.sound.text for part in bot_hut.voices.asked if isinstance(part.sound, Words)] == [
        "But this."
    ]


async def test_who_is_muted_in_the_middle_of_a_sentence_is_cut_off(bot_hut: Bots) -> None:
    call, leg = await bot_hut.connected(
        ({"wait": 5}, {"say": "A long sentence that is cut off in its middle."})
    )
    await bot_hut.world.pass_time(5)
    await bot_hut.world.tell(call, Mute(on=True))
    await bot_hut.world.pass_time(5)
    (start, end, track), zero = bot_hut.line.heard[0], (await bot_hut.world.look(leg)).answered_at or 0
    muted = (await bot_hut.facts(call, Kind.MUTED))[0].at - zero
    assert start < muted < end
    assert bot_hut.line.cuts == [(muted, track)]


async def test_a_program_on_hold_hears_music_and_is_not_heard(bot_hut: Bots) -> None:
    bot_hut.programs.behaviour = lambda line, since, until: line.says(since, until - since)
    _, leg = await bot_hut.connected()
    await bot_hut.world.tell(leg, Hold(on=True))
    await bot_hut.world.pass_time(25)
    assert [end - start for start, end, _ in bot_hut.line.heard] == [10_000, 10_000, 10_000, 10_000]
    await bot_hut.world.tell(leg, Hold(on=False))
    await bot_hut.world.pass_time(1)
    assert [at for at, _ in bot_hut.line.cuts] == [25_000]


async def test_the_program_goes_and_the_caller_goes_on(bots: Bots) -> None:
    call, leg = await bots.connected()
    bots.line.goes("4000 enough")
    await bots.world.pass_time(2)
    gone = await bots.world.look(leg)
    assert (gone.cause, gone.status) == (Cause.DISCONNECTED, Status.COMPLETED)
    assert [each.data for each in await bots.facts(leg, Kind.DISCONNECTED)] == [{"why": "4000 enough"}]
    assert [each.data["text"] for each in await bots.facts(call, Kind.SAID)] == ["Next"]


async def test_the_caller_goes_and_the_socket_is_closed(bots: Bots) -> None:
    call, leg = await bots.connected()
    await bots.world.hang_up(call)
    await bots.world.until_idle()
    assert bots.line.closed
    assert await bots.facts(leg, Kind.DISCONNECTED) == []
    assert await bots.world.sql("SELECT id FROM jobs WHERE crew = 4") == []
    assert bots.world.engine.streams.count == 0


async def test_what_was_said_up_to_the_end_is_kept(bot_hut: Bots) -> None:
    bot_hut.programs.behaviour = lambda line, since, until: line.says(since, until - since)
    _, leg = await bot_hut.connected()
    await bot_hut.world.pass_time(2.5)
    await bot_hut.world.hang_up(leg)
    await bot_hut.world.pass_time(0)
    call = await bot_hut.world.look(leg)
    assert sum(end - start for start, end in await bot_hut.said(leg)) == (call.ended_at or 0) - (
        call.answered_at or 0
    )


async def test_nobody_waits_for_a_program_that_just_listens(bot_hut: Bots) -> None:
    await bot_hut.connected()
    progress = await bot_hut.world.until_idle()
    assert (progress.done, progress.pending) == (True, 0)


async def test_a_call_to_a_program_runs_its_own_document(bot_hut: Bots) -> None:
    call = await bot_hut.calling([{"action": "talk", "text": "Hello bot"}], socket=socket())
    await bot_hut.world.until_idle()
    assert (await bot_hut.world.look(call)).status is Status.COMPLETED
    assert [part.sound.text for part in bot_hut.voices.asked if isinstance(part.sound, Words)] == [
        "Hello bot"
    ]
    assert bot_hut.line.closed


async def test_a_reset_lets_all_go(bots: Bots) -> None:
    await bots.connected()
    line = bots.line
    await bots.world.engine.switchboard.reset(bots.world.account.id)
    await bots.world.engine.streams.progress(1)
    await bots.world.news.until(lambda: line.closed)
    assert bots.world.engine.streams.count == 0
