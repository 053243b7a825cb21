"""The audit trail: who did what to what, and when."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from telefonie.core.errors import Unknown
from telefonie.store import audits
from telefonie.store.audits import AuditQuery
from tests.support.world import NEW_YEAR, World


async def test_what_was_done_is_told_newest_first_with_both_times(world: World) -> None:
    audit = world.engine.audit
    await audit.note(world.account.id, "key-1", "read", "recording", "r1")
    await world.pass_time(60)
    await audit.note(world.account.id, "admin", "delete", "recording", "r2", {"why": "asked"})
    found, total = await audit.page(world.account.id, AuditQuery())
    assert total == 2
    told = [(each.at - NEW_YEAR, each.note.actor, each.note.action, each.note.subject) for each in found]
    assert told == [(60_000, "admin", "delete", "r2"), (0, "key-1", "read", "r1")]
    assert found[0].note.data == {"why": "asked"}
    assert found[0].wall >= found[1].wall > 0


async def test_it_is_searched_by_what_was_done_to_what_and_when(world: World) -> None:
    audit, whose = world.engine.audit, world.account.id
    await audit.note(whose, "a", "read", "recording", "r1")
    await world.pass_time(10)
    await audit.note(whose, "a", "download", "recording", "r1")
    await audit.note(whose, "a", "read", "transcript", "r2")
    for query, expected in [
        (AuditQuery(action="read"), 2),
        (AuditQuery(kind="recording"), 2),
        (AuditQuery(subject="r2"), 1),
        (AuditQuery(action="read", subject="r1"), 1),
        (AuditQuery(at_to=NEW_YEAR + 9_999), 1),
        (AuditQuery(at_from=NEW_YEAR + 10_000), 2),
        (AuditQuery(at_from=NEW_YEAR, at_to=NEW_YEAR + 10_000, page=2, size=2), 3),
    ]:
        found, total = await audit.page(whose, query)
        assert total == expected, query
        assert len(found) == min(expected - query.size * (query.page - 1), query.size)


async def test_notes_that_come_together_are_written_together(world: World) -> None:
    before = world.wire.writes
    notes = [world.engine.audit.note(world.account.id, "a", "read", "recording", str(n)) for n in range(50)]
    await asyncio.gather(*notes)
    assert world.wire.writes - before <= 2
    found, total = await world.engine.audit.page(world.account.id, AuditQuery(size=100))
    assert [each.note.subject for each in found] == [str(n) for n in reversed(range(50))]
    assert total == 50


async def test_one_account_knows_nothing_of_another_and_nobody_writes_about_one_that_is_gone(
    world: World,
) -> None:
    other = await world.another()
    await world.engine.audit.note(other.id, "a", "read", "recording", "r1")
    assert (await world.engine.audit.page(world.account.id, AuditQuery()))[1] == 0
    await world.engine.registry.delete_account(other.id)
    await world.engine.audit.note(other.id, "a", "read", "recording", "r1")
    assert await world.sql("SELECT count(*) FROM audits") == [(0,)]
    with pytest.raises(Unknown):
        await world.engine.audit.page(other.id, AuditQuery())


async def test_entries_are_forgotten_by_the_walls_time_in_bites(world: World) -> None:
    whose = world.account.id
    notes = [world.engine.audit.note(whose, "a", "read", "recording", str(n)) for n in range(1_005)]
    await asyncio.gather(*notes)
    await world.pass_time(400 * 86_400)
    assert (await world.engine.audit.page(whose, AuditQuery()))[
        1
    ] == 1_005  # the account's time does not count
    await world.sql("UPDATE audits SET wall = wall - 3 * 86400000 WHERE subject <> '1004'")
    for days, swept in [(None, 0), (4, 0), (3, 1_000), (3, 4), (3, 0)]:
        assert await world.wire.write(partial(audits.sweep, account_id=whose, days=days)) == swept
