"""The only module that says what has been kept long enough, and chooses bites of it to be removed.

First calls and rooms are laid bare: their journals and the letters about them go; then they go themselves. Whatever
is under way or held stays, and so do the journals of which a recording has still to be composed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    or_,
    select,
    text,
    update,
)

from telefonie.core import clocks as rules
from telefonie.core import recordings as of_recordings
from telefonie.core.recordings import Recording
from telefonie.store import audits, clocks, codec, removing
from telefonie.store.audits import Note
from telefonie.store.connect import for_change, wall
from telefonie.store.people import discard
from telefonie.store.tables import accounts, calls, jobs, meetings, recordings, replies
from telefonie.store.tables import clocks as clock_rows

BITE: Final = 100  # calls or rooms, each with its journal and its letters, in one transaction
DAY_MS: Final = 86_400_000
ACTOR: Final = "retention"
NEVER: Final = -1  # nothing ended so early
_FAILED: Final = of_recordings.Status.FAILED.value


@dataclass(frozen=True, slots=True)
class Limits:
    """What ended at these moments of an account's time or before is to go. Whoever goes is laid bare before."""

    account_id: str
    now: int
    bare: int
    calls: int
    recordings: int
    audit_days: int | None

    @property
    def values(self) -> dict[str, object]:
        """The parameters of the questions below."""
        return {
            "account": self.account_id,
            "now": self.now,
            "bare": self.bare,
            "calls": self.calls,
            "recordings": self.recordings,
        }


def limits(conn: Connection, account_id: str, now: int | None = None) -> Limits | None:
    """What the account's settings say at this moment (or at `now`); None: it is gone."""
    query = select(accounts.c.settings, clock_rows).where(accounts.c.id == account_id)
    row = conn.execute(query.where(accounts.c.id == clock_rows.c.account_id)).one_or_none()
    if row is None:
        return None
    kept = codec.load_settings(row.settings).retention
    at = rules.now(clocks.clock_of(row), wall(conn)) if now is None else now
    days = (kept.timeline_days, kept.call_days, kept.recording_days)
    timelines, called, recorded = (NEVER if each is None else at - each * DAY_MS for each in days)
    return Limits(account_id, at, max(timelines, called), called, recorded, kept.audit_days)


# -- what there is to do --


def _limit(name: str) -> Any:
    return bindparam(name, type_=BigInteger)


_ACCOUNT: Final[Any] = bindparam("account")


