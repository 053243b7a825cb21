"""The only module that keeps applications."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields, replace
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, select, update

from telefonie.core.applications import Application, Hook
from telefonie.core.errors import Conflict, Unknown
from telefonie.store import codec
from telefonie.store.connect import upsert, wall
from telefonie.store.tables import applications as table
from telefonie.store.tables import numbers

MOST_APPLICATIONS: Final = 1_000
_SHOWN_NUMBERS: Final = 10
_COLUMNS: Final = frozenset({"id", "account_id", "created_at"})
_HOOKS: Final = ("answer", "fallback", "event")


def add(conn: Connection, application: Application) -> Application:
    """A new application."""
    mine = table.c.account_id == application.account_id
    if conn.execute(select(func.count()).select_from(table).where(mine)).scalar_one() >= MOST_APPLICATIONS:
        message = f"An account has at most {MOST_APPLICATIONS} applications; remove some first."
        raise Conflict("too_many_applications", message)
    stamped = replace(application, created_at=wall(conn))
    row = {name: getattr(stamped, name) for name in _COLUMNS}
    new = upsert(conn.dialect.name, table).values(**row, body=_body(stamped)).on_conflict_do_nothing()
    if not conn.execute(new).rowcount:
        raise Conflict("application_taken", f"There is an application {application.id} already.")
    return stamped


def known(conn: Connection, application_id: str) -> Application | None:
    """The application of that id, whosever it is."""
    row = conn.execute(select(table).where(table.c.id == application_id)).one_or_none()
    return None if row is None else _application(row)


def one(conn: Connection, account_id: str, application_id: str) -> Application:
    """One of an account's applications."""
    found = known(conn, application_id)
    if found is None or found.account_id != account_id:
        raise Unknown("application", application_id)
    return found


def page(conn: Connection, account_id: str, number: int, size: int) -> tuple[list[Application], int]:
    """An account's applications, newest first, and how many there are."""
    mine = table.c.account_id == account_id
    query = select(table).where(mine).order_by(table.c.number.desc()).limit(size).offset((number - 1) * size)
    total = conn.execute(select(func.count()).select_from(table).where(mine)).scalar_one()
    return [_application(row) for row in conn.execute(query)], total


def held(conn: Connection, account_id: str, application_id: str) -> Application:
    """One of them, to be changed in this transaction: nobody else changes it meanwhile."""
    mine = (table.c.id == application_id, table.c.account_id == account_id)
    row = conn.execute(select(table).where(*mine).with_for_update()).one_or_none()
    if row is None:
        raise Unknown("application", application_id)
    return _application(row)


def change(conn: Connection, application: Application) -> Application:
    """Other particulars of an application."""
    mine = (table.c.id == application.id, table.c.account_id == application.account_id)
    conn.execute(update(table).where(*mine).values(body=_body(application)))
    return application


def remove(conn: Connection, account_id: str, application_id: str) -> None:
    """An application given up, unless numbers still lead to it."""
    present = held(conn, account_id, application_id)
    leading = _leading(conn, present)
    if leading:
        named = ", ".join(leading[:_SHOWN_NUMBERS]) + (", ..." if len(leading) > _SHOWN_NUMBERS else "")
        message = f"Numbers still belong to this application ({named}); give them another one first."
        raise Conflict("application_in_use", message)
    conn.execute(delete(table).where(table.c.id == present.id))


def _leading(conn: Connection, application: Application) -> list[str]:
    mine = (numbers.c.account_id == application.account_id, numbers.c.body.contains(application.id))
    rows = conn.execute(select(numbers).where(*mine).order_by(numbers.c.number))
    return [row.number for row in rows if codec.load(row.body).get("application_id") == application.id]


def find(conn: Connection, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Application]:
    """Those of these (account, application) pairs that there are."""
    pairs = set(wanted)
    if not pairs:
        return {}
    query = select(table).where(table.c.id.in_(sorted({application_id for _, application_id in pairs})))
    found = (_application(row) for row in conn.execute(query))
    return {(each.account_id, each.id): each for each in found if (each.account_id, each.id) in pairs}


def _body(application: Application) -> str:
    given = {each.name: getattr(application, each.name) for each in fields(Application)}
    hooks = {name: asdict(given[name]) for name in _HOOKS}
    return codec.dump({name: value for name, value in given.items() if name not in _COLUMNS} | hooks)


def _application(row: Row[Any]) -> Application:
    found: dict[str, Any] = codec.load(row.body)
    found |= {name: Hook(**found[name]) for name in _HOOKS if name in found}
    return Application(row.id, row.account_id, created_at=row.created_at, **found)
