"""The only module that brings a store to this version's schema without serving from it."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

from telefonie.cli.greeting import place
from telefonie.cli.logs import log_to_stderr
from telefonie.cli.refusal import Refusal, reason_of
from telefonie.cli.serve import print_now, with_folder
from telefonie.settings import Settings
from telefonie.store import schema
from telefonie.store.opening import open_store
from telefonie.web.logs import Masker


def migrate(settings: Settings) -> int:
    """Upgrade and say where the store is now; the exit code."""
    log_to_stderr(settings)
    with ExitStack() as stack:
        settings = with_folder(settings, stack)
        try:
            before, after = asyncio.run(_upgrade(settings))
        except Exception as error:  # whatever a driver says, a person has to be told which store is meant
            reason = Masker(settings.secrets)(reason_of(error))
            raise Refusal(f"The store at {place(settings)} cannot be migrated: {reason}") from error
    was = "new" if before.revision is None else f"at {before.revision}"
    print_now(f"The store at {place(settings)} was {was} and is at {after.revision}.")
    return 0


async def _upgrade(settings: Settings) -> tuple[schema.Schema, schema.Schema]:
    # Past the pooler, where there is one: a migration holds its lock for the length of a transaction.
    store = open_store(settings.listen_url or settings.database_url or settings.data)
    await store.start()
    try:
        before = await store.read(schema.read)
        return before, await store.write(schema.upgrade)
    finally:
        await store.stop()
