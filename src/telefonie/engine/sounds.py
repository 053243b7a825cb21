"""The only module that keeps the files that were played, so that recordings can be made of what was heard."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

from telefonie.engine.media import Blobs, Unkept


class Sounds:
    """Keeps each file once an account, under a key that says what is in it."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    async def keep(self, account_id: str, path: Path) -> str:
        """Its key; the file is gone afterwards. Raises Unkept."""
        try:
            key = f"{account_id}/sounds/{await asyncio.to_thread(_sum, path)}"
        except OSError as error:
            raise Unkept(f"The file cannot be read: {error.strerror}.") from error
        # Anew even if it is there: what has not been played for long is removed.
        await self._blobs.put(key, path)
        return key


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
