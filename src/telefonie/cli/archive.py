"""The only module that checks the compliance archive on the command line. It changes nothing."""

from __future__ import annotations

import asyncio

from telefonie.cli.greeting import place
from telefonie.cli.logs import log_to_stderr
from telefonie.cli.refusal import Refusal, reason_of
from telefonie.cli.serve import print_now
from telefonie.engine.verification import Verdict, verify
from telefonie.media import place_of
from telefonie.settings import Settings
from telefonie.store import schema
from telefonie.store.opening import open_store
from telefonie.web.logs import Masker


def check(settings: Settings, *, files_only: bool) -> int:
    """Say of every account whether its chain holds; the exit code. `files_only`: without asking a store."""
    log_to_stderr(settings)
    try:
        verdicts = asyncio.run(_verify(settings, files_only=files_only))
    except Refusal:
        raise
    except Exception as error:  # whatever a driver says, a person has to be told what is meant
        reason = Masker(settings.secrets)(reason_of(error))
        raise Refusal(f"The archive at {settings.media_place} cannot be verified: {reason}") from error
    for each in verdicts:
        print_now(_told(each))
    if not verdicts:
        print_now(f"Nothing has been archived at {settings.media_place}.")
    return 1 if any(each.fault for each in verdicts) else 0


def _told(it: Verdict) -> str:
    count = f"{it.entries} {'entry' if it.entries == 1 else 'entries'}"
    if it.fault:
        return f"account {it.account_id}: BROKEN at {it.fault}"
    still = f", {it.unfinished} still being written" if it.unfinished else ""
    return f"account {it.account_id}: {count}, all as archived{still}"


async def _verify(settings: Settings, *, files_only: bool) -> list[Verdict]:
    blobs = place_of(settings.media_place, settings.region, settings.media_endpoint)
    try:
        if files_only:
            return await verify(blobs, None)
        if settings.database_url is None and not settings.data.is_dir():
            raise Refusal(f"There is no store at {place(settings)}.")
        store = open_store(settings.database_url or settings.data, pooled=settings.pooled)
        await store.start()
        try:
            present = await store.read(schema.read)
            if not present.fits:
                raise Refusal(str(schema.Unfitting(present)))
            return await verify(blobs, store)
        finally:
            await store.stop()
    finally:
        await blobs.close()
