"""The only module that names what has happened to a call: facts, in the past tense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What happened."""

    PLACED = "placed"
    RANG = "rang"
    ANSWERED = "answered"
    ENDED = "ended"
    DETECTED = "detected"
    KEYS_SENT = "keys_sent"
    REDIRECTED = "redirected"
    FIELDS_IGNORED = "fields_ignored"


class Actor(StrEnum):
    """Who made it happen."""

    PLATFORM = "platform"
    FAR_END = "far_end"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Event:
    """One fact of a call's journal; `ordinal` counts from 0 within the call."""

    ordinal: int
    at: int
    kind: Kind
    actor: Actor
    data: Mapping[str, object] = field(default_factory=dict)
