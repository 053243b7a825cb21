"""The only module through which the audit trail is written and read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

from telefonie.store import audits, people
from telefonie.store.audits import AuditQuery, Entry, Note
from telefonie.store.connect import Connection, Store


class Audit:
    """Who did what. A note is durable once `note` returns; those of one moment share a transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[Note, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def note(
        self,
        account_id: str,
        actor: str,
        action: str,
        kind: str,
        subject: str,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Take down that `actor` (a key's id, `admin`, `signature`, `retention`) did this to that."""
        noted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((Note(account_id, actor, action, kind, subject, data or {}), noted))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        await noted

    async def page(self, account_id: str, query: AuditQuery) -> tuple[list[Entry], int]:
        """A page of an account's trail, and how many entries match."""

        def look(conn: Connection) -> tuple[list[Entry], int]:
            people.account(conn, account_id)
            return audits.page(conn, account_id, query)

        return await self._store.read(look)

    async def _write(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting, []
            fault: Exception | None = None
            try:
                await self._store.write(partial(audits.add, notes=[note for note, _ in taken]))
            except Exception as failed:  # noqa: BLE001 - told to everybody who waits for it
                fault = failed
            for _, noted in taken:
                if noted.done():
                    continue
                if fault is None:
                    noted.set_result(None)
                else:
                    noted.set_exception(fault)
        self._writing = None
