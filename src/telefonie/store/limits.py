"""The only module that counts what accounts with limits do, for all processes together."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, case

from telefonie.core.accounts import Account
from telefonie.core.limits import SECOND_MS, Kind, most
from telefonie.store.connect import upsert
from telefonie.store.tables import limits


@lru_cache
def _counted(dialect: str) -> Any:
    """One more. A second begins with the first that is counted in it, so each account has one row of a kind for ever."""
    new = upsert(dialect, limits).values(
        account_id=bindparam("account_id"), kind=bindparam("kind"), since=bindparam("since"), n=1
    )
    begun, now = limits.c.since, new.excluded.since
    # A wall clock that was set back begins a new second, too.
    over = (begun <= now - SECOND_MS) | (begun > now)
    return new.on_conflict_do_update(
        index_elements=["account_id", "kind"],
        set_={"since": case((over, now), else_=begun), "n": case((over, 1), else_=limits.c.n + 1)},
    ).returning(limits.c.since, limits.c.n)


def take(conn: Connection, account: Account, kind: Kind, now: int) -> int:
    """Count one more at this moment of the wall; in how many milliseconds it would be allowed, 0: now."""
    allowed = most(account.settings, kind)
    if allowed is None:
        return 0
    given = {"account_id": account.id, "kind": kind.value, "since": now}
    row = conn.execute(_counted(conn.dialect.name), given).one()
    return 0 if row.n <= allowed else int(row.since) + SECOND_MS - now
