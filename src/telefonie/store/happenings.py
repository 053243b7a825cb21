"""The only module that reads what has happened since one looked last: to many calls and rooms, with one question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, TextClause, text

from telefonie.core.events import Actor, Event, Kind
from telefonie.core.room import Fact
from telefonie.store.codec import load
from telefonie.store.connect import known_list, known_rows
from telefonie.store.rooms import fact_of


@dataclass(frozen=True, slots=True)
class Happened:
    """One fact of a call or a room, as it is stored."""

    subject: str
    ordinal: int
    at: int
    kind: str
    actor: str
    data: str

    @property
    def event(self) -> Event:
        """As a fact of a call."""
        return Event(self.ordinal, self.at, Kind(self.kind), Actor(self.actor), load(self.data))

    @property
    def fact(self) -> Fact:
        """As a fact of a room."""
        return fact_of(self)


@lru_cache
def _since(dialect: str) -> TextClause:
    return text(
        "SELECT events.subject, events.ordinal, events.at, events.kind, events.actor, events.data"  # noqa: S608 - ours
        f" FROM ({known_rows(dialect)}) AS watched"
        " JOIN events ON events.subject = watched.subject AND events.ordinal > watched.ordinal"
        " ORDER BY events.subject, events.ordinal"
    )


def since(conn: Connection, known: Mapping[str, int]) -> list[Happened]:
    """Everything after the ordinals that are known of these subjects (-1: nothing is), in order."""
    if not known:
        return []
    dialect = conn.dialect.name
    rows = conn.execute(_since(dialect), {"known": known_list(dialect, known)})
    return [Happened(*row) for row in rows]