def _free(table: Table, ended: ColumnElement[int], whose: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """Nothing of it is held, nothing of it is under way, and no recording has to be composed of its journal."""
    letters = and_(text("jobs.crew = 1 AND jobs.state = 0"), jobs.c.subject == table.c.id)
    messages = and_(text("jobs.crew >= 2"), jobs.c.subject == table.c.id)
    needed = (
        recordings.c.account_id == table.c.account_id,
        text("recordings.score IS NULL"),
        recordings.c.status != _FAILED,
        recordings.c.since
        <= ended,  # whosever it is: a room's is composed of the journals of all who were in
    )
    return [
        ~exists(select(recordings.c.id).where(whose == table.c.id, text("recordings.held = 1"))),
        ~exists(select(recordings.c.id).where(*needed)),
        ~exists(select(jobs.c.id).where(jobs.c.id == table.c.id)),  # an alarm
        ~exists(select(jobs.c.id).where(letters)),
        ~exists(select(jobs.c.id).where(messages)),
    ]


def _over(table: Table, ended: Any, whose: ColumnElement[Any], state: str, limit: str) -> Select[Any]:
    free = _free(table, ended, whose)
    return select(table.c.id).where(
        table.c.account_id == _ACCOUNT, text(state), ended <= _limit(limit), *free
    )


_CALLS: Final = (calls, calls.c.ended_at, recordings.c.call_id)
_ROOMS: Final = (meetings, meetings.c.over_at, recordings.c.room_id)
_BARE: Final = {
    calls: _over(*_CALLS, "calls.ended_at IS NOT NULL AND calls.bare IS NULL", "bare"),
    meetings: _over(*_ROOMS, "meetings.over_at IS NOT NULL AND meetings.bare IS NULL", "bare"),
}
_GONE: Final = {
    calls: _over(*_CALLS, "calls.bare = 1", "calls"),
    meetings: _over(*_ROOMS, "meetings.bare = 1", "calls"),
}
# By the account's rule or, where a day was set by hand, by that.
_RECORDINGS: Final = select(recordings.c.id).where(
    recordings.c.account_id == _ACCOUNT,
    recordings.c.until.is_not(None),
    or_(
        and_(
            text("recordings.held = 0 AND recordings.keep_until IS NULL"),
            recordings.c.until <= _limit("recordings"),
        ),
        and_(
            text("recordings.held = 0 AND recordings.keep_until IS NOT NULL"),
            recordings.c.keep_until <= _limit("now"),
        ),
    ),
)
_REPLIES: Final = select(replies.c.key).where(
    replies.c.account_id == _ACCOUNT, replies.c.expires_at <= _limit("now")
)
_UNSCORED: Final = (
    select(recordings.c.state)
    .where(
        recordings.c.account_id == _ACCOUNT,
        text("recordings.score IS NULL"),
        recordings.c.since <= _limit("bare"),
        recordings.c.until.is_not(None),
        recordings.c.status != _FAILED,
    )
    .order_by(recordings.c.since)
    .limit(BITE)
)
_ALL: Final = (*_BARE.values(), *_GONE.values(), _RECORDINGS, _REPLIES, _UNSCORED)
_DUE: Final = select(or_(*(each.exists() for each in _ALL)))


def due(conn: Connection, account_id: str, now: int | None = None) -> bool:
    """Whether anything is to go: asked at the end of every advance, so it is one question for all tables."""
    found = limits(conn, account_id, now)
    return found is not None and bool(conn.execute(_DUE, found.values).scalar())


def unscored(conn: Connection, account_id: str) -> list[Recording]:
    """Recordings that are over and must be composed before the journals go of which they are made."""
    found = limits(conn, account_id)
    rows = conn.execute(_UNSCORED, found.values).all() if found else ()
    return [of_recordings.unpacked(codec.load(row.state)) for row in rows]


def old_audits(conn: Connection, account_id: str) -> bool:
    """Whether entries of the audit trail are to be forgotten."""
    found = limits(conn, account_id)
    return found is not None and audits.stale(conn, account_id, found.audit_days)


# -- removing: each of these is one transaction, and answers how much it removed --


def recordings_over(conn: Connection, account_id: str, _slot: int) -> int:
    """Remove recordings, and note that their files are to be removed."""
    found = _locked(conn, account_id)
    rows = _chosen(conn, found, recordings, _RECORDINGS)
    for each in rows:
        discard(conn, account_id, f"{account_id}/recordings/{each.id}.")
    audits.add(conn, [Note(account_id, ACTOR, "delete", "recording", each.id, {}) for each in rows])
    conn.execute(delete(recordings).where(recordings.c.id.in_([each.id for each in rows])))
    return len(rows)


def laid_bare(conn: Connection, account_id: str, _slot: int) -> int:
    """Remove journals of calls and rooms, the letters about them, and every attempt."""
    found = _locked(conn, account_id)
    count = 0
    for table, query in _BARE.items():
        ids = [row.id for row in _chosen(conn, found, table, query)]
        count += len(ids)
        removing.strip(conn, ids)
        # What moved a call is part of its journal.
        moved = {"flow": None, "documents": None} if table is calls else {}
        conn.execute(update(table).where(table.c.id.in_(ids)).values(bare=1, **moved))
    return count


def calls_over(conn: Connection, account_id: str, slot: int) -> int:
    """Remove calls and rooms themselves; totals follow."""
    found = _locked(conn, account_id)
    count = 0
    for table, query in _GONE.items():
        rows = _chosen(conn, found, table, query)
        count += len(rows)
        removing.remove(conn, table, rows, slot)
    return count


def replies_over(conn: Connection, account_id: str, _slot: int) -> int:
    """Forget answers whose day is over."""
    found = _locked(conn, account_id)
    keys = list(conn.execute(_REPLIES.limit(BITE), found.values).scalars()) if found else []
    return conn.execute(
        delete(replies).where(replies.c.account_id == account_id, replies.c.key.in_(keys))
    ).rowcount


def audits_over(conn: Connection, account_id: str, _slot: int) -> int:
    """Forget old entries of the audit trail."""
    found = _locked(conn, account_id)
    return audits.sweep(conn, account_id, found.audit_days) if found else 0


def _locked(conn: Connection, account_id: str) -> Limits | None:
    """The limits, under the account's clock: nobody holds a recording or sends a letter again meanwhile."""
    clocks.lock_shared(conn, [account_id])
    return limits(conn, account_id)


def _chosen(conn: Connection, found: Limits | None, table: Table, query: Select[Any]) -> Sequence[Row[Any]]:
    """A bite of these rows, locked; what another process has in hand is waited for, so that none at all means none."""
    if found is None:
        return ()
    # Chosen first and locked then: a database that has to lock what it chooses finds a worse way.
    ids = list(conn.execute(query.limit(BITE), found.values).scalars())
    locked = select(table).where(table.c.id.in_(ids)).order_by(table.c.id)
    return conn.execute(for_change(locked)).all() if ids else ()
