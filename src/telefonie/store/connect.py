"""The only module that says what a store is, and words what one database says otherwise than the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from importlib import import_module
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    BindParameter,
    ColumnElement,
    Select,
    String,
    bindparam,
    cast,
    func,
    select,
    text,
)
from sqlalchemy import Connection as Connection
from sqlalchemy import Row as Row

from telefonie.store import codec

R = TypeVar("R")


class Unavailable(Exception):
    """The database cannot be reached, or was lost at the moment of the commit."""


class Hint(StrEnum):
    """What processes on one store tell each other. Nothing depends on its arrival: the poll is the truth."""

    DUE = "due"  # there may be work
    ACCOUNTS = "accounts"  # what is remembered of accounts may be stale


class Ear(Protocol):
    """Hears the hints of other processes."""

    def start(self) -> None: ...
    async def stop(self) -> None: ...


class Store(Protocol):
    """A database. `write` and `read` run a plain function over a Core connection, in one transaction.

    `scrub` leaves no trace of what was deleted before, as far as that can be brought about from here; whether it was.
    """

    url: str
    shared: bool  # whether other processes may be at work on it

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def write(self, work: Callable[[Connection], R]) -> R: ...
    async def read(self, work: Callable[[Connection], R]) -> R: ...
    async def scrub(self) -> bool: ...
    async def tell(self, hint: Hint, /) -> None: ...
    def ear(self, url: str, heard: Callable[[Hint], None], /) -> Ear | None: ...


_WALL = text("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)")


def wall(conn: Connection) -> int:
    """Wall time in milliseconds: that of the one process, or that of the shared server."""
    if conn.dialect.name == "sqlite":
        return time.time_ns() // 1_000_000
    return int(conn.execute(_WALL).scalar_one())


def among(dialect: str, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """`column` is in a list that is one parameter, so that the statement is the same for any length."""
    if dialect == "sqlite":
        given: BindParameter[Any] = bindparam(name, type_=String)
        return column.in_(select(func.json_each(given).table_valued("value").c.value))
    return column == func.any(bindparam(name, type_=ARRAY(String)))


def listed(dialect: str, values: Sequence[str]) -> object:
    """The parameter of `among`."""
    return codec.dump(list(values)) if dialect == "sqlite" else list(values)


def moment_in(dialect: str, column: ColumnElement[str], name: str) -> ColumnElement[int]:
    """A moment that stands in the JSON text of a column, or null."""
    if dialect == "sqlite":
        return func.json_extract(column, f"$.{name}", type_=BigInteger)
    return cast(func.json_extract_path_text(cast(column, JSON), name), BigInteger)


_KNOWN: Final = {
    "sqlite": "SELECT json_extract(value, '$[0]') AS subject, json_extract(value, '$[1]') AS ordinal"
    " FROM json_each(:known)",
    "postgresql": "SELECT subject, ordinal FROM json_to_recordset(CAST(:known AS json))"
    " AS known(subject varchar, ordinal integer)",
}


def known_rows(dialect: str) -> str:
    """Pairs of a subject and the last ordinal that is known of it, out of one parameter (`known_list`)."""
    return _KNOWN[dialect]


def known_list(dialect: str, known: Mapping[str, int]) -> str:
    """The parameter of `known_rows`."""
    if dialect == "sqlite":
        return codec.dump([[subject, ordinal] for subject, ordinal in known.items()])
    return codec.dump([{"subject": subject, "ordinal": ordinal} for subject, ordinal in known.items()])


def for_change(statement: Select[Any], *, skip: bool = False) -> Select[Any]:
    """Lock what is read. SQLite ignores it: there, whoever writes is alone."""
    return statement.with_for_update(skip_locked=skip)


_PLACES = text("SELECT pg_advisory_xact_lock(each) FROM unnest(CAST(:places AS bigint[])) AS each")


def lock_places(conn: Connection, ids: Iterable[str]) -> None:
    """Lock what may not be there yet, by the ids of where it would be. SQLite: whoever writes is alone."""
    if conn.dialect.name == "postgresql":
        given = sorted({int(each.replace("-", "")[-15:], 16) for each in ids})
        if given:
            conn.execute(_PLACES, {"places": given})


def upsert(dialect: str, table: Any) -> Any:
    """An insert that can say what to do when the row is there."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(table)


def lock_schema(conn: Connection) -> None:
    """One process at a time changes the schema; the lock ends with the transaction."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SET LOCAL lock_timeout = 0"))  # another replica's migrations may take their time
        conn.execute(select(func.pg_advisory_xact_lock(0x7E1EF0)))
