"""The only module that lets the processes of one server share their figures, so that each can show all."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Final

from telefonie.web.figures import Figures

EVERY_SECONDS: Final = 2.0


class Peers:
    """A folder with one file a process. Files stay when their process is gone: its figures were true."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._mine = folder / f"{name}.json"

    def publish(self, figures: Figures) -> None:
        """Let the others see our figures, whole or not at all."""
        draft = self._mine.with_suffix(".draft")
        draft.write_text(json.dumps(figures.snapshot()), "utf-8")
        draft.replace(self._mine)

    def together(self, figures: Figures) -> Figures:
        """Ours as they are, and the others' as they last published them."""
        whole = Figures()
        whole.merge(figures.snapshot())
        for path in self._folder.glob("*.json"):
            if path != self._mine:
                with suppress(OSError, ValueError):
                    whole.merge(json.loads(path.read_text("utf-8")))
        return whole

    async def keep_publishing(self, figures: Figures, stopped: asyncio.Event) -> None:
        """Until the server stops, and once more then."""
        while not stopped.is_set():
            await asyncio.to_thread(self.publish, figures)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopped.wait(), EVERY_SECONDS)
        self.publish(figures)
