"""The only module that keeps an account's numbers and the characters of simulated phones."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, delete, func, select, update

from telefonie.core.accounts import Number
from telefonie.core.errors import Conflict, Unfit, Unknown
from telefonie.core.phones import Behaviour
from telefonie.store import codec
from telefonie.store.connect import among, listed, upsert, wall
from telefonie.store.tables import applications, numbers, phones

MOST_PHONES = 1000
_COLUMNS = frozenset({"account_id", "number", "created_at"})


def add_number(conn: Connection, number: Number) -> Number:
    """A number for the inventory, stamped later than all that are there: lists go by it."""
    _refuse_unknown(conn, number)
    newest = select(func.max(numbers.c.created_at)).where(numbers.c.account_id == number.account_id)
    last: int | None = conn.execute(newest).scalar()
    stamped = replace(number, created_at=max(wall(conn), 0 if last is None else last + 1))
    key = {name: getattr(stamped, name) for name in _COLUMNS}
    row = upsert(conn.dialect.name, numbers).values(**key, body=_body(stamped))
    # Asked of the database, not looked up before: two may add the same number at one moment.
    if not conn.execute(row.on_conflict_do_nothing()).rowcount:
        raise Conflict("number_taken", f"{number.number} is in the inventory already.")
    return stamped


def number(conn: Connection, account_id: str, name: str) -> Number:
    """One number."""
    row = _row(conn, account_id, name)
    if row is None:
        raise Unknown("number", name)
    return _number(row)


def list_numbers(conn: Connection, account_id: str, page: int, size: int) -> tuple[list[Number], int]:
    """An account's numbers, newest first, and how many there are."""
    mine = numbers.c.account_id == account_id
    order = (numbers.c.created_at.desc(), numbers.c.number)
    query = select(numbers).where(mine).order_by(*order).limit(size).offset((page - 1) * size)
    total = conn.execute(select(func.count()).select_from(numbers).where(mine)).scalar_one()
    return [_number(row) for row in conn.execute(query)], total


def change_number(conn: Connection, changed: Number) -> Number:
    """Other particulars of a number."""
    present = number(conn, changed.account_id, changed.number)
    if changed.application_id != present.application_id:
        _refuse_unknown(conn, changed)
    mine = (numbers.c.account_id == present.account_id, numbers.c.number == present.number)
    conn.execute(update(numbers).where(*mine).values(body=_body(changed)))
    return number(conn, changed.account_id, changed.number)


def _refuse_unknown(conn: Connection, number: Number) -> None:
    """A number belongs to an application of its own account, or to none."""
    named = number.application_id
    if named is None:
        return
    # Held until the number is written: an application goes only once no number leads to it.
    mine = (applications.c.id == named, applications.c.account_id == number.account_id)
    if conn.execute(select(applications.c.id).where(*mine).with_for_update(read=True)).first() is None:
        raise Unfit("application_id", f"is not the id of one of the account's applications: {named!r}")


def remove_number(conn: Connection, account_id: str, name: str) -> None:
    """A number given back."""
    number(conn, account_id, name)
    conn.execute(delete(numbers).where(numbers.c.account_id == account_id, numbers.c.number == name))


@lru_cache
def _by_pairs(dialect: str, table: Table) -> Select[Any]:
    """Rows of these accounts with these numbers: more than the pairs wanted, but one statement for any."""
    return select(table).where(
        among(dialect, table.c.account_id, "accounts"), among(dialect, table.c.number, "numbers")
    )


def _rows(conn: Connection, table: Table, wanted: set[tuple[str, str]]) -> list[Row[Any]]:
    dialect = conn.dialect.name
    given = {
        "accounts": listed(dialect, sorted({account_id for account_id, _ in wanted})),
        "numbers": listed(dialect, sorted({name for _, name in wanted})),
    }
    found = conn.execute(_by_pairs(dialect, table), given)
    return [row for row in found if (row.account_id, row.number) in wanted]


def owned(conn: Connection, wanted: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these (account, number) pairs are in an inventory."""
    return {(row.account_id, row.number) for row in _rows(conn, numbers, wanted)}


def find_numbers(conn: Connection, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Number]:
    """The records of those of these (account, number) pairs that are in an inventory."""
    return {(row.account_id, row.number): _number(row) for row in _rows(conn, numbers, wanted)}


def _row(conn: Connection, account_id: str, name: str) -> Row[Any] | None:
    query = select(numbers).where(numbers.c.account_id == account_id, numbers.c.number == name)
    return conn.execute(query).one_or_none()


def _body(each: Number) -> str:
    names = [field.name for field in fields(Number) if field.name not in _COLUMNS]
    return codec.dump({name: getattr(each, name) for name in names})


def _number(row: Row[Any]) -> Number:
    return Number(row.account_id, row.number, created_at=row.created_at, **codec.load(row.body))


# -- phones --


def list_phones(conn: Connection, account_id: str) -> list[tuple[str, Behaviour]]:
    """The phones that an account gave a character."""
    query = (
        select(phones).where(phones.c.account_id == account_id).order_by(phones.c.number).limit(MOST_PHONES)
    )
    return [(row.number, codec.behaviour(codec.load(row.body))) for row in conn.execute(query)]


def find_phones(conn: Connection, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Behaviour]:
    """The characters of those of these (account, number) pairs that have one."""
    return {
        (row.account_id, row.number): codec.behaviour(codec.load(row.body))
        for row in _rows(conn, phones, wanted)
    }


def put_phone(conn: Connection, account_id: str, name: str, phone: Behaviour) -> bool:
    """Give a phone its character; whether it had none before."""
    new = not find_phones(conn, {(account_id, name)})
    if new and len(list_phones(conn, account_id)) >= MOST_PHONES:
        raise Conflict("too_many_phones", f"An account has at most {MOST_PHONES} phones; remove some first.")
    text = codec.dump(codec.behaviour_fields(phone))
    given = upsert(conn.dialect.name, phones).values(account_id=account_id, number=name, body=text)
    conn.execute(
        given.on_conflict_do_update(
            index_elements=["account_id", "number"], set_={"body": given.excluded.body}
        )
    )
    return new


def remove_phone(conn: Connection, account_id: str, name: str) -> None:
    """Make a phone an ordinary one again."""
    mine = (phones.c.account_id == account_id, phones.c.number == name)
    if not conn.execute(delete(phones).where(*mine)).rowcount:
        raise Unknown("phone", name)
