"""The only module that reads what recordings are composed of: calls with those of their facts that can be heard."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, or_, select

from telefonie.core.composing import HEARD, Journal
from telefonie.core.events import Actor, Event, Kind
from telefonie.store import codec
from telefonie.store.tables import calls, events

_SHOWN: Final = [each for each in calls.c if each.name not in ("flow", "documents")]
_KINDS: Final = sorted(each.value for each in HEARD)


def journals(conn: Connection, account_id: str, ids: Collection[str], until: int) -> dict[str, Journal]:
    """What happened to these calls up to a moment, by their ids; those that are gone are not among them."""
    mine = select(*_SHOWN).where(calls.c.account_id == account_id, calls.c.id.in_(ids))
    found = {row.id: codec.load_call(row) for row in conn.execute(mine)}
    happened: dict[str, list[Event]] = {each: [] for each in found}
    theirs = select(events).where(
        events.c.subject.in_(list(found)),
        events.c.kind.in_(_KINDS),
        # What a program says is written down when it has been heard.
        or_(events.c.at <= until, events.c.kind == Kind.PLAYED.value),
    )
    for row in conn.execute(theirs.order_by(events.c.subject, events.c.ordinal)):
        data = codec.load(row.data)
        happened[row.subject].append(Event(row.ordinal, row.at, Kind(row.kind), Actor(row.actor), data))
    return {each: Journal(found[each], happened[each]) for each in found}
