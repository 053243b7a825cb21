"""The only module that knows which of the files that were played are still wanted."""

from __future__ import annotations

import re
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, select

from telefonie.store.tables import calls, events, recordings

_KEY: Final = re.compile(r"[0-9a-f-]{36}/sounds/[0-9a-f]{64}(?:\.[a-z]+)?")


def named(conn: Connection, account_id: str) -> set[str]:
    """The keys that stand in a journal, in a call under way, or in what a recording consists of."""
    prefix = f"{account_id}/sounds/"
    journals = select(events.c.data).join_from(events, calls, calls.c.id == events.c.subject)
    texts: list[tuple[Select[Any], ColumnElement[str]]] = [
        (journals.where(calls.c.account_id == account_id), events.c.data),
        (select(calls.c.flow).where(calls.c.account_id == account_id), calls.c.flow),
        (select(recordings.c.score).where(recordings.c.account_id == account_id), recordings.c.score),
    ]
    found: set[str] = set()
    for query, text in texts:
        for (each,) in conn.execute(query.where(text.contains(prefix, autoescape=True))):
            found.update(_KEY.findall(each))
    return found
