"""The only module that erases what names a number, and keeps the receipts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, update

from telefonie.core.errors import Unknown
from telefonie.store import clocks, people, removing
from telefonie.store.codec import dump, load
from telefonie.store.connect import for_change, wall
from telefonie.store.naming import Named
from telefonie.store.tables import (
    attempts,
    audits,
    calls,
    jobs,
    meetings,
    phones,
    recordings,
    replies,
)
from telefonie.store.tables import erasures as table

BITE: Final = 100
IN_ITS_PLACE: Final = "erased"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an erasure came to. `digest`: by which the number can be recognized, but not found."""

    id: str
    wall: int
    counts: dict[str, int]
    retained: list[tuple[str, str]]  # recordings, and why
    digest: str


def erase_subjects(conn: Connection, account_id: str, found: Named, slot: int) -> Counter[str]:
    """A bite of the calls and rooms, with journals, letters and attempts. Nothing is counted when none is left."""
    clocks.lock_shared(conn, [account_id])
    count: Counter[str] = Counter()
    for rows_of, ids in ((calls, found.calls), (meetings, found.rooms)):
        some = [ids.pop() for _ in range(min(BITE, len(ids)))]
        ended = rows_of.c.ended_at if rows_of is calls else rows_of.c.over_at
        locked = select(rows_of).where(rows_of.c.id.in_(some), ended.is_not(None)).order_by(rows_of.c.id)
        rows = conn.execute(for_change(locked)).all()
        count += removing.remove(conn, rows_of, rows, slot)
        # Whoever waits for what comes of these waits for nothing.
        conn.execute(delete(jobs).where(jobs.c.subject.in_([row.id for row in rows])))
    return count


def erase_rest(conn: Connection, account_id: str, found: Named, digits: str) -> Counter[str]:
    """Recordings, letters without a call, answers kept for keys, phones; and the number in the audit trail."""
    clocks.lock_shared(conn, [account_id])
    for each in sorted(found.recordings):
        people.discard(conn, account_id, f"{account_id}/recordings/{each}.")
    letters = sorted(found.letters)
    conn.execute(delete(attempts).where(attempts.c.job_id.in_(letters)))
    unheld = (recordings.c.id.in_(sorted(found.recordings)), recordings.c.held == 0)
    gone = {
        "recordings": delete(recordings).where(*unheld),
        "deliveries": delete(jobs).where(jobs.c.id.in_(letters)),
        "replies": delete(replies).where(
            replies.c.account_id == account_id, replies.c.key.in_(sorted(found.replies))
        ),
        "phones": delete(phones).where(
            phones.c.account_id == account_id, phones.c.number.in_(sorted(found.phones))
        ),
    }
    count = Counter({name: conn.execute(each).rowcount for name, each in gone.items()})
    for row in conn.execute(select(audits).where(audits.c.number.in_(sorted(found.audits)))).all():
        said = {
            name: getattr(row, name).replace(digits, IN_ITS_PLACE) for name in ("data", "subject", "actor")
        }
        conn.execute(update(audits).where(audits.c.number == row.number).values(said))
        count["audit_entries"] += 1
    return count


def keep(conn: Connection, account_id: str, receipt: Receipt) -> Receipt:
    """A receipt, dated by the wall."""
    dated = Receipt(receipt.id, wall(conn), receipt.counts, receipt.retained, receipt.digest)
    body = {"counts": dated.counts, "retained": dated.retained, "digest": dated.digest}
    row = {"id": dated.id, "account_id": account_id, "wall": dated.wall, "receipt": dump(body)}
    conn.execute(insert(table).values(row))
    return dated


def one(conn: Connection, account_id: str, erasure_id: str) -> Receipt:
    """One receipt."""
    mine = (table.c.id == erasure_id, table.c.account_id == account_id)
    row = conn.execute(select(table).where(*mine)).one_or_none()
    if row is None:
        raise Unknown("erasure", erasure_id)
    return _receipt(row)


def page(conn: Connection, account_id: str, number: int, size: int) -> tuple[list[Receipt], int]:
    """Receipts, newest first, and how many there are."""
    people.account(conn, account_id)
    mine = table.c.account_id == account_id
    total = conn.execute(select(func.count()).select_from(table).where(mine)).scalar_one()
    chosen = select(table).where(mine).order_by(table.c.wall.desc(), table.c.id.desc())
    rows = conn.execute(chosen.limit(size).offset((number - 1) * size))
    return [_receipt(row) for row in rows], total


def _receipt(row: Any) -> Receipt:
    found = load(row.receipt)
    retained = [(recording, why) for recording, why in found["retained"]]
    return Receipt(row.id, row.wall, found["counts"], retained, found["digest"])
