"""The only module that says what a callback of this API tells of a room and of those who are in it."""

from __future__ import annotations

from typing import Any, Final

from telefonie.core.call import Status
from telefonie.core.effects import NotifyRoom
from telefonie.core.room import Did, Fact
from telefonie.dialects.telefonie.conference_wording import (
    CONNECTED,
    LEFT,
    ON_THE_WAY,
    conference_json,
    ended_json,
    member_json,
)

# Their `by` is not whom they are about: a call that made, started or ended the room.
ABOUT_ALL: Final = frozenset({Did.CREATED, Did.STARTED, Did.ENDED})


def content(notice: NotifyRoom) -> dict[str, Any]:
    """What the callback about one fact of a room tells of it."""
    room, fact, member = notice.room, notice.fact, notice.member
    told: dict[str, Any] = {"conference_id": room.id, "conference": conference_json(room)}
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
