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
    CLOSED = "closed"  # nothing more is to be said of a call that was not answered
    DETECTED = "detected"
    BEEPED = "beeped"  # the machine that answered did, or was not waited for any longer
    CONSENTED = "consented"  # whether the call may be recorded, and how that is known
    KEYS_SENT = "keys_sent"
    REDIRECTED = "redirected"
    FIELDS_IGNORED = "fields_ignored"
    STEPPED = "stepped"  # an instruction of the document begins
    FETCHED = "fetched"  # a document or a file was asked for, and what came of it
    WARNED = "warned"
    UNUSABLE = "unusable"  # what was asked for did not come, or is no document: why
    SAID = "said"  # by the document, or by the far end
    OVERHEARD = "overheard"  # said on the call that this one is connected with
    HUSHED = "hushed"  # what was said or played was cut short
    HEARD = "heard"  # the far end heard what it was waiting for
    MISSED = "missed"  # it heard something else
    PLAYED = "played"
    PRESSED = "pressed"
    GATHERED = "gathered"
    RECORDED = "recorded"
    DIALED = "dialed"
    CONNECTED = "connected"  # with another call
    PARTED = "parted"  # from it
    JOINED = "joined"  # a room or a queue
    LEFT = "left"
    MUTED = "muted"
    UNMUTED = "unmuted"
    DEAFENED = "deafened"  # other calls are not heard
    UNDEAFENED = "undeafened"
    HELD = "held"
    UNHELD = "unheld"
    DISCONNECTED = "disconnected"  # the program at the far end has gone, or was lost
    STREAMED = "streamed"  # audio to a socket began or stopped
    DID = "did"  # what came of an instruction that has no fact of its own


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
