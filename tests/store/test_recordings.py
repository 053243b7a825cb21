"""What is known of recordings is kept, found newest first, and removed with its sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from telefonie.core.errors import Conflict, Illegal, Unknown
from telefonie.core.recordings import Recording, Source, Status, finish, pause
from telefonie.core.score import Key, Part, Score, Words
from telefonie.store import people, recordings
from telefonie.store.connect import Store
from telefonie.store.recordings import RecordingPage, RecordingQuery
from tests.store.shelf import ANN, BOB, NOW, name, open_account, rows

CALL, OTHER = name(2, 1), name(2, 2)


def running(number: int, account_id: str = ANN, call_id: str = CALL, **more: Any) -> Recording:
    it = Recording(name(6, number), account_id, "plain", call_id, Source.CALL, NOW + number, "USD")
    return replace(it, **more)


def ended(number: int, **more: Any) -> Recording:
    it = running(number, **more)
    return finish(it, (it.since, it.since + 5_000), "call_ended")


async def keep(store: Store, *changed: Recording) -> None:
    await store.write(partial(recordings.keep, changed=changed))


async def page(store: Store, account_id: str = ANN, **wanted: Any) -> RecordingPage:
    query = RecordingQuery(**wanted)
    return await store.read(partial(recordings.page, account_id=account_id, query=query))


async def one(store: Store, recording_id: str, face: str | None = None, account_id: str = ANN) -> Recording:
    return await store.read(
        partial(recordings.one, account_id=account_id, face=face, recording_id=recording_id)
    )


async def delete(store: Store, recording_id: str, face: str | None = None, account_id: str = ANN) -> None:
    gone = partial(recordings.delete, account_id=account_id, face=face, recording_id=recording_id)
    await store.write(gone)


def ids(found: Sequence[Recording]) -> list[str]:
    return [each.id for each in found]


async def test_one_comes_back_as_it_is_now(store: Store) -> None:
    it = running(1, url="https://customer.test/tape", trim=True, consent="given")
    await keep(store, it)
    assert await one(store, it.id) == it
    paused = pause(it, NOW + 1_000, skips=True)
    await keep(store, paused, replace(paused, reports=3))
    assert await one(store, it.id, "plain") == replace(paused, reports=3)


async def test_it_is_nobody_elses(store: Store) -> None:
    await keep(store, running(1))
    for unknown in (
        one(store, name(6, 2)),
        one(store, name(6, 1), "other"),
        one(store, name(6, 1), account_id=BOB),
        delete(store, name(6, 1), account_id=BOB),
    ):
        with pytest.raises(Unknown):
            await unknown
    assert (await page(store, BOB)).total == 0


async def test_a_page_is_newest_first_with_an_exact_total(store: Store) -> None:
    await keep(store, *(running(number) for number in range(1, 8)))
    await keep(store, ended(3))  # what changes keeps its place
    found = await page(store, page=2, size=3)
    assert (ids(found.recordings), found.total) == ([name(6, 4), name(6, 3), name(6, 2)], 7)
    assert (await page(store, page=4, size=3)) == RecordingPage([], 7)


async def test_it_is_found_by_whatever_is_known_of_it(store: Store) -> None:
    await keep(
        store,
        running(1),
        ended(2, call_id=OTHER),
        running(3, room_id=name(5, 1), source=Source.ROOM),
        replace(running(4), face="other"),
        replace(running(5), status=Status.PAUSED, url='"source":"room"'),
    )

    async def found(**wanted: Any) -> list[int]:
        it = await page(store, **wanted)
        assert it.total == len(it.recordings)
        return [int(each.id[-2:]) for each in it.recordings]

    assert await found() == [5, 4, 3, 2, 1]
    assert await found(face="plain") == [5, 3, 2, 1]
    assert await found(call_id=OTHER) == [2]
    assert await found(room_id=name(5, 1)) == [3]
    assert await found(status=(Status.COMPLETED,)) == [2]
    assert await found(status=(Status.RUNNING, Status.PAUSED)) == [5, 4, 3, 1]
    assert await found(source=Source.ROOM) == [3]
    assert await found(created_from=NOW + 2, created_to=NOW + 4) == [4, 3, 2]
    assert await found(call_id=CALL, status=(Status.FAILED,)) == []


async def test_one_that_cannot_be_read_does_not_hide_the_others(store: Store) -> None:
    await keep(store, running(1), running(2))
    await store.write(
        lambda conn: conn.exec_driver_sql(f"UPDATE recordings SET state = '{{' WHERE id = '{name(6, 1)}'")  # noqa: S608 - ours
    )
    found = await page(store)
    assert (ids(found.recordings), found.total) == ([name(6, 2)], 2)


async def test_what_it_consists_of_is_kept_with_it(store: Store) -> None:
    it = ended(1)
    await keep(store, it)
    assert await store.read(partial(recordings.score, recording_id=it.id)) is None
    composed = Score(5_000, 2, (Part(0, 0, 900, Words("Hallo", "nl-NL", 900)), Part(1, 900, 100, Key("1"))))
    await store.write(partial(recordings.keep_score, recording_id=it.id, composed=composed))
    assert await store.read(partial(recordings.score, recording_id=it.id)) == composed


async def test_one_that_is_over_is_removed_and_its_files_are_noted(store: Store) -> None:
    await keep(store, ended(1), ended(2))
    await delete(store, name(6, 1), "plain")
    assert ids((await page(store)).recordings) == [name(6, 2)]
    noted = await rows(store, "SELECT key, account_id FROM discards")
    assert noted == [(f"{ANN}/recordings/{name(6, 1)}.", ANN)]
    with pytest.raises(Unknown):
        await delete(store, name(6, 1))


@pytest.mark.parametrize("status", [Status.RUNNING, Status.PAUSED])
async def test_one_that_goes_on_cannot_be_removed(store: Store, status: Status) -> None:
    await keep(store, running(1, status=status))
    with pytest.raises(Illegal):
        await delete(store, name(6, 1))
    assert (await page(store)).total == 1


async def test_what_is_on_legal_hold_cannot_be_removed(store: Store) -> None:
    await keep(store, ended(1))
    await store.write(lambda conn: conn.exec_driver_sql("UPDATE recordings SET held = 1"))
    with pytest.raises(Conflict) as refused:
        await delete(store, name(6, 1))
    assert refused.value.slug == "recording_on_hold"
    assert await rows(store, "SELECT key FROM discards") == []


async def test_an_account_that_is_wiped_keeps_none(store: Store) -> None:
    await open_account(store)
    await keep(store, ended(1), running(2))
    await store.write(partial(people.wipe, account_id=ANN))
    assert (await page(store)).total == 0
    assert (f"{ANN}/recordings/",) in await rows(store, "SELECT key FROM discards")
