"""The only module that keeps answers to be given again, each for a day of its account's time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, delete, select, tuple_

from telefonie.store.bulk import Bulk
from telefonie.store.codec import dump, load
from telefonie.store.connect import among, listed
from telefonie.store.tables import clocks, replies

DAY_MS: Final = 86_400_000
BITE: Final = 1_000  # answers that are forgotten in one transaction


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was given to a request with a key."""

    fingerprint: str
    expires_at: int
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


# A plain insert: when another process keeps an answer under the same key, this batch fails and is
# decided anew, one by one, and then finds that answer.
_NAMES: Final = ("account_id", "key", "fingerprint", "expires_at", "status", "headers", "body")
_PUT: Final = Bulk(lambda _: replies.insert().values({name: bindparam(name) for name in _NAMES}))
_DROP: Final = Bulk(
    lambda _: delete(replies).where(
        replies.c.account_id == bindparam("b_account_id"), replies.c.key == bindparam("b_key")
    )
)


@lru_cache
def _by_pairs(dialect: str) -> Select[Any]:
    return select(replies).where(
        among(dialect, replies.c.account_id, "accounts"), among(dialect, replies.c.key, "keys")
    )


def find(conn: Connection, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Kept]:
    """The answers kept under these (account, key) pairs."""
    dialect = conn.dialect.name
    given = {
        "accounts": listed(dialect, sorted({account_id for account_id, _ in wanted})),
        "keys": listed(dialect, sorted({key for _, key in wanted})),
    }
    found = {}
    for row in conn.execute(_by_pairs(dialect), given):
        headers = tuple((name, value) for name, value in load(row.headers))
        found[row.account_id, row.key] = Kept(row.fingerprint, row.expires_at, row.status, headers, row.body)
    return found


def keep(conn: Connection, fresh: Mapping[tuple[str, str], Kept], over: Iterable[tuple[str, str]]) -> None:
    """Keep answers beside what they tell of; `over` are old ones in their place."""
    _DROP.run(conn, [{"b_account_id": account_id, "b_key": key} for account_id, key in sorted(over)])
    _PUT.run(
        conn,
        [
            {
                "account_id": account_id,
                "key": key,
                "fingerprint": each.fingerprint,
                "expires_at": each.expires_at,
                "status": each.status,
                "headers": dump(each.headers),
                "body": each.body,
            }
            for (account_id, key), each in sorted(fresh.items())
        ],
    )


def sweep(conn: Connection, wall: int) -> int:
    """Forget answers whose day is over, at most a bite of them; how many."""
    # A standing clock stands at `at`; a running one is there plus what has passed since.
    passed = clocks.c.at
    running = clocks.c.at + (wall - clocks.c.wall) * clocks.c.speed
    over = select(replies.c.account_id, replies.c.key).join(
        clocks, clocks.c.account_id == replies.c.account_id
    )
    stale = over.where(
        ((clocks.c.mode == "realtime") & (replies.c.expires_at <= running))
        | ((clocks.c.mode != "realtime") & (replies.c.expires_at <= passed))
    )
    key = tuple_(replies.c.account_id, replies.c.key)
    return conn.execute(delete(replies).where(key.in_(stale.limit(BITE)))).rowcount
