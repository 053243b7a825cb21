"""The only door through which a single recording is kept longer or shorter than others, or held for a court."""

from __future__ import annotations

from enum import Enum
from functools import partial
from typing import Final

from telefonie.core.errors import Unknown
from telefonie.store import audits, clocks, keeping
from telefonie.store.audits import Note
from telefonie.store.connect import Connection, Store
from telefonie.store.keeping import Keeping


class _Same(Enum):
    """Not mentioned, so that it stays as it is; None is a value here."""

    SAME = 0


SAME: Final = _Same.SAME


class Keepings:
    """What the operator says about single recordings."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def one(self, account_id: str, recording_id: str) -> Keeping:
        """How long a recording is kept."""
        return await self._store.read(
            partial(keeping.keeping, account_id=account_id, recording_id=recording_id)
        )

    async def set(
        self,
        account_id: str,
        recording_id: str,
        *,
        until: int | _Same | None = SAME,
        held: bool | _Same = SAME,
        actor: str = "admin",
    ) -> Keeping:
        """Keep it until then (None: as the account keeps them); hold it, or let it go."""
        changes: dict[str, object] = {}
        if until is not SAME:
            changes["keep_until"] = until
        if held is not SAME:
            changes["held"] = int(held)

        def change(conn: Connection) -> Keeping:
            # Whoever removes anything of the account has its clock, too: now he is done, or has not begun.
            if clocks.lock_one(conn, account_id) is None:
                raise Unknown("account", account_id)
            before = keeping.keeping(conn, account_id, recording_id)
            after = keeping.keep(conn, account_id, recording_id, changes)
            notes = [
                Note(account_id, actor, action, "recording", recording_id, data)
                for action, data in _done(before, after)
            ]
            audits.add(conn, notes)
            return after

        return await self._store.write(change)


def _done(before: Keeping, after: Keeping) -> list[tuple[str, dict[str, object]]]:
    done: list[tuple[str, dict[str, object]]] = []
    if after.held != before.held:
        done.append(("hold" if after.held else "release", {}))
    if after.until != before.until:
        done.append(("keep", {"until": after.until}))
    return done
