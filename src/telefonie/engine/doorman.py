"""The only module that knows what opens media to people without a key: the secret that signs, whose it is, the time.

Whoever signs in front of the engine gets the secret from here. It is one for the whole store, so that what one
process signed opens at every other; a new store takes the fresh one that was handed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from telefonie.core import clocks as rules
from telefonie.core.errors import Unknown
from telefonie.store import clocks, owners, vault
from telefonie.store.connect import Connection, Store, wall
from telefonie.store.owners import Owner

SIGNING: Final = "media"


@dataclass(slots=True)
class Seal:
    """The secret, known once the engine has started."""

    fresh: str = ""
    secret: bytes = b""

    @property
    def key(self) -> bytes:
        """What signs."""
        if not self.secret:
            raise RuntimeError("nothing can be signed before the engine has started")
        return self.secret


class Doorman:
    """Answers what must be known of media before anybody is let in."""

    def __init__(self, store: Store, seal: Seal) -> None:
        self._store = store
        self.seal = seal

    async def start(self) -> None:
        """Learn the secret, or bring the fresh one."""
        known = await self._store.read(partial(vault.find, name=SIGNING))
        if known is None and self.seal.fresh:
            known = await self._store.write(partial(vault.secret, name=SIGNING, fresh=self.seal.fresh))
        self.seal.secret = (known or "").encode()

    async def now(self, account_id: str) -> int:
        """What time it is for an account."""
        return await self._store.read(partial(_now, account_id=account_id))

    async def owner(self, recording_id: str) -> tuple[Owner, int] | None:
        """Whose recording that is, and what time it is for them."""

        def both(conn: Connection) -> tuple[Owner, int] | None:
            owner = owners.of_recording(conn, recording_id)
            return None if owner is None else (owner, _now(conn, owner.account.id))

        return await self._store.read(both)


def _now(conn: Connection, account_id: str) -> int:
    row = clocks.peek(conn, account_id)
    if row is None:
        raise Unknown("account", account_id)
    return rules.now(clocks.clock_of(row), wall(conn))
