"""The only module that holds the table of a call's states: what leads where, and why a call ends there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from telefonie.core.call import Cause, Status, Trigger

S, T = Status, Trigger
TABLE: Final[Mapping[Status, Mapping[Trigger, Status]]] = {
    S.QUEUED: {T.RING: S.RINGING, T.FAIL: S.FAILED, T.CANCEL: S.CANCELED, T.HANG_UP: S.CANCELED},
    S.RINGING: {
        T.ANSWER: S.TALKING,
        T.FIND_BUSY: S.BUSY,
        T.FIND_NOBODY: S.UNANSWERED,
        T.DECLINE: S.UNANSWERED,
        T.FAIL: S.FAILED,
        T.GIVE_UP: S.UNANSWERED,
        T.CANCEL: S.CANCELED,
        T.HANG_UP: S.CANCELED,
        T.ABANDON: S.CANCELED,
        T.BREAK_OFF: S.FAILED,
    },
    S.TALKING: {
        T.HANG_UP: S.COMPLETED,
        T.LEAVE: S.COMPLETED,
        T.EXPIRE: S.COMPLETED,
        T.DETECT: S.TALKING,
        T.BEEP: S.TALKING,
        T.REDIRECT: S.TALKING,
        T.BREAK_OFF: S.COMPLETED,
        T.DISCONNECT: S.COMPLETED,
    },
    S.COMPLETED: {},
    S.FAILED: {},
    S.BUSY: {},
    S.UNANSWERED: {},
    S.CANCELED: {},
}
ENDED: Final = frozenset(status for status, edges in TABLE.items() if not edges)
WISHES: Final[Mapping[Trigger, str]] = {
    T.RING: "ring",
    T.ANSWER: "be answered",
    T.FIND_BUSY: "be found busy",
    T.FIND_NOBODY: "find nobody there",
    T.DECLINE: "be declined",
    T.FAIL: "fail",
    T.GIVE_UP: "be given up",
    T.CANCEL: "be canceled",
    T.HANG_UP: "be hung up",
    T.LEAVE: "be hung up by its far end, which must have answered first: reject a ringing call",
    T.DETECT: "be judged",
    T.BEEP: "hear a beep",
    T.REDIRECT: "be redirected",
    T.EXPIRE: "expire",
    T.ABANDON: "be abandoned",
    T.BREAK_OFF: "be broken off",
    T.DISCONNECT: "be disconnected",
}
# Why a call ends on an edge; a hang-up is told by the status. By whom: whoever took the edge.
ENDING: Final[Mapping[Trigger, Cause]] = {
    T.FIND_BUSY: Cause.BUSY,
    T.FIND_NOBODY: Cause.UNAVAILABLE,
    T.DECLINE: Cause.DECLINED,
    T.FAIL: Cause.UNREACHABLE,
    T.GIVE_UP: Cause.RING_TIMEOUT,
    T.CANCEL: Cause.CANCELED,
    T.EXPIRE: Cause.TIME_LIMIT,
    T.BREAK_OFF: Cause.DOCUMENT_FAILED,
    T.DISCONNECT: Cause.DISCONNECTED,
}
UNREACHED: Final = "unreached"  # the face of a call to a number that nobody has: no API shows it
