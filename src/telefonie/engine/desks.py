"""The only module that makes room for files in the making: a desk of one's own, cleared away afterwards."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import time
from typing import Final

from telefonie.engine.media import Unkept

_DESK: Final = "telefonie-render-"


@asynccontextmanager
async def desk(workroom: Path) -> AsyncIterator[Path]:
    """A folder of one's own, gone afterwards."""
    try:
        found = await asyncio.to_thread(_cleared, workroom)
    except OSError as error:
        raise Unkept(f"No file can be written here: {error.strerror}.") from error
    try:
        yield found
    finally:
        await asyncio.to_thread(shutil.rmtree, found, ignore_errors=True)


def _cleared(workroom: Path) -> Path:
    workroom.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=_DESK, dir=workroom))


def clear(workroom: Path, before: float) -> list[Path]:
    """Remove the desks that nobody has written at since."""
    found = [each for each in workroom.glob(f"{_DESK}*") if _touched(each) < before]
    for each in found:
        shutil.rmtree(each, ignore_errors=True)
    return found


def _touched(place: Path) -> float:
    """When something was last written there; a desk that is cleared away meanwhile is none of ours."""
    try:
        return max(each.stat().st_mtime for each in (place, *place.iterdir()))
    except FileNotFoundError:
        return time()
