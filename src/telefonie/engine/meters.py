"""The only module that counts what the engine does, for whoever wants to show it."""

from __future__ import annotations


class Meters:
    """Does nothing by itself; the app hands in one that keeps the figures."""

    def batch(self, size: int) -> None:
        """So many decisions shared a commit."""

    def attempt(self, outcome: str, seconds: float) -> None:
        """A letter was tried; it took so long."""
