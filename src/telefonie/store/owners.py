"""The only module that says whose a recording is, to somebody who brings no key of an account."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from telefonie.core.accounts import Account
from telefonie.store import people
from telefonie.store.tables import recordings


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose it is, and on which face it was made."""

    account: Account
    face: str


def of_recording(conn: Connection, recording_id: str) -> Owner | None:
    """The owner of a recording that is there."""
    query = select(recordings.c.account_id, recordings.c.face).where(recordings.c.id == recording_id)
    row = conn.execute(query).one_or_none()
    return None if row is None else Owner(people.account(conn, row.account_id), row.face)
