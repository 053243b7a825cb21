"""The only module that keeps what all processes must know and nobody else may."""

from __future__ import annotations

from sqlalchemy import Connection, select

from telefonie.store.connect import upsert
from telefonie.store.tables import vault


def find(conn: Connection, name: str) -> str | None:
    """The secret of that name, if there is one."""
    return conn.execute(select(vault.c.value).where(vault.c.name == name)).scalar()


def secret(conn: Connection, name: str, fresh: str) -> str:
    """The secret of that name; of two processes that bring a fresh one at once, both get the first one's."""
    known = find(conn, name)
    if known is not None:
        return known
    added = upsert(conn.dialect.name, vault).values(name=name, value=fresh)
    conn.execute(added.on_conflict_do_nothing(index_elements=["name"]))
    return str(conn.execute(select(vault.c.value).where(vault.c.name == name)).scalar_one())
