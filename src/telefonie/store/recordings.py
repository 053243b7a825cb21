"""The only module that keeps recordings: what is known of them, and what they consist of; never their sound."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from telefonie.core import recordings
from telefonie.core.recordings import Recording
from telefonie.core.score import Score, unpacked
from telefonie.store.bulk import Bulk
from telefonie.store.codec import dump
from telefonie.store.connect import upsert
from telefonie.store.tables import recordings as table

_SHOWN: Final = ("id", "account_id", "face", "call_id", "room_id", "status", "since", "until", "state")
_CHANGING: Final = ("status", "since", "until", "state")


def _keeping(dialect: str) -> Any:
    insert = upsert(dialect, table).values({name: bindparam(name) for name in _SHOWN})
    changed = {name: getattr(insert.excluded, name) for name in _CHANGING}
    return insert.on_conflict_do_update(index_elements=["id"], set_=changed)


_KEEP: Final = Bulk(_keeping)


def keep(conn: Connection, changed: Sequence[Recording]) -> None:
    """Recordings as they are now; whoever decides about one has locked the call or room that it is made of."""
    _KEEP.run(conn, [_row(each) for each in {each.id: each for each in changed}.values()])


def _row(it: Recording) -> dict[str, Any]:
    return {
        "id": it.id,
        "account_id": it.account_id,
        "face": it.face,
        "call_id": it.call_id,
        "room_id": it.room_id,
        "status": it.status.value,
        "since": it.since,
        "until": it.until,
        "state": dump(recordings.packed(it)),
    }


def score(conn: Connection, recording_id: str) -> Score | None:
    """What it consists of, once somebody wanted to know."""
    text = conn.execute(select(table.c.score).where(table.c.id == recording_id)).scalar_one_or_none()
    return unpacked(json.loads(text)) if text else None


def known(conn: Connection, ids: Collection[str]) -> frozenset[str]:
    """Of these recordings, those that are kept."""
    return frozenset(conn.execute(select(table.c.id).where(table.c.id.in_(ids))).scalars())
