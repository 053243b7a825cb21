"""The only module that puts letters into a postman's hand: held for a while, so that a dead one's come up again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)

from telefonie.store.connect import among, for_change, listed
from telefonie.store.jobs import Crew, State
from telefonie.store.tables import jobs

LEASE_MS: Final = 30_000  # longer than any postman may take, or letters go out twice
LOOKED_AT: Final = 512  # due letters among which a claim chooses
ONE_GATES_SHARE: Final = 32  # of one claim, so that no customer's backlog takes all hands at once
_LETTERS: Final = (jobs.c.crew == Crew.POSTMEN.value, jobs.c.state == State.OPEN.value)


@dataclass(frozen=True, slots=True)
class Held:
    """A letter that a postman has in hand."""

    id: str
    account_id: str
    call_id: str
    gate: str
    attempts: int
    body: str
    number: int
    until: int  # by this its holder is known when he reports


def claim_letters(
    conn: Connection,
    wall: int,
    most: int,
    busy: Sequence[str] = (),
    slow: Sequence[str] = (),
    lease_ms: int = LEASE_MS,
) -> list[Held]:
    """Letters whose time has come: none to busy gates, one at a time to slow ones, a share to all others."""
    dialect = conn.dialect.name
    given = {"wall": wall, "most": most, "until": wall + lease_ms}
    gates = {"busy": listed(dialect, busy), "slow": listed(dialect, slow)}
    return _held(conn.execute(_claim(dialect), given | gates).all())


def claim_letters_of(
    conn: Connection, account_id: str, now: int, wall: int, most: int, lease_ms: int = LEASE_MS
) -> list[Held]:
    """The same for one account whose clock stands, by its own time."""
    given = {"whose": account_id, "now": now, "wall": wall, "most": most, "until": wall + lease_ms}
    return _held(conn.execute(_CLAIM_OF, given).all())


@lru_cache
def _claim(dialect: str) -> Any:
    due = for_change(
        select(jobs.c.id, jobs.c.gate, jobs.c.run_at, jobs.c.number)
        .where(*_LETTERS, jobs.c.run_at <= bindparam("wall"), ~among(dialect, jobs.c.gate, "busy"))
        .order_by(jobs.c.run_at)
        .limit(LOOKED_AT),
        skip=True,
    ).subquery("due")
    place = func.row_number().over(partition_by=due.c.gate, order_by=(due.c.run_at, due.c.number))
    share = case((among(dialect, due.c.gate, "slow"), 1), else_=ONE_GATES_SHARE)
    placed = select(due.c.id, due.c.run_at, place.label("place"), share.label("share")).subquery("placed")
    chosen = select(placed.c.id).where(placed.c.place <= placed.c.share)
    return _hold(jobs.c.id.in_(chosen.order_by(placed.c.run_at).limit(bindparam("most"))))


def _hold(chosen: ColumnElement[bool]) -> Any:
    # While it is held it is not due: it comes up again by itself when the lease runs out.
    until = bindparam("until", type_=BigInteger)
    held = {"held_until": until, "run_at": case((jobs.c.run_at.is_not(None), until), else_=None)}
    shown = (jobs.c.id, jobs.c.account_id, jobs.c.subject, jobs.c.gate, jobs.c.attempts, jobs.c.body)
    return update(jobs).where(chosen).values(held).returning(*shown, jobs.c.number, jobs.c.held_until)


def _of_one_account() -> Select[Any]:
    free = or_(jobs.c.held_until.is_(None), jobs.c.held_until <= bindparam("wall"))
    due = select(jobs.c.id).where(
        *_LETTERS, jobs.c.account_id == bindparam("whose"), jobs.c.due_at <= bindparam("now"), free
    )
    return for_change(due.order_by(jobs.c.number).limit(bindparam("most")), skip=True)


_CLAIM_OF: Final = _hold(jobs.c.id.in_(_of_one_account().scalar_subquery()))


def _held(rows: Sequence[Row[Any]]) -> list[Held]:
    found = [
        Held(
            row.id,
            row.account_id,
            row.subject,
            row.gate,
            row.attempts,
            row.body,
            row.number,
            row.held_until,
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: each.number)
