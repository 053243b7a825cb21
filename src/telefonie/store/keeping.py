"""The only module that says of a single recording how long it is kept, and whether it is held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from telefonie.core.errors import Unknown
from telefonie.store.tables import recordings


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long a recording is kept. `until` None: as the account keeps them; `ended` None: it goes on."""

    id: str
    call_id: str
    status: str
    began: int
    ended: int | None
    until: int | None
    held: bool


def keeping(conn: Connection, account_id: str, recording_id: str) -> Keeping:
    """Of one recording."""
    mine = (recordings.c.id == recording_id, recordings.c.account_id == account_id)
    row = conn.execute(select(recordings).where(*mine)).one_or_none()
    if row is None:
        raise Unknown("recording", recording_id)
    return _keeping(row)


def keep(conn: Connection, account_id: str, recording_id: str, changes: dict[str, Any]) -> Keeping:
    """With `keep_until` or `held` changed; whoever calls holds the account's clock, and so everybody who removes."""
    mine = (recordings.c.id == recording_id, recordings.c.account_id == account_id)
    if changes:
        conn.execute(update(recordings).where(*mine).values(changes))
    return keeping(conn, account_id, recording_id)


def _keeping(row: Row[Any]) -> Keeping:
    return Keeping(row.id, row.call_id, row.status, row.since, row.until, row.keep_until, bool(row.held))
