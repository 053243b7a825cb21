"""The only module that words rooms, and those who are in them, as this API does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from telefonie.core import call as calls
from telefonie.core.attending import Participant, participant
from telefonie.core.effects import NotifyRoom
from telefonie.core.meeting import Meeting
from telefonie.core.room import Did, Fact, Room, Status
from telefonie.web.fields import iso

STATUS: Final[Mapping[Status, str]] = {
    Status.WAITING: "init",
    Status.STARTED: "in-progress",
    Status.ENDED: "completed",
}
# Of somebody who is not in the room.
ON_THE_WAY: Final[Mapping[calls.Status, str]] = {
    calls.Status.QUEUED: "queued",
    calls.Status.RINGING: "ringing",
    calls.Status.TALKING: "connecting",
    calls.Status.COMPLETED: "complete",
    calls.Status.FAILED: "failed",
    calls.Status.BUSY: "failed",
    calls.Status.UNANSWERED: "failed",
    calls.Status.CANCELED: "failed",
}
EVENT: Final[Mapping[Did, str]] = {
    Did.CREATED: "conference.created",
    Did.STARTED: "conference.started",
    Did.ENDED: "conference.ended",
    Did.JOINED: "participant.joined",
    Did.LEFT: "participant.left",
    Did.MUTED: "participant.muted",
    Did.UNMUTED: "participant.unmuted",
    Did.HELD: "participant.held",
    Did.UNHELD: "participant.unheld",
    Did.MODIFIED: "participant.modified",
    Did.ANNOUNCED: "conference.announced",
}
# Their `by` is not whom they are about: a call that made, started or ended the room.
_ABOUT_ALL: Final = frozenset({Did.CREATED, Did.STARTED, Did.ENDED})


def room_of(meeting: Meeting) -> Room:
    """The room of a meeting that is one."""
    assert isinstance(meeting.state, Room)  # noqa: S101 - the door to rooms gives nothing else
    return meeting.state


def conference_json(meeting: Meeting) -> dict[str, Any]:
    """A Conference as this API shows it: what is not known is left out."""
    room = room_of(meeting)
    shown: dict[str, Any] = {
        "id": meeting.id,
        "status": STATUS[room.status],
        "participant_count": len(room.members),
        "date_created": iso(meeting.created_at),
    }
    return shown | ({"friendly_name": meeting.name} if meeting.name != meeting.id else {})


def participant_json(each: Participant) -> dict[str, Any]:
    """A Participant as this API shows it."""
    return {
        "call_id": each.call_id,
        "conference_id": each.room_id,
        "muted": each.muted,
        "hold": each.held,
        "status": "connected" if each.joined else ON_THE_WAY[each.status],
    }


def room_content(notice: NotifyRoom) -> dict[str, Any]:
    """What the callback about one fact of a room says of it."""
    room, fact, member = notice.room, notice.fact, notice.member
    told = {"conference_id": room.id, "conference": conference_json(room)}
    if member is None or fact.did in _ABOUT_ALL:
        return told
    status = _status(fact)
    shown = participant(room.id, member, status, joined=fact.did is not Did.LEFT)
    return told | {"call_id": member.call, "participant": participant_json(shown)}


def _status(fact: Fact) -> calls.Status:
    """How far the call of somebody who has left had come."""
    if fact.data.get("joined", True):
        return calls.Status.COMPLETED
    return calls.Status(fact.data.get("status", calls.Status.CANCELED))
