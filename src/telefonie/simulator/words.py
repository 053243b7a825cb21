"""The only module that knows the simulator's words for what the rules name; every map is total."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeVar

from telefonie.core.call import Status, Trigger
from telefonie.core.events import Kind
from telefonie.core.phones import Detection, Outcome


class StatusWord(StrEnum):
    """Where a call is in its life, as customers of any face know it."""

    QUEUED = "queued"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    FAILED = "failed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"


class OutcomeWord(StrEnum):
    """What comes of ringing a phone."""

    HUMAN = "human"
    MACHINE = "machine"
    FAX = "fax"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    REJECTED = "rejected"
    UNAVAILABLE = "unavailable"
    FAILED = "failed"


class EntryWord(StrEnum):
    """What kind of thing an entry of the timeline tells."""

    STATUS = "status"
    CLOSED = "closed"
    DETECTED = "detected"
    BEEPED = "beeped"
    CONSENTED = "consented"
    PRESSED = "pressed"
    REDIRECTED = "redirected"
    IGNORED_FIELDS = "ignored_fields"
    STEPPED = "stepped"
    FETCHED = "fetched"
    WARNED = "warned"
    UNUSABLE = "unusable"
    SAID = "said"
    OVERHEARD = "overheard"
    HUSHED = "hushed"
    HEARD = "heard"
    MISSED = "missed"
    PLAYED = "played"
    GATHERED = "gathered"
    RECORDED = "recorded"
    DIALED = "dialed"
    CONNECTED = "connected"
    PARTED = "parted"
    JOINED = "joined"
    LEFT = "left"
    MUTED = "muted"
    UNMUTED = "unmuted"
    DEAFENED = "deafened"
    UNDEAFENED = "undeafened"
    HELD = "held"
    UNHELD = "unheld"
    DISCONNECTED = "disconnected"
    STREAMED = "streamed"
    DID = "did"


class PlanWord(StrEnum):
    """What is planned for a call."""

    RING = "ring"
    ANSWER = "answer"
    BUSY = "busy"
    REJECT = "reject"
    FAIL = "fail"
    RING_TIMEOUT = "ring_timeout"
    CANCEL = "cancel"
    HANGUP = "hangup"
    UNAVAILABLE = "unavailable"
    DETECT = "detect"
    BEEP = "beep"
    REDIRECT = "redirect"
    TIME_LIMIT = "time_limit"


class DetectionWord(StrEnum):
    """How long answering-machine detection listens."""

    ENABLE = "enable"
    DETECT_MESSAGE_END = "detect_message_end"


Word = TypeVar("Word", bound=StrEnum)
Name = TypeVar("Name", bound=StrEnum)


def _back(words: Mapping[Name, Word]) -> Mapping[Word, Name]:
    return MappingProxyType({word: name for name, word in words.items()})


STATUS: Final[Mapping[Status, StatusWord]] = {
    Status.QUEUED: StatusWord.QUEUED,
    Status.RINGING: StatusWord.RINGING,
    Status.TALKING: StatusWord.IN_PROGRESS,
    Status.COMPLETED: StatusWord.COMPLETED,
    Status.FAILED: StatusWord.FAILED,
    Status.BUSY: StatusWord.BUSY,
    Status.UNANSWERED: StatusWord.NO_ANSWER,
    Status.CANCELED: StatusWord.CANCELED,
}
STATUS_OF: Final = _back(STATUS)

OUTCOME: Final[Mapping[Outcome, OutcomeWord]] = {
    Outcome.HUMAN: OutcomeWord.HUMAN,
    Outcome.MACHINE: OutcomeWord.MACHINE,
    Outcome.FAX: OutcomeWord.FAX,
    Outcome.BUSY: OutcomeWord.BUSY,
    Outcome.NO_ANSWER: OutcomeWord.NO_ANSWER,
    Outcome.REJECTED: OutcomeWord.REJECTED,
    Outcome.UNAVAILABLE: OutcomeWord.UNAVAILABLE,
    Outcome.FAILED: OutcomeWord.FAILED,
}
OUTCOME_OF: Final = _back(OUTCOME)

ENTRY: Final[Mapping[Kind, EntryWord]] = {
    Kind.PLACED: EntryWord.STATUS,
    Kind.RANG: EntryWord.STATUS,
    Kind.ANSWERED: EntryWord.STATUS,
    Kind.ENDED: EntryWord.STATUS,
    Kind.CLOSED: EntryWord.CLOSED,
    Kind.DETECTED: EntryWord.DETECTED,
    Kind.BEEPED: EntryWord.BEEPED,
    Kind.CONSENTED: EntryWord.CONSENTED,
    Kind.KEYS_SENT: EntryWord.PRESSED,
    Kind.REDIRECTED: EntryWord.REDIRECTED,
    Kind.FIELDS_IGNORED: EntryWord.IGNORED_FIELDS,
    Kind.PRESSED: EntryWord.PRESSED,
    Kind.STEPPED: EntryWord.STEPPED,
    Kind.FETCHED: EntryWord.FETCHED,
    Kind.WARNED: EntryWord.WARNED,
    Kind.UNUSABLE: EntryWord.UNUSABLE,
    Kind.SAID: EntryWord.SAID,
    Kind.OVERHEARD: EntryWord.OVERHEARD,
    Kind.HUSHED: EntryWord.HUSHED,
    Kind.HEARD: EntryWord.HEARD,
    Kind.MISSED: EntryWord.MISSED,
    Kind.PLAYED: EntryWord.PLAYED,
    Kind.GATHERED: EntryWord.GATHERED,
    Kind.RECORDED: EntryWord.RECORDED,
    Kind.DIALED: EntryWord.DIALED,
    Kind.CONNECTED: EntryWord.CONNECTED,
    Kind.PARTED: EntryWord.PARTED,
    Kind.JOINED: EntryWord.JOINED,
    Kind.LEFT: EntryWord.LEFT,
    Kind.MUTED: EntryWord.MUTED,
    Kind.UNMUTED: EntryWord.UNMUTED,
    Kind.DEAFENED: EntryWord.DEAFENED,
    Kind.UNDEAFENED: EntryWord.UNDEAFENED,
    Kind.HELD: EntryWord.HELD,
    Kind.UNHELD: EntryWord.UNHELD,
    Kind.DISCONNECTED: EntryWord.DISCONNECTED,
    Kind.STREAMED: EntryWord.STREAMED,
    Kind.DID: EntryWord.DID,
}

PLAN: Final[Mapping[Trigger, PlanWord]] = {
    Trigger.RING: PlanWord.RING,
    Trigger.ANSWER: PlanWord.ANSWER,
    Trigger.FIND_BUSY: PlanWord.BUSY,
    Trigger.FIND_NOBODY: PlanWord.UNAVAILABLE,
    Trigger.DECLINE: PlanWord.REJECT,
    Trigger.FAIL: PlanWord.FAIL,
    Trigger.GIVE_UP: PlanWord.RING_TIMEOUT,
    Trigger.CANCEL: PlanWord.CANCEL,
    Trigger.HANG_UP: PlanWord.HANGUP,
    Trigger.LEAVE: PlanWord.HANGUP,
    Trigger.DETECT: PlanWord.DETECT,
    Trigger.BEEP: PlanWord.BEEP,
    Trigger.REDIRECT: PlanWord.REDIRECT,
    Trigger.EXPIRE: PlanWord.TIME_LIMIT,
    Trigger.ABANDON: PlanWord.HANGUP,
    Trigger.BREAK_OFF: PlanWord.HANGUP,
    Trigger.DISCONNECT: PlanWord.HANGUP,
}

DETECTION: Final[Mapping[Detection, DetectionWord]] = {
    Detection.FIRST_VERDICT: DetectionWord.ENABLE,
    Detection.GREETING_END: DetectionWord.DETECT_MESSAGE_END,
}
