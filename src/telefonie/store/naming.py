"""The only module that finds where a number stands in what an account has kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, or_, select

from telefonie.core.errors import Conflict
from telefonie.store.jobs import Crew
from telefonie.store.tables import (
    accounts,
    api_keys,
    applications,
    attempts,
    audits,
    calls,
    events,
    jobs,
    meetings,
    numbers,
    phones,
    recordings,
    replies,
    trunks,
)

_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MANY: Final = 500  # ids in one question


@dataclass(slots=True)
class Named:
    """Everything that names a number, and what hangs on it. `held`: recordings that nothing may remove."""

    calls: set[str] = field(default_factory=set)
    rooms: set[str] = field(default_factory=set)
    recordings: set[str] = field(default_factory=set)
    letters: set[str] = field(default_factory=set)  # of calls and rooms that are gone
    replies: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    audits: set[int] = field(default_factory=set)
    held: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        mine = (self.calls, self.rooms, self.recordings, self.letters)
        return any((*mine, self.replies, self.phones, self.audits))


def find(conn: Connection, account_id: str, digits: str) -> Named:
    """All that names the number, with the legs and parents of such calls, and what was recorded of them."""
    _refuse_configured(conn, account_id, digits)
    found = Named()
    _subjects(conn, account_id, digits, found)
    _recordings(conn, account_id, digits, found)
    found.calls = _families(conn, found.calls)
    _taken_part(conn, account_id, found)
    _beside(conn, account_id, digits, found)
    _keep_held(conn, found)
    _refuse_live(conn, found)
    return found


def _refuse_configured(conn: Connection, account_id: str, digits: str) -> None:
    """What the account itself is set up with is its owner's to change."""
    places = {
        "its inventory of numbers": (numbers, (numbers.c.number, numbers.c.body)),
        "its applications": (applications, (applications.c.body,)),
        "its SIP trunks": (trunks, (trunks.c.domain, trunks.c.body)),
        "the names of its keys": (api_keys, (api_keys.c.name,)),
    }
    for where, (table, columns) in places.items():
        mine = select(table.c.account_id).where(table.c.account_id == account_id, _says(digits, *columns))
        if conn.execute(mine.limit(1)).first() is not None:
            raise _configured(where)
    mine = select(accounts.c.id).where(accounts.c.id == account_id)
    if conn.execute(mine.where(_says(digits, accounts.c.name, accounts.c.settings))).first() is not None:
        raise _configured("its name or settings")


def _configured(where: str) -> Conflict:
    message = f"The number stands in the account's own configuration: in {where}. Take it out there first."
    return Conflict("number_configured", message)


def _says(digits: str, *columns: Any) -> ColumnElement[bool]:
    return or_(*(each.contains(digits, autoescape=True) for each in columns))


def _subjects(conn: Connection, account_id: str, digits: str, found: Named) -> None:
    """Calls and rooms that name it: in their rows, in their journals, or in a letter about them."""
    mine = calls.c.account_id == account_id
    columns = (
        calls.c.caller,
        calls.c.callee,
        calls.c.placing,
        calls.c.state,
        calls.c.flow,
        calls.c.documents,
    )
    found.calls.update(conn.execute(select(calls.c.id).where(mine, _says(digits, *columns))).scalars())
    its = meetings.c.account_id == account_id
    named = _says(digits, meetings.c.name, meetings.c.state)
    found.rooms.update(conn.execute(select(meetings.c.id).where(its, named)).scalars())
    for table, where, into in ((calls, mine, found.calls), (meetings, its, found.rooms)):
        journal = select(events.c.subject).join_from(events, table, table.c.id == events.c.subject)
        into.update(conn.execute(journal.where(where, _says(digits, events.c.data)).distinct()).scalars())
    _letters(conn, account_id, digits, found)


def _letters(conn: Connection, account_id: str, digits: str, found: Named) -> None:
    of_account = jobs.c.account_id == account_id
    shown = (jobs.c.id, jobs.c.subject, jobs.c.crew)
    said = select(*shown).where(of_account, _says(digits, jobs.c.body))
    tried = select(*shown).join_from(jobs, attempts, attempts.c.job_id == jobs.c.id)
    rows = [
        *conn.execute(said).all(),
        *conn.execute(tried.where(of_account, _says(digits, attempts.c.receipt))).all(),
    ]
    if any(row.crew >= Crew.COURIERS for row in rows):
        raise _live("Something that names the number is still on its way")
    subjects = {row.subject for row in rows}
    for table, into in ((calls, found.calls), (meetings, found.rooms)):
        into.update(_existing(conn, table, subjects))
    found.letters.update(row.id for row in rows if row.subject not in found.calls | found.rooms)


