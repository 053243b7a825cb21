"""The only module that keeps accounts, their keys and their secrets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from telefonie.core.accounts import Account, Key, Scope, Secret, Settings
from telefonie.core.clocks import Clock
from telefonie.core.errors import Conflict, Unknown
from telefonie.store import codec
from telefonie.store.connect import upsert, wall
from telefonie.store.tables import (
    accounts,
    api_keys,
    applications,
    archive,
    attempts,
    audits,
    calls,
    clocks,
    counters,
    discards,
    erasures,
    events,
    jobs,
    limits,
    meetings,
    numbers,
    phones,
    recordings,
    replies,
    secrets,
    trunks,
)


def add_account(conn: Connection, account: Account, clock: Clock) -> None:
    """A new account, and the clock it lives by."""
    conn.execute(
        insert(accounts).values(
            id=account.id,
            name=account.name,
            created_at=account.created_at,
            settings=codec.dump_settings(account.settings),
        )
    )
    origin = {
        "mode": clock.mode.value,
        "speed": clock.speed,
        "at": None if clock.at == clock.wall else clock.at,
    }
    new = insert(clocks).values(
        account_id=account.id,
        mode=clock.mode.value,
        speed=clock.speed,
        wall=clock.wall,
        at=clock.at,
        origin=codec.dump(origin),
        seed=account.settings.seed,
    )
    try:
        conn.execute(new)
    except IntegrityError as taken:
        raise _seed_in_use() from taken


def account(conn: Connection, account_id: str) -> Account:
    """One account."""
    row = conn.execute(select(accounts).where(accounts.c.id == account_id)).one_or_none()
    if row is None:
        raise Unknown("account", account_id)
    return _account(row)


def list_accounts(conn: Connection, page: int, size: int) -> tuple[list[Account], int]:
    """Accounts, newest first, and how many there are."""
    query = select(accounts).order_by(accounts.c.number.desc()).limit(size).offset((page - 1) * size)
    total = conn.execute(select(func.count()).select_from(accounts)).scalar_one()
    return [_account(row) for row in conn.execute(query)], total


def accounts_after(conn: Connection, number: int, most: int) -> list[tuple[int, str]]:
    """Some accounts, in the order in which they were made: whom a round of housekeeping looks at."""
    query = select(accounts.c.number, accounts.c.id).where(accounts.c.number > number)
    return [(row.number, row.id) for row in conn.execute(query.order_by(accounts.c.number).limit(most))]


def change_account(conn: Connection, account_id: str, name: str | None, settings: Settings) -> Account:
    """Another name or other settings."""
    present = account(conn, account_id)
    values: dict[str, Any] = {"settings": codec.dump_settings(settings), "name": name or present.name}
    conn.execute(update(accounts).where(accounts.c.id == account_id).values(values))
    try:
        conn.execute(update(clocks).where(clocks.c.account_id == account_id).values(seed=settings.seed))
    except IntegrityError as taken:
        raise _seed_in_use() from taken
    return account(conn, account_id)


def refuse_drawn(conn: Connection, account_id: str, first_id: str) -> None:
    """Whoever had a seed before may still have calls by the ids that follow from it."""
    others = select(calls.c.id).where(calls.c.id == first_id, calls.c.account_id != account_id)
    if conn.execute(others).first() is not None:
        raise _seed_in_use()


def _seed_in_use() -> Conflict:
    """Ids follow from a seed: two accounts with one seed would call different things by the same id."""
    message = "Another account of this server has this seed; take another, or delete that account first."
    return Conflict("seed_in_use", message)


def delete_account(conn: Connection, account_id: str) -> None:
    """An account and everything that belongs to it."""
    # Its clock first, as everywhere: whoever is deciding under it finishes, and nobody begins.
    conn.execute(select(clocks.c.mode).where(clocks.c.account_id == account_id).with_for_update())
    account(conn, account_id)
    wipe(conn, account_id)
    discard(conn, account_id, f"{account_id}/")
    for table in (numbers, applications, trunks, secrets, api_keys, audits, erasures, archive, clocks):
        conn.execute(delete(table).where(table.c.account_id == account_id))
    conn.execute(delete(accounts).where(accounts.c.id == account_id))


def wipe(conn: Connection, account_id: str) -> None:
    """What has happened in an account: calls, rooms, letters, phones and totals.

    Keys, secrets, numbers, applications, the audit trail and what was exported for compliance stay.
    """
    letters = select(jobs.c.id).where(jobs.c.account_id == account_id)
    for table in (calls, meetings):
        mine = select(table.c.id).where(table.c.account_id == account_id)
        conn.execute(delete(events).where(events.c.subject.in_(mine)))
    for shelf in ("recordings", "sounds"):
        discard(conn, account_id, f"{account_id}/{shelf}/")
    conn.execute(delete(attempts).where(attempts.c.job_id.in_(letters)))
    for table in (jobs, calls, meetings, recordings, counters, replies, phones, limits):
        conn.execute(delete(table).where(table.c.account_id == account_id))


def discard(conn: Connection, account_id: str, key: str) -> None:
    """Note that this file is to be removed; with a slash or a dot at its end, all whose names begin so."""
    noted = upsert(conn.dialect.name, discards).values(key=key, account_id=account_id, noted=wall(conn))
    conn.execute(noted.on_conflict_do_update(index_elements=["key"], set_={"noted": noted.excluded.noted}))


def _account(row: Row[Any]) -> Account:
    return Account(row.id, row.name, row.created_at, codec.load_settings(row.settings))


# -- keys --

MOST_KEYS: Final = 1000


def add_key(conn: Connection, key: Key, digest: str) -> None:
    """A new key, by the hash of it."""
    conn.execute(
        insert(api_keys).values(
            id=key.id,
            account_id=key.account_id,
            digest=digest,
            name=key.name,
            hint=key.hint,
            scopes=" ".join(sorted(key.scopes)),
            created_at=key.created_at,
        )
    )


def key_by_digest(conn: Connection, digest: str) -> tuple[Key, Account] | None:
    """Whose key this is, unless it is unknown or revoked."""
    query = select(api_keys).where(api_keys.c.digest == digest, api_keys.c.revoked_at.is_(None))
    row = conn.execute(query).one_or_none()
    return None if row is None else (_key(row), account(conn, row.account_id))


def list_keys(conn: Connection, account_id: str) -> list[Key]:
    """An account's keys, revoked ones too, oldest first."""
    account(conn, account_id)
    query = select(api_keys).where(api_keys.c.account_id == account_id)
    return [
        _key(row) for row in conn.execute(query.order_by(api_keys.c.created_at, api_keys.c.id).limit(1000))
    ]


