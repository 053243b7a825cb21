"""Wherever in its documents a call was when its process died, it goes on from there, and does nothing twice.

The same story of four calls is told many times: once undisturbed, and once for every commit after which the
process may die, with the answers of the customer's server in hand or not. All must read alike.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from telefonie.core.accounts import Account
from telefonie.core.derive import derived
from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour
from telefonie.core.recordings import Source, packed
from telefonie.engine.letters import Want
from telefonie.store.reads import CallQuery
from tests.support.customer import BROKEN, Answer
from tests.support.targets import fresh_target
from tests.support.world import BRIEF, World, a_world

HOST: Final = "https://customer.test"
SOMEBODY: Final = "+31201234567"
AT_ONCE: Final = 8
SOURCES: Final = {Source.CALL, Source.START_VERB, Source.DIAL_VERB, Source.RECORD_VERB}


@dataclass(frozen=True, slots=True)
class Death:
    """After so many commits; the requests that followed from the last one were answered, or never made."""

    commits: int
    answers_in_hand: bool

    def __str__(self) -> str:
        return f"{self.commits}-{'answered' if self.answers_in_hand else 'unasked'}"


def deaths(commits: int) -> list[Death]:
    """Every moment at which the process may die in that story."""
    return [Death(n, in_hand) for n in range(1, commits) for in_hand in (True, False)]


PAGES: Final[dict[str, str | Answer]] = {
    "/speaking": (
        "<Response><Start><Recording recordingStatusCallback='tape'/></Start><Say>Welcome</Say><Pause length='2'/>"
        "<Redirect>next</Redirect></Response>"
    ),
    "/next": '[{"action": "talk", "text": "Goodbye"}]',
    "/gathering": (
        "<Response><Gather numDigits='3' action='chosen'><Say>Three keys, please</Say></Gather></Response>"
    ),
    "/chosen": "<Response><Say>Thank you</Say></Response>",
    "/dialling": (
        "<Response><Dial action='dialled' record='record-from-ringing-dual' trim='trim-silence'>"
        "<Number url='whisper' statusCallback='told'"
        f" statusCallbackEvent='answered completed'>{BRIEF}</Number></Dial></Response>"
    ),
    "/whisper": "<Response><Say>A call for you</Say></Response>",
    "/dialled": "<Response><Say>That was it</Say></Response>",
    "/failing": BROKEN,
    "/fallback": (
        "<Response><Say>We are closed</Say><Record action='left' transcribe='true' transcribeCallback='words'/>"
        "</Response>"
    ),
    "/left": "<Response><Say>Goodbye</Say></Response>",
}
SCRIPTS: Final[dict[str, tuple[dict[str, object], ...]]] = {
    "speaking": (),
    "gathering": ({"wait": 3}, {"press": "1"}, {"wait": 1}, {"press": "2"}, {"wait": 1}, {"press": "3"}),
    "dialling": ({"wait": 6}, {"say": "Is anybody there?"}),
    "failing": ({"wait": 2}, {"say": "Call me back"}, {"press": "#"}),
}
# In seconds: ringing, in a Say or a Gather, one key pressed, two, while a leg rings, hears its whisper, talks.
MOMENTS: Final = (0, 1.5, 3.2, 4.5, 6.1, 6.3, 7.3, 8.5, 9.6, 10)


async def begin(world: World, account: Account) -> None:
    """Calls that are placed, but of which nothing has happened yet."""
    for name, script in SCRIPTS.items():
        order = {"document_url": f"{HOST}/{name}", "fallback_url": f"{HOST}/fallback"}
        record = name == "gathering"
        await world.call(SOMEBODY, account, phone=Behaviour(script=script), record=record, **order)


async def undisturbed(world: World, account: Account) -> tuple[str, int]:
    """How the story reads when nobody dies, and how many commits it takes."""
    await begin(world, account)
    before = world.wire.written
    await world.until_idle(account)
    commits = world.wire.written - before
    return await told(world, account), commits


async def broken_off(world: World, account: Account, death: Death) -> None:
    """Begin, and die after so many commits."""
    await begin(world, account)
    world.wire.cut_after(death.commits, last_word=death.answers_in_hand)
    moving = asyncio.create_task(world.until_idle(account))
    # With its last breath it may carry the letters that it has just taken up.
    await world.news.until(lambda: world.wire.refused > 0)
    await world.die()
    await asyncio.wait([moving])
    assert moving.exception() is not None


async def go_on(world: World, account: Account) -> str:
    """Somebody else takes it from there; how the whole story reads then."""
    world.engine._drivers.drive(account.id)

    async def done() -> bool:
        view = await world.engine.timekeeper.clock(account.id)
        return view.advancing is None and view.pending == 0

    await world.news.until(done)
    assert await world.sql("SELECT 1 FROM jobs WHERE account_id = :id AND state = 0", id=account.id) == []
    return await told(world, account)


async def untold(world: World, account: Account) -> int:
    """How many messages between its calls are on their way."""
    [(number,)] = await world.sql(
        "SELECT count(*) FROM jobs WHERE crew >= 2 AND account_id = :id", id=account.id
    )
    return int(number)


def asked_again(world: World) -> int:
    """How many requests came more than once."""
    return sum(times > 1 for times in Counter(each.id for each in world.customer.got).values())


async def told(world: World, account: Account) -> str:
    """The story as it can be read afterwards: journals with their moments, and requests without repeats."""
    page = await world.engine.switchboard.calls(account.id, CallQuery(size=100))
    names = {call.id: f"call {n}" for n, call in enumerate(page.calls[::-1])}
    journals = [
        (call, [(each.at, each.kind.value, each.actor.value, each.data) for each in journal])
        for call in tuple(names)
        for journal in [await world.journal(call, account)]
    ]
    came: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for letter in world.customer.got:
        if letter.account_id == account.id:
            came[letter.id].add((letter.url, letter.body))
    assert all(len(same) == 1 for same in came.values()), "what came again came unchanged"
    requests = [(url, body.replace(event, "event")) for event, same in came.items() for url, body in same]
    tapes = sorted(
        await world.recordings(account=account), key=lambda it: (names[it.call_id], it.source, it.since)
    )
    names |= {it.id: f"tape {n} of {names[it.call_id]}" for n, it in enumerate(tapes)}
    names |= {derived(it.id, "transcription"): f"words of {names[it.id]}" for it in tapes}
    names[account.id] = "account"

    def plain(text: str) -> str:
        for known, name in names.items():
            text = text.replace(known, name)
        return text

    kept = [packed(it) for it in tapes]
    lines = sorted((url, plain(body)) for url, body in requests)
    return plain(json.dumps([journals, kept, lines], indent=1))


async def test_who_is_alone_goes_on_after_a_restart(tmp_path: Path, migrated_folder: Path) -> None:
    turns = asyncio.Semaphore(AT_ONCE)
    again, on_their_way = 0, 0

    @asynccontextmanager
    async def a_house(name: str) -> AsyncIterator[World]:
        house = fresh_target("sqlite", tmp_path / name, migrated_folder, "", "")
        async with turns, house as target, a_world(target) as world:
            world.customer.pages(PAGES)
            yield world

    async def dying(death: Death) -> str:
        nonlocal again, on_their_way
        async with a_house(f"{death}") as world:
            await broken_off(world, world.account, death)
            await world.start()
            on_their_way += await untold(world, world.account)
            read = await go_on(world, world.account)
            again += asked_again(world)
            return read

    async with a_house("quiet") as world:
        quiet, commits = await undisturbed(world, world.account)
        assert {each.source for each in await world.recordings() if each.ms} == SOURCES
    for death, read in zip(deaths(commits), await asyncio.gather(*map(dying, deaths(commits))), strict=True):
        assert read == quiet, death
    assert again > 0  # or death never struck between an answer and its noting
    assert on_their_way > 0


async def test_where_there_are_several_a_neighbour_goes_on(town: World) -> None:
    town.customer.pages(PAGES)
    quiet, commits = await undisturbed(town, await town.another())
    for death in [each for each in deaths(commits) if each.answers_in_hand][1::3]:
        there, account = await town.neighbour(), await town.another()
        await broken_off(there, account, death)
        await town.leases_run_out()
        assert await go_on(town, account) == quiet, death
    assert asked_again(town) > 0


async def test_dying_again_and_again_between_two_moments_changes_nothing(world: World) -> None:
    """In the midst of a sentence, with one key pressed, while a leg rings, when two are connected."""
    world.customer.pages(PAGES)
    account = await world.another()
    quiet, _ = await undisturbed(world, account)
    await begin(world, world.account)
    for before, moment in pairwise(MOMENTS):
        await world.pass_time(moment - before)
        await world.die()
        await world.start()
    await world.until_idle()
    assert await told(world, world.account) == quiet
    assert asked_again(world) == 0


async def test_a_document_that_is_under_way_is_asked_for_again_by_the_same_name(world: World) -> None:
    answered = asyncio.Event()
    said = "<Response><Say>Welcome</Say></Response>"
    world.customer.mood = lambda _: Answer(after=answered, document=said)
    call = await world.call(document_url=f"{HOST}/voice", report_url=None)
    moving = asyncio.create_task(world.until_idle())
    await world.news.until(lambda: world.customer.waiting == 1)
    await world.die()
    await asyncio.wait([moving])
    answered.set()
    await world.start()
    await world.leases_run_out()
    await go_on(world, world.account)
    first, again = [each for each in world.customer.got if each.want is Want.DOCUMENT]
    assert (first.id, first.body, first.url) == (again.id, again.body, again.url)
    kinds = [each.kind for each in await world.journal(call)]
    assert kinds.count(Kind.FETCHED) == kinds.count(Kind.STEPPED) == 1
