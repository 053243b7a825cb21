"""The only module that draws the life of a call out of its table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from docs.generator.markdown import code, table
from telefonie.core.call import Cause, Status, Trigger
from telefonie.core.calls import ENDED, TABLE
from telefonie.dialects.telefonie.wording import CAUSE, STATUS

# What moves a call, as a reader of the guide would say it. A new trigger has no word yet: the tests say so.
MOVES: Final[Mapping[Trigger, str]] = {
    Trigger.RING: "the phone rings",
    Trigger.ANSWER: "answered",
    Trigger.FIND_BUSY: "busy",
    Trigger.FIND_NOBODY: "unavailable",
    Trigger.DECLINE: "declined",
    Trigger.FAIL: "unreachable",
    Trigger.GIVE_UP: "ring timeout",
    Trigger.CANCEL: "canceled",
    Trigger.HANG_UP: "hung up",
    Trigger.LEAVE: "the far end hangs up",
    Trigger.DETECT: "detection has its verdict",
    Trigger.BEEP: "a machine has beeped, or was not waited for longer",
    Trigger.REDIRECT: "another document",
    Trigger.EXPIRE: "time limit",
    Trigger.ABANDON: "the caller gives up",
    Trigger.BREAK_OFF: "its documents failed",
    Trigger.DISCONNECT: "the program has gone",
}
MEANINGS: Final[Mapping[Status, str]] = {
    Status.QUEUED: "Accepted; the network is looking for the phone.",
    Status.RINGING: "The phone rings.",
    Status.TALKING: "Answered.",
    Status.COMPLETED: "Was answered and is over, for whatever reason.",
    Status.FAILED: "Could not be connected; also an inbound call to a number that nobody has, or without documents.",
    Status.BUSY: "The far end was busy.",
    Status.UNANSWERED: "Nobody answered in time, or the far end declined.",
    Status.CANCELED: "Ended before anybody answered: by you, or by a caller who gave up.",
}
ENDINGS: Final[Mapping[Cause, str]] = {
    Cause.HUNG_UP: "Somebody hung up; `ended_by` says who.",
    Cause.CANCELED: "It was taken back before the answer; `ended_by` says by whom.",
    Cause.BUSY: "The far end was busy.",
    Cause.DECLINED: "The far end turned the ringing call down.",
    Cause.UNREACHABLE: "There was no way to the number.",
    Cause.UNAVAILABLE: "It rang, and the network found nobody there.",
    Cause.DISCONNECTED: "The program at the other end closed its socket, or was lost.",
    Cause.RING_TIMEOUT: "It rang for `timeout` seconds.",
    Cause.TIME_LIMIT: "It talked for `time_limit` seconds.",
    Cause.DOCUMENT_FAILED: "No document could be had, and no fallback either; the far end was told so.",
    Cause.UNKNOWN_NUMBER: "It came in for a number that nobody has.",
}


def diagram() -> str:
    """All edges; those between the same two states share an arrow."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{word}" as {status.name}' for status, word in STATUS.items()]
    lines.append(f"    [*] --> {Status.QUEUED.name}")
    for start, edges in TABLE.items():
        ends: dict[Status, list[str]] = {}
        for trigger, end in edges.items():
            ends.setdefault(end, []).append(MOVES[trigger])
        lines += [f"    {start.name} --> {end.name}: {', '.join(words)}" for end, words in ends.items()]
    lines += [f"    {status.name} --> [*]" for status in TABLE if status in ENDED]
    return "\n".join([*lines, "```"])


def statuses() -> str:
    """Each status and what it means."""
    rows = [(code(STATUS[each]), "yes" if each in ENDED else "", MEANINGS[each]) for each in Status]
    return table(("status", "final", "meaning"), rows)


def endings() -> str:
    """Each reason for the end of a call."""
    return table(("`end_reason`", "meaning"), [(code(CAUSE[each]), ENDINGS[each]) for each in Cause])
