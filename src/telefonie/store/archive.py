"""The only module that keeps the chain of what was exported for compliance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update

from telefonie.core.chain import NOTHING, Content, Link, link
from telefonie.core.errors import Unknown
from telefonie.store import clocks, people
from telefonie.store.connect import wall
from telefonie.store.people import discard
from telefonie.store.tables import archive as table


@dataclass(frozen=True, slots=True)
class Archived:
    """An entry of the chain. `sealed`: all its files are in place."""

    link: Link
    sealed: bool


def find(conn: Connection, account_id: str, recording_id: str) -> Archived | None:
    """The entry of a recording."""
    mine = (table.c.account_id == account_id, table.c.recording_id == recording_id)
    row = conn.execute(select(table).where(*mine)).one_or_none()
    return None if row is None else _archived(row)


def append(
    conn: Connection, account_id: str, recording_id: str, files: Mapping[str, Content]
) -> tuple[Archived, bool]:
    """The next entry, unless the recording has one; whether it is new."""
    # One after the other: each holds the hash of the one before.
    if clocks.lock_one(conn, account_id) is None:
        raise Unknown("account", account_id)
    present = find(conn, account_id, recording_id)
    if present is not None:
        return present, False
    mine = select(table).where(table.c.account_id == account_id).order_by(table.c.sequence.desc()).limit(1)
    last = conn.execute(mine).one_or_none()
    sequence, previous = (1, NOTHING) if last is None else (last.sequence + 1, last.digest)
    new = Link(account_id, sequence, recording_id, wall(conn), files, previous)
    row = {
        "account_id": account_id,
        "sequence": sequence,
        "recording_id": recording_id,
        "wall": new.archived_at,
        "digest": new.digest,
        "previous": previous,
        "entry": new.text,
    }
    conn.execute(insert(table).values(row))
    return Archived(new, sealed=False), True


def seal(conn: Connection, entry: Link, staging: str) -> None:
    """All its files are in place; what was prepared elsewhere is to be removed."""
    mine = (table.c.account_id == entry.account_id, table.c.sequence == entry.sequence)
    conn.execute(update(table).where(*mine).values(sealed=1))
    discard(conn, entry.account_id, staging)


def unsealed(conn: Connection) -> list[Archived]:
    """Entries of which a file may be missing, since whoever wrote them was stopped."""
    rows = conn.execute(select(table).where(text("archive.sealed IS NULL")).limit(100))
    return [_archived(row) for row in rows]


def page(conn: Connection, account_id: str, number: int, size: int) -> tuple[list[Archived], int]:
    """Entries, newest first, and how many there are."""
    people.account(conn, account_id)
    mine = table.c.account_id == account_id
    total = conn.execute(select(func.count()).select_from(table).where(mine)).scalar_one()
    chosen = select(table).where(mine).order_by(table.c.sequence.desc())
    rows = conn.execute(chosen.limit(size).offset((number - 1) * size))
    return [_archived(row) for row in rows], total


def accounts(conn: Connection) -> list[str]:
    """Whose archive holds anything."""
    return list(conn.execute(select(table.c.account_id).distinct().order_by(table.c.account_id)).scalars())


def chain(conn: Connection, account_id: str) -> list[tuple[Archived, str]]:
    """All entries of an account in their order, each with the hash that is kept of it."""
    mine = select(table).where(table.c.account_id == account_id).order_by(table.c.sequence)
    return [(_archived(row), row.digest) for row in conn.execute(mine)]


def known(conn: Connection, account_id: str) -> set[str]:
    """The recordings that have an entry."""
    return set(conn.execute(select(table.c.recording_id).where(table.c.account_id == account_id)).scalars())


def _archived(row: Any) -> Archived:
    return Archived(link(row.entry)[0], row.sealed is not None)
