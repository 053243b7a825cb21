"""The only module that keeps SIP trunks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, select, update

from telefonie.core.errors import Conflict, Unknown
from telefonie.core.trunks import Trunk, domain_of
from telefonie.store import codec
from telefonie.store.connect import upsert, wall
from telefonie.store.tables import trunks as table

MOST_TRUNKS: Final = 1_000
_COLUMNS: Final = frozenset({"id", "account_id", "domain", "created_at"})


def add(conn: Connection, trunk: Trunk) -> Trunk:
    """A new trunk; its domain must be free."""
    mine = table.c.account_id == trunk.account_id
    if conn.execute(select(func.count()).select_from(table).where(mine)).scalar_one() >= MOST_TRUNKS:
        message = f"An account has at most {MOST_TRUNKS} trunks; remove some first."
        raise Conflict("too_many_trunks", message)
    stamped = replace(trunk, created_at=wall(conn))
    row = {name: getattr(stamped, name) for name in _COLUMNS}
    new = upsert(conn.dialect.name, table).values(**row, body=_body(stamped)).on_conflict_do_nothing()
    # Asked of the database, not looked up before: two may want the same domain at one moment.
    if not conn.execute(new).rowcount:
        raise Conflict("domain_taken", f"There is a trunk for {trunk.domain} already.")
    return stamped


def one(conn: Connection, account_id: str, trunk_id: str) -> Trunk:
    """One trunk."""
    query = select(table).where(table.c.id == trunk_id, table.c.account_id == account_id)
    row = conn.execute(query).one_or_none()
    if row is None:
        raise Unknown("trunk", trunk_id)
    return _trunk(row)


def page(conn: Connection, account_id: str, number: int, size: int) -> tuple[list[Trunk], int]:
    """An account's trunks, newest first, and how many there are."""
    mine = table.c.account_id == account_id
    query = select(table).where(mine).order_by(table.c.number.desc()).limit(size).offset((number - 1) * size)
    total = conn.execute(select(func.count()).select_from(table).where(mine)).scalar_one()
    return [_trunk(row) for row in conn.execute(query)], total


def change(conn: Connection, trunk: Trunk) -> Trunk:
    """Other particulars of a trunk."""
    mine = (table.c.id == trunk.id, table.c.account_id == trunk.account_id)
    if not conn.execute(update(table).where(*mine).values(body=_body(trunk))).rowcount:
        raise Unknown("trunk", trunk.id)
    return trunk


def remove(conn: Connection, account_id: str, trunk_id: str) -> None:
    """A trunk given up; its domain is free again."""
    mine = (table.c.id == trunk_id, table.c.account_id == account_id)
    if not conn.execute(delete(table).where(*mine)).rowcount:
        raise Unknown("trunk", trunk_id)


def of_addresses(conn: Connection, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Trunk]:
    """The trunks of these (account, domain) pairs."""
    pairs = {(account_id, domain) for account_id, domain in wanted if domain}
    if not pairs:
        return {}
    query = select(table).where(table.c.domain.in_(sorted({domain for _, domain in pairs})))
    found = (_trunk(row) for row in conn.execute(query))
    return {(each.account_id, each.domain): each for each in found if (each.account_id, each.domain) in pairs}


def of_address(conn: Connection, account_id: str, address: str) -> Trunk | None:
    """The account's trunk to the domain of this address, if there is one."""
    key = (account_id, domain_of(address))
    return of_addresses(conn, [key]).get(key)


def _body(trunk: Trunk) -> str:
    names = [each.name for each in fields(Trunk) if each.name not in _COLUMNS]
    return codec.dump({name: getattr(trunk, name) for name in names})


def _trunk(row: Row[Any]) -> Trunk:
    found: dict[str, Any] = codec.load(row.body)
    allowed = tuple(found.pop("allowed", ()))
    return Trunk(row.id, row.account_id, row.domain, allowed=allowed, created_at=row.created_at, **found)
