"""The only module that keeps recordings: what is known of them, and what they consist of; never their sound."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select, update
from sqlalchemy import delete as removal

from telefonie.core import recordings
from telefonie.core import score as scores
from telefonie.core.errors import Conflict, Illegal, Unknown
from telefonie.core.recordings import Recording, Source, Status
from telefonie.core.score import Score
from telefonie.store import people
from telefonie.store.bulk import Bulk
from telefonie.store.codec import dump, load
from telefonie.store.connect import for_change, upsert
from telefonie.store.tables import recordings as table

_log: Final = logging.getLogger(__name__)

_SHOWN: Final = ("id", "account_id", "face", "call_id", "room_id", "status", "since", "until", "state")
_CHANGING: Final = ("status", "since", "until", "state")


def _keeping(dialect: str) -> Any:
    insert = upsert(dialect, table).values({name: bindparam(name) for name in _SHOWN})
    changed = {name: getattr(insert.excluded, name) for name in _CHANGING}
    return insert.on_conflict_do_update(index_elements=["id"], set_=changed)


_KEEP: Final = Bulk(_keeping)


def keep(conn: Connection, changed: Sequence[Recording]) -> None:
    """Recordings as they are now; whoever decides about one has locked the call or room that it is made of."""
    _KEEP.run(conn, [_row(each) for each in {each.id: each for each in changed}.values()])


def _row(it: Recording) -> dict[str, Any]:
    return {
        "id": it.id,
        "account_id": it.account_id,
        "face": it.face,
        "call_id": it.call_id,
        "room_id": it.room_id,
        "status": it.status.value,
        "since": it.since,
        "until": it.until,
        "state": dump(recordings.packed(it)),
    }


def known(conn: Connection, ids: Collection[str]) -> frozenset[str]:
    """Of these recordings, those that are kept."""
    return frozenset(conn.execute(select(table.c.id).where(table.c.id.in_(ids))).scalars())


# -- reading --


@dataclass(frozen=True, slots=True)
class RecordingQuery:
    """Which recordings. `face` None: of every face; no status: whichever. Times are the account's, both ends
    included, and are compared with where the sound begins."""

    face: str | None = None
    call_id: str | None = None
    room_id: str | None = None
    status: tuple[Status, ...] = ()
    source: Source | None = None
    created_from: int | None = None
    created_to: int | None = None
    page: int = 1
    size: int = 50


@dataclass(frozen=True, slots=True)
class RecordingPage:
    """A page of recordings, newest first, and how many there are in all."""

    recordings: list[Recording]
    total: int


def one(conn: Connection, account_id: str, face: str | None, recording_id: str) -> Recording:
    """One recording."""
    return _read(_found(conn, select(table.c.state, *_OWNER), account_id, face, recording_id))


_OWNER: Final = (table.c.account_id, table.c.face)


def _found(
    conn: Connection, wanted: Select[Any], account_id: str, face: str | None, recording_id: str
) -> Any:
    row = conn.execute(wanted.where(table.c.id == recording_id)).one_or_none()
    if row is None or row.account_id != account_id or face not in (None, row.face):
        raise Unknown("recording", recording_id)
    return row


def page(conn: Connection, account_id: str, query: RecordingQuery) -> RecordingPage:
    """A page. The total costs the matches."""
    mine = [table.c.account_id == account_id, *_matches(query)]
    total = conn.execute(select(func.count()).select_from(table).where(*mine)).scalar_one()
    chosen = select(table.c.id, table.c.state).where(*mine).order_by(table.c.number.desc())
    rows = conn.execute(chosen.limit(query.size).offset((query.page - 1) * query.size))
    return RecordingPage([it for row in rows if (it := _readable(row)) is not None], total)


def _matches(query: RecordingQuery) -> list[ColumnElement[bool]]:
    wanted = [
        getattr(table.c, name) == getattr(query, name)
        for name in ("face", "call_id", "room_id")
        if getattr(query, name) is not None
    ]
    if query.status:
        wanted.append(table.c.status.in_([each.value for each in query.status]))
    if query.source is not None:  # in what was stored; inside a string its quotes would be escaped
        wanted.append(table.c.state.contains(f'"source":{dump(query.source)}', autoescape=True))
    if query.created_from is not None:
        wanted.append(table.c.since >= query.created_from)
    if query.created_to is not None:
        wanted.append(table.c.since <= query.created_to)
    return wanted


def _read(row: Any) -> Recording:
    return recordings.unpacked(load(row.state))


def _readable(row: Any) -> Recording | None:
    """One that cannot be read (somebody meddled with the tables) does not hide the others."""
    try:
        return _read(row)
    except Exception:  # noqa: BLE001 - whatever it is, it is this recording's alone
        _log.exception("Recording %s cannot be read, so a list leaves it out", row.id)
        return None


# -- what it consists of --


def keep_score(conn: Connection, recording_id: str, composed: Score) -> None:
    """What it consists of, once somebody wanted to know."""
    kept = update(table).where(table.c.id == recording_id)
    conn.execute(kept.values(score=dump(scores.packed(composed))))


def score(conn: Connection, recording_id: str) -> Score | None:
    """What it consists of, if that was kept."""
    text = conn.execute(select(table.c.score).where(table.c.id == recording_id)).scalar_one_or_none()
    return None if text is None else scores.unpacked(load(text))


# -- removing --


def delete(conn: Connection, account_id: str, face: str | None, recording_id: str) -> None:
    """Remove one that is over, and note its sound for removal. What is on legal hold stays."""
    wanted = for_change(select(table.c.status, table.c.held, *_OWNER))
    row = _found(conn, wanted, account_id, face, recording_id)
    if Status(row.status) not in recordings.ENDED:
        raise Illegal("recording", row.status, "be deleted")
    if row.held:
        raise Conflict("recording_on_hold", "The recording is on legal hold, so nothing may remove it.")
    conn.execute(removal(table).where(table.c.id == recording_id))
    people.discard(conn, account_id, f"{account_id}/recordings/{recording_id}.")
