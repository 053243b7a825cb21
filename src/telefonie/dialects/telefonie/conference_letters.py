"""The only module that words what customers of this API are told of rooms and of those who are in them."""

from __future__ import annotations

from typing import Any, Final

from telefonie.core.call import Status
from telefonie.core.effects import NotifyRoom
from telefonie.core.room import Did, Fact
from telefonie.dialects.telefonie.conference_wording import (
    CONNECTED,
    EVENT,
    LEFT,
    ON_THE_WAY,
    conference_json,
    ended_json,
    member_json,
)
from telefonie.dialects.telefonie.wording import API_VERSION
from telefonie.web.fields import iso

# Their `by` is not whom they are about: a call that made, started or ended the room.
ABOUT_ALL: Final = frozenset({Did.CREATED, Did.STARTED, Did.ENDED})


def room_content(notice: NotifyRoom, event_id: str) -> dict[str, Any]:
    """The body of the callback about one fact of a room."""
    room, fact, member = notice.room, notice.fact, notice.member
    told: dict[str, Any] = {
        "event": EVENT[fact.did],
        "event_id": event_id,
        "timestamp": iso(fact.at),
        "sequence_number": notice.sequence,
        "account_id": room.account_id,
        "api_version": API_VERSION,
        "conference_id": room.id,
        "conference": conference_json(room),
    }
    if member is not None and fact.did not in ABOUT_ALL:
        told |= {"call_id": member.call, "participant": member_json(room.id, member, _status(fact))}
    return told | _reasons(fact)


def _status(fact: Fact) -> str:
    """How far the call of the one whom it is about had come."""
    if fact.did is not Did.LEFT:
        return CONNECTED
    if fact.data.get("joined", True):
        return ON_THE_WAY[Status.COMPLETED]
    return ON_THE_WAY[Status(fact.data.get("status", Status.CANCELED))]


def _reasons(fact: Fact) -> dict[str, Any]:
    match fact.did:
        case Did.LEFT:
            return {"reason_participant_left": LEFT[fact.why]}
        case Did.ENDED:
            return ended_json(fact.by, fact.why)
        case _:
            return {}
