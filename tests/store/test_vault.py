"""One secret for a store, whoever asks first."""

from __future__ import annotations

import asyncio
from functools import partial

from telefonie.engine.doorman import Doorman, Seal
from telefonie.store import vault
from telefonie.store.connect import Store


async def test_the_first_secret_is_the_one(store: Store) -> None:
    assert await store.read(partial(vault.find, name="media")) is None
    asked = [store.write(partial(vault.secret, name="media", fresh=f"fresh-{n}")) for n in range(8)]
    found = set(await asyncio.gather(*asked))
    assert len(found) == 1
    assert await store.read(partial(vault.find, name="media")) in found
    assert await store.write(partial(vault.secret, name="other", fresh="of another name")) not in found


async def test_every_process_that_starts_learns_the_same_secret(store: Store) -> None:
    doormen = [Doorman(store, Seal(f"fresh-{n}")) for n in range(4)]
    await asyncio.gather(*(each.start() for each in doormen))
    assert len({each.seal.key for each in doormen}) == 1


async def test_nobody_owns_a_recording_that_is_not_there(store: Store) -> None:
    assert await Doorman(store, Seal()).owner("0190b1c2-0000-7000-8000-000000000001") is None
