"""The only module that words rooms, and those who are in them, as this API does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from telefonie.core import call as calls
from telefonie.core.attending import Participant
from telefonie.core.meeting import Meeting
from telefonie.core.room import Did, Member, Room, Status
from telefonie.web.fields import iso

STATUS: Final[Mapping[Status, str]] = {
    Status.WAITING: "init",
    Status.STARTED: "in-progress",
    Status.ENDED: "completed",
}
CONNECTED: Final = "connected"
# Of somebody who is not in the room yet; who has left it is shown to nobody.
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
# What customers may hear of a room.
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
# Why a room ended, and why somebody left one.
ENDED: Final[Mapping[str, str]] = {
    "closed": "conference-ended-via-api",
    "ender_left": "participant-with-end-conference-on-exit-left",
    "ender_removed": "participant-with-end-conference-on-exit-kicked",
    "last_left": "last-participant-left",
    "last_removed": "last-participant-kicked",
}
LEFT: Final[Mapping[str, str]] = {
    "hung_up": "participant_hung_up",
    "star": "participant_hung_up",
    "time_limit": "participant_hung_up",
    "document_failed": "participant_hung_up",
    "redirected": "participant_updated_via_api",
    "removed": "participant_updated_via_api",
    "ended": "moderator_ended_conference",
    "closed": "conference_ended_via_api",
    "add_failed": "participant_add_failed",
}


def conference_json(meeting: Meeting) -> dict[str, Any]:
    """A Conference as this API shows it: what is not known is left out."""
    room = meeting.state
    assert isinstance(room, Room)  # noqa: S101 - the door to rooms gives nothing else
    shown: dict[str, Any] = {
        "id": meeting.id,
        "status": STATUS[room.status],
        "participant_count": len(room.members),
        "max_participants": room.most,
        "date_created": iso(meeting.created_at),
    }
    if meeting.name != meeting.id:  # what nobody named goes by its id
        shown["friendly_name"] = meeting.name
    if room.started_at is not None:
        shown["started_at"] = iso(room.started_at)
    if room.ended_at is not None:
        shown["ended_at"] = iso(room.ended_at)
    if room.ending is not None:
        by, why = room.ending
        shown |= ended_json(by, why)
    if room.recording is not None:
        shown["recording_id"] = room.recording.id
    return shown


def ended_json(by: str, why: str) -> dict[str, Any]:
    """Why a room ended, and by whose going, if it was by that."""
    ender = {"call_id_ending_conference": by} if by else {}
    return {"reason_conference_ended": ENDED[why], **ender}


def participant_json(participant: Participant) -> dict[str, Any]:
    """A Participant as this API shows it."""
    status = CONNECTED if participant.joined else ON_THE_WAY[participant.status]
    return _participant(participant.call_id, participant.room_id, status, participant)


def member_json(room_id: str, member: Member, status: str) -> dict[str, Any]:
    """The same of somebody as he was when something happened to him."""
    return _participant(member.call, room_id, status, member)


def _participant(call_id: str, room_id: str, status: str, who: Participant | Member) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "call_id": call_id,
        "conference_id": room_id,
        "muted": who.muted,
        "hold": who.held,
        "status": status,
    }
    if who.label:
        shown["label"] = who.label
    shown |= {"start_on_enter": who.starts, "end_on_exit": who.ends, "coaching": bool(who.coach)}
    if who.coach:
        shown["coach"] = who.coach
    return shown
