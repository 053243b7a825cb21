"""The only module that checks the compliance archive: that the chain holds, and that every file is what it was."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Final

from telefonie.core.chain import ENTRY, Content, Link, broken, link, shelf
from telefonie.engine.media import Blobs
from telefonie.store import archive
from telefonie.store.archive import Archived
from telefonie.store.connect import Store

_SHELF: Final = "/archive/"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an account's chain. `fault`: the first thing that is wrong."""

    account_id: str
    entries: int
    unfinished: int = 0
    fault: str = ""


async def verify(blobs: Blobs, store: Store | None) -> list[Verdict]:
    """Every account's chain. Without a store it is not noticed when the last entries are missing."""
    if store is None:
        every = {key.partition("/")[0] async for key, _ in blobs.keys("") if _SHELF in key}
        return [await _by_files(blobs, each) for each in sorted(every)]
    return [await _by_rows(blobs, store, each) for each in await store.read(archive.accounts)]


async def _by_files(blobs: Blobs, account_id: str) -> Verdict:
    found: list[tuple[Link, str | None]] = []
    keys = sorted([key async for key, _ in blobs.keys(shelf(account_id)) if key.endswith("/" + ENTRY)])
    for key in keys:
        try:
            found.append(link((await _whole(blobs, key)).decode()))
        except ValueError:
            return Verdict(account_id, len(keys), fault=f"{key}: it is no entry")
    return await _checked(blobs, account_id, found, ())


async def _by_rows(blobs: Blobs, store: Store, account_id: str) -> Verdict:
    """What the store says, and whether the files say the same."""
    rows = await store.read(partial(archive.chain, account_id=account_id))
    found: list[tuple[Link, str | None]] = [(each.link, digest) for each, digest in rows]
    unfinished = [each.link.sequence for each, _ in rows if not each.sealed]
    verdict = await _checked(blobs, account_id, found, unfinished)
    for each, _ in rows:
        if verdict.fault:
            break
        verdict = await _told(blobs, verdict, each)
    return verdict


async def _told(blobs: Blobs, verdict: Verdict, each: Archived) -> Verdict:
    key = each.link.folder + ENTRY
    if not each.sealed or await _whole(blobs, key) == each.link.file.encode():
        return verdict
    return Verdict(verdict.account_id, verdict.entries, fault=f"{key}: it is not what the store says")


async def _checked(
    blobs: Blobs, account_id: str, found: list[tuple[Link, str | None]], unfinished: Collection[int]
) -> Verdict:
    wrong = broken(found)
    for place, (each, _) in enumerate(found):
        if wrong is not None and wrong[0] == place:
            return Verdict(account_id, len(found), fault=f"{each.folder}: {wrong[1]}")
        if each.sequence in unfinished:
            continue
        for name, content in each.files.items():
            if await _content(blobs, each.folder + name) != content:
                fault = f"{each.folder}{name}: it is missing, or not what was archived"
                return Verdict(account_id, len(found), fault=fault)
    return Verdict(account_id, len(found), len(unfinished))


async def _content(blobs: Blobs, key: str) -> Content | None:
    blob = await blobs.find(key)
    if blob is None:
        return None
    total = sha256()
    async for piece in blobs.read(key, 0, blob.size):
        total.update(piece)
    return Content(total.hexdigest(), blob.size)


async def _whole(blobs: Blobs, key: str) -> bytes:
    blob = await blobs.find(key)
    if blob is None:
        return b""
    return b"".join([piece async for piece in blobs.read(key, 0, blob.size)])
