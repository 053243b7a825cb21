"""Stories of calls through the real engine and store, with a process that is killed meanwhile: all of them end."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlsplit

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telefonie.core.call import Call
from telefonie.core.calls import ENDED, alarm
from telefonie.core.derive import report_id
from telefonie.core.errors import Conflict, Illegal
from telefonie.core.events import Kind
from telefonie.engine.letters import Letter, Want
from telefonie.flow.commands import Lost, Page, Sound
from telefonie.store.connect import Connection
from telefonie.store.reads import CallQuery
from tests.flow.stories import JOINING_STORIES, LONGEST_SECONDS, ROOT, STORIES, Serves, Steers, Story
from tests.flow.watching import AFTERWARDS
from tests.support.customer import FINE, NOT_THERE, Answer, Mood
from tests.support.targets import Target
from tests.support.world import NEW_YEAR, World, a_world

EXAMPLES: Final = 12
PATIENCE: Final = 30.0


def _mood(pages: dict[str, Serves]) -> Mood:
    """What the server of a story answers, documents in turns."""
    turns: Counter[str] = Counter()

    def answer(letter: Letter) -> Answer:
        found = pages.get(_path(letter.url))
        if letter.want is Want.NOTHING:
            return FINE
        if found is None:
            return NOT_THERE
        turns[letter.url] += 1
        served = found.documents[turns[letter.url] % len(found.documents)]
        return _answer(found.sound if letter.want is Want.SOUND else served)

    return answer


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _answer(served: str | Page | Sound | Lost) -> Answer:
    match served:
        case str():
            return Answer(document=served)
        case Page(status, _, raw):
            return Answer(status, document=raw.decode("latin-1"))
        case Sound(status, ms):
            return Answer(status, length_ms=ms)
        case Lost(_, _, status):
            return Answer(status or 404)


async def _run(target: Target, story: Story, kills: list[int]) -> None:
    async with a_world(target) as world:
        world.customer.mood = _mood(story.pages)
        order = {"document_url": ROOT + "/", "phone": story.phone, **story.order}
        calls = [await world.call("+31201119999", **order) for _ in story.inbound]
        for number, (after, which, command) in enumerate(story.acts):
            await _pass(world, after / 1000, kills[number % len(kills)])
            call = calls[which % len(calls)]
            with suppress(Illegal, Conflict):  # it may be refused, as any caller's wish
                known = [each.id for each in await world.recordings(call)]
                await world.tell(call, command.command(known) if isinstance(command, Steers) else command)
        await _pass(world, 40.0, kills[-1])
        await world.pass_time(LONGEST_SECONDS)
        await _check(world)


async def _pass(world: World, seconds: float, kill: int) -> None:
    """Let time pass. The process is killed after so many of its writes, and started anew; time goes on by itself."""
    until = (await world.engine.timekeeper.clock(world.account.id)).now + round(seconds * 1000)
    if not kill:
        await world.pass_time(seconds)
        return
    last = world.wire.written + kill
    moving = asyncio.create_task(world.pass_time(seconds))
    far = asyncio.create_task(world.news.until(lambda: world.wire.written >= last))
    await asyncio.wait([moving, far], return_when=asyncio.FIRST_COMPLETED)
    far.cancel()
    await world.die()
    await asyncio.gather(moving, far, return_exceptions=True)
    await world.start()
    clock = await world.engine.timekeeper.clock(world.account.id)
    if clock.advancing is None and clock.now < until:  # it died before the advance was begun
        await world.pass_time((until - clock.now) / 1000)
        return
    await world.sql("UPDATE clocks SET driven_at = 1")  # some seconds later
    async with asyncio.timeout(PATIENCE):
        while (await world.engine.timekeeper.clock(world.account.id)).advancing is not None:
            world.engine._drivers.drive(world.account.id)  # as the one who looks after standing clocks does
            await world.engine._drivers.wait(world.account.id, 1.0)


async def _check(world: World) -> None:
    clock = await world.engine.timekeeper.clock(world.account.id)
    assert (clock.pending, clock.next_due) == (0, None)
    found = await world.engine.switchboard.calls(world.account.id, CallQuery(size=200))
    for call in found.calls:
        assert call.status in ENDED
        assert alarm(call) == (None, None)
        journal = await world.journal(call.id)
        assert [each.ordinal for each in journal] == list(range(call.events))
        moments = [each.at for each in journal]
        assert moments == sorted(moments)
        assert moments[0] >= NEW_YEAR
        kinds = [each.kind for each in journal]
        assert kinds.count(Kind.ENDED) == 1
        assert set(kinds[kinds.index(Kind.ENDED) + 1 :]) <= AFTERWARDS
        await _recordings(world, call)
    await world.wire.read(_nothing_left)
    _asked_once(world)


async def _recordings(world: World, call: Call) -> None:
    """All are over and lie in their call, and its letters have every place in its lane once."""
    found = await world.recordings(call.id)
    assert call.recording == (found[0].id if found else None)
    for it in found:
        assert not it.live
        assert it.until is not None
        assert call.answered_at is not None
        assert call.ended_at is not None
        assert call.answered_at <= it.since <= it.until <= call.ended_at
    lane = [report_id(call.id, place) for place in range(call.told + 1)]
    told = [each.event_id for each in await world.deliveries(call.id) if each.event_id in lane]
    assert told == lane[:-1]


def _nothing_left(conn: Connection) -> None:
    for table in ("jobs WHERE state = 0", "calls WHERE flow IS NOT NULL"):
        assert conn.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0, table  # noqa: S608 - names from here


def _asked_once(world: World) -> None:
    """A request is repeated with the same event id only, and says the same."""
    said: dict[str, tuple[str, str, str]] = {}
    for letter in world.customer.got:
        assert said.setdefault(letter.id, (letter.method, letter.url, letter.body))[:2] == (
            letter.method,
            letter.url,
        )


def test_every_call_ends_though_its_process_is_killed(migrated_folder: Path) -> None:
    @settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(STORIES | JOINING_STORIES, st.lists(st.sampled_from((0, 1, 2, 5)), min_size=1, max_size=3))
    def live(story: Story, kills: list[int]) -> None:
        with TemporaryDirectory() as folder:
            shutil.copytree(migrated_folder, folder, dirs_exist_ok=True)
            asyncio.run(_run(Path(folder), story, kills))

    live()