def revoke_key(conn: Connection, account_id: str, key_id: str, wall: int) -> str:
    """A key that works no more; answers its hash."""
    mine = (api_keys.c.id == key_id, api_keys.c.account_id == account_id)
    row = conn.execute(select(api_keys).where(*mine)).one_or_none()
    if row is None:
        raise Unknown("key", key_id)
    conn.execute(update(api_keys).where(*mine, api_keys.c.revoked_at.is_(None)).values(revoked_at=wall))
    return str(row.digest)


def _key(row: Row[Any]) -> Key:
    scopes = frozenset(Scope(each) for each in row.scopes.split())
    return Key(row.id, row.account_id, row.name, row.hint, scopes, row.created_at, row.revoked_at)


# -- signing secrets --

MOST_SECRETS: Final = 1000


def list_secrets(conn: Connection, account_id: str) -> list[Secret]:
    """An account's secrets, newest first, retired ones too."""
    account(conn, account_id)
    query = select(secrets).where(secrets.c.account_id == account_id)
    rows: Sequence[Row[Any]] = conn.execute(
        query.order_by(secrets.c.created_at.desc(), secrets.c.retires_at.is_not(None)).limit(MOST_SECRETS)
    ).all()
    return [Secret(row.id, row.value, row.created_at, row.retires_at) for row in rows]


def add_secret(conn: Connection, account_id: str, secret: Secret, retire_others_at: int) -> None:
    """A new secret; the one in use until now goes on signing until it retires, older ones stop."""
    account(conn, account_id)
    mine = secrets.c.account_id == account_id
    conn.execute(
        update(secrets)
        .where(mine, secrets.c.retires_at > secret.created_at)
        .values(retires_at=secret.created_at)
    )
    conn.execute(
        update(secrets).where(mine, secrets.c.retires_at.is_(None)).values(retires_at=retire_others_at)
    )
    conn.execute(
        insert(secrets).values(
            id=secret.id, account_id=account_id, value=secret.value, created_at=secret.created_at
        )
    )
