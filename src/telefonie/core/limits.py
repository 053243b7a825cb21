"""The only module that says what an account may do so and so often in a second."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from telefonie.core.accounts import Settings

SECOND_MS: Final = 1_000


class Kind(StrEnum):
    """What is counted: calls that are made, over the API or by a document, and all other requests."""

    CREATION = "creation"
    REQUEST = "request"


def most(settings: Settings, kind: Kind) -> int | None:
    """How many of a kind there may be in a second; None: any number."""
    return settings.creations_per_second if kind is Kind.CREATION else settings.requests_per_second
