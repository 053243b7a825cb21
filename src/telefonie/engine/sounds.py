"""The only module that keeps the files that were played, so that recordings can be made of what was heard."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import Final

from telefonie.engine.media import Blobs, Unkept

# What has no header is told by its name alone; where there is a header, that says what it is.
_ENDINGS: Final = {
    **dict.fromkeys(("audio/gsm", "audio/x-gsm"), ".gsm"),
    **dict.fromkeys(("audio/basic", "audio/ulaw", "audio/x-ulaw", "audio/x-mulaw", "audio/pcmu"), ".ulaw"),
}


class Sounds:
    """Keeps each file once an account, under a key that says what is in it."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    async def keep(self, account_id: str, path: Path, content_type: str) -> str:
        """Its key; the file is gone afterwards. Raises Unkept."""
        ending = _ENDINGS.get(content_type.partition(";")[0].strip().lower(), "")
        try:
            key = f"{account_id}/sounds/{await asyncio.to_thread(_sum, path)}{ending}"
        except OSError as error:
            raise Unkept(f"The file cannot be read: {error.strerror}.") from error
        # Anew even if it is there: what has not been played for long is removed.
        await self._blobs.put(key, path)
        return key


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