def _recordings(conn: Connection, account_id: str, digits: str, found: Named) -> None:
    mine = recordings.c.account_id == account_id
    named = _says(digits, recordings.c.state, recordings.c.score)
    for row in conn.execute(select(recordings).where(mine, named)):
        found.recordings.add(row.id)
        found.calls.update(_existing(conn, calls, [row.call_id]))


def _families(conn: Connection, ids: set[str]) -> set[str]:
    """These calls with their legs and the calls whose legs they are."""
    known: set[str] = set()
    fresh = set(ids)
    while fresh:
        known |= fresh
        near: set[str] = set()
        for some in _parts(fresh):
            near.update(conn.execute(select(calls.c.id).where(calls.c.parent_id.in_(some))).scalars())
            parents = select(calls.c.parent_id).where(calls.c.id.in_(some), calls.c.parent_id.is_not(None))
            near.update(each for each in conn.execute(parents).scalars() if each)
        fresh = _existing(conn, calls, near - known)
    return known


def _taken_part(conn: Connection, account_id: str, found: Named) -> None:
    """What was recorded of these calls and rooms, and of the rooms in which such a call took part."""
    heard = set(found.rooms)
    journals = select(events.c.subject, events.c.data)
    journals = journals.join_from(events, meetings, meetings.c.id == events.c.subject)
    for row in conn.execute(journals.where(meetings.c.account_id == account_id)):
        if not found.calls.isdisjoint(_ID.findall(row.data)):
            heard.add(row.subject)
    for column, ids in ((recordings.c.call_id, found.calls), (recordings.c.room_id, heard)):
        for some in _parts(ids):
            found.recordings.update(conn.execute(select(recordings.c.id).where(column.in_(some))).scalars())


def _beside(conn: Connection, account_id: str, digits: str, found: Named) -> None:
    """What hangs on no call."""
    kept = select(replies.c.key).where(replies.c.account_id == account_id)
    columns = (replies.c.key, replies.c.body, replies.c.headers)
    found.replies.update(conn.execute(kept.where(_says(digits, *columns))).scalars())
    simulated = select(phones.c.number).where(phones.c.account_id == account_id)
    found.phones.update(
        conn.execute(simulated.where(_says(digits, phones.c.number, phones.c.body))).scalars()
    )
    trail = select(audits.c.number).where(audits.c.account_id == account_id)
    told = (audits.c.data, audits.c.subject, audits.c.actor)
    found.audits.update(conn.execute(trail.where(_says(digits, *told))).scalars())


def _keep_held(conn: Connection, found: Named) -> None:
    """A recording on legal hold stays, and with it the call or room it was made of."""
    for some in _parts(found.recordings):
        held = select(recordings).where(recordings.c.id.in_(some), recordings.c.held == 1)
        for row in conn.execute(held):
            found.held.add(row.id)
            found.calls.discard(row.call_id)
            found.rooms.discard(row.room_id)
    found.recordings -= found.held


def _refuse_live(conn: Connection, found: Named) -> None:
    for some in _parts(found.calls):
        going = select(calls.c.id).where(calls.c.id.in_(some), calls.c.ended_at.is_(None))
        if conn.execute(going.limit(1)).first() is not None:
            raise _live("A call with the number is under way; hang up first")
    for some in _parts(found.rooms):
        open_ = select(meetings.c.id).where(meetings.c.id.in_(some), meetings.c.over_at.is_(None))
        if conn.execute(open_.limit(1)).first() is not None:
            raise _live("A conference or queue that names the number is under way; end it first")


def _live(why: str) -> Conflict:
    return Conflict("number_in_use", f"{why}, and ask again.")


def _existing(conn: Connection, table: Any, ids: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for some in _parts(ids):
        found.update(conn.execute(select(table.c.id).where(table.c.id.in_(some))).scalars())
    return found


def _parts(ids: Iterable[str]) -> Iterable[Sequence[str]]:
    every = sorted(ids)
    return (every[start : start + _MANY] for start in range(0, len(every), _MANY))
