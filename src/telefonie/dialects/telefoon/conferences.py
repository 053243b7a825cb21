"""The only module that serves this API's rooms, and those who are in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.accounts import Account, Scope
from telefonie.core.attending import Invitation, Opening, Participant, Steering
from telefonie.core.errors import Unknown
from telefonie.core.meeting import Meeting
from telefonie.core.room import Status
from telefonie.dialects.telefoon import conference_schemas as schemas
from telefonie.dialects.telefoon.calls import FACE
from telefonie.dialects.telefoon.conference_wording import (
    STATUS,
    conference_json,
    participant_json,
    room_of,
)
from telefonie.dialects.telefoon.wishes import order_of
from telefonie.dialects.telefoon.wording import gone_reply
from telefonie.engine.ports import Reply
from telefonie.store.rooms import RoomQuery
from telefonie.web import access, ids, reading
from telefonie.web.answers import answer, as_json, ok
from telefonie.web.face import Direct
from telefonie.web.once import once
from telefonie.web.openapi import operation

if TYPE_CHECKING:
    from telefonie.engine.registry import Caller

STATUS_OF: Final[Mapping[str, Status]] = {word: status for status, word in STATUS.items()}

router: Final = APIRouter(tags=["Conferences"], route_class=Direct)
_ROOM: Final = {"conference_id": "Identifier of the room."}
_BOTH: Final = {**_ROOM, "call_id": "Identifier of the participant's call."}
_IN_IT: Final = "/conferences/{conference_id}/participants"
_ONE: Final = f"{_IN_IT}/{{call_id}}"


@router.get(
    "/conferences",
    operation_id="listConferences",
    summary="List Conferences",
    description="The rooms of this API, newest first, those that are over included.",
    response_model=schemas.ConferenceList,
    openapi_extra=operation(query=schemas.ConferenceQuery),
)
async def list_conferences(request: Request) -> Response:
    """Rooms."""
    caller = await access.caller(request, Scope.VOICE)
    wish = reading.query(request, schemas.ConferenceQuery)
    page, size = wish.cut
    status = None if wish.status is None else STATUS_OF[wish.status]
    asked = RoomQuery(face=FACE, status=status, page=page, size=size)
    found = await access.engine_of(request).conferences.page(caller.account.id, asked)
    return ok({"conferences": [conference_json(each) for each in found.rooms], "total": found.total})


@router.post(
    "/conferences",
    status_code=201,
    operation_id="createConference",
    summary="Create Conference",
    description="Make a room before anybody comes.",
    response_model=schemas.Conference,
    openapi_extra=operation(body=schemas.ConferenceCreation, once=True),
)
async def create_conference(request: Request) -> Response:
    """Open a room."""
    caller = await access.caller(request, Scope.VOICE)
    body = await reading.body(request, schemas.ConferenceCreation)
    wish = body.value
    opening = Opening(
        wish.friendly_name or "", wish.max_participants, wish.record, report_url=wish.status_callback
    )

    def word(room: Meeting) -> Reply:
        return Reply(201, as_json(conference_json(room)), body.headers)

    doors = access.engine_of(request).conferences
    return answer(await doors.open(caller.account, FACE, opening, ids.new_id(), word, await once(request)))


@router.get(
    "/conferences/{conference_id}",
    operation_id="getConference",
    summary="Get Conference",
    description="One room as it stands.",
    response_model=schemas.Conference,
    openapi_extra=operation(path=_ROOM, extension=True),
)
async def get_conference(request: Request) -> Response:
    """Show a room."""
    caller, room_id = await _of_room(request)
    return ok(
        conference_json(await access.engine_of(request).conferences.room(caller.account.id, FACE, room_id))
    )


@router.delete(
    "/conferences/{conference_id}",
    status_code=204,
    operation_id="endConference",
    summary="End Conference",
    description="End a live room; everybody leaves.",
    openapi_extra=operation(path=_ROOM, conflicts=True, extension=True),
)
async def end_conference(request: Request) -> Response:
    """End a room."""
    caller, room_id = await _of_room(request)
    doors = access.engine_of(request).conferences
    return answer(await doors.close(caller.account.id, FACE, room_id, gone_reply))


@router.get(
    _IN_IT,
    operation_id="listParticipants",
    summary="List Participants",
    description="Those who are in a room, or on the way into it, newest first.",
    response_model=schemas.ParticipantList,
    openapi_extra=operation(path=_ROOM, extension=True),
)
async def list_participants(request: Request) -> Response:
    """Who is there."""
    caller, room_id = await _of_room(request)
    present = await access.engine_of(request).conferences.participants(caller.account.id, FACE, room_id)
    return ok({"participants": [participant_json(each) for each in present]})


@router.post(
    _IN_IT,
    status_code=201,
    operation_id="addParticipant",
    summary="Add Participant",
    description="Call somebody, who comes into the room on answering. Of a room that is recorded they hear so "
    "first; who refuses is not let in.",
    response_model=schemas.Participant,
    openapi_extra=operation(
        path=_ROOM, body=schemas.ParticipantCreation, body_required=True, once=True, extension=True
    ),
)
async def add_participant(request: Request) -> Response:
    """Call somebody in."""
    caller, room_id = await _of_room(request, calls=True)
    body = await reading.body(request, schemas.ParticipantCreation)
    doors = access.engine_of(request).conferences
    room = await doors.room(caller.account.id, FACE, room_id)
    invitation = _invitation(caller.account, body.value, body.ignored, recorded=room_of(room).terms.record)
    call_id = ids.new_id()
    access.remember(request, call=call_id)

    def word(participant: Participant) -> Reply:
        return Reply(201, as_json(participant_json(participant)), body.headers)

    key = await once(request)
    return answer(await doors.invite(caller.account, FACE, room_id, invitation, call_id, word, key))


def _invitation(
    account: Account, wish: schemas.ParticipantCreation, ignored: tuple[str, ...], *, recorded: bool
) -> Invitation:
    """A call like any other; of a room that is recorded its far end hears before it comes in."""
    order = order_of(account, wish.call(), ignored)
    return Invitation(replace(order, room_recorded=recorded), muted=wish.muted, held=wish.hold)


@router.get(
    _ONE,
    operation_id="getParticipant",
    summary="Get Participant",
    description="One of those who are in a room, or on the way into it.",
    response_model=schemas.Participant,
    openapi_extra=operation(path=_BOTH, extension=True),
)
async def get_participant(request: Request) -> Response:
    """Show somebody."""
    caller, room_id, call_id = await _of_one(request)
    doors = access.engine_of(request).conferences
    return ok(participant_json(await doors.participant(caller.account.id, FACE, room_id, call_id)))


@router.post(
    _ONE,
    operation_id="updateParticipant",
    summary="Update Participant",
    description="Mute somebody, or put them on hold.",
    response_model=schemas.Participant,
    openapi_extra=operation(path=_BOTH, body=schemas.ParticipantUpdate, conflicts=True, extension=True),
)
async def update_participant(request: Request) -> Response:
    """Change how somebody takes part."""
    caller, room_id, call_id = await _of_one(request)
    body = await reading.body(request, schemas.ParticipantUpdate)
    steering = Steering(muted=body.value.muted, held=body.value.hold)

    def word(participant: Participant) -> Reply:
        return Reply(200, as_json(participant_json(participant)), body.headers)

    doors = access.engine_of(request).conferences
    return answer(await doors.steer(caller.account.id, FACE, room_id, call_id, steering, word))


@router.delete(
    _ONE,
    status_code=204,
    operation_id="removeParticipant",
    summary="Remove Participant",
    description="Let somebody leave the room.",
    openapi_extra=operation(path=_BOTH, conflicts=True, extension=True),
)
async def remove_participant(request: Request) -> Response:
    """Throw somebody out."""
    caller, room_id, call_id = await _of_one(request)
    doors = access.engine_of(request).conferences
    return answer(await doors.remove(caller.account.id, FACE, room_id, call_id))


async def _of_room(request: Request, *, calls: bool = False) -> tuple[Caller, str]:
    """Who asks, and for which room. `calls`: somebody is about to be called."""
    caller = await access.caller(request, Scope.VOICE, calls=calls)
    return caller, _id(request, "conference", "conference_id")


async def _of_one(request: Request) -> tuple[Caller, str, str]:
    """Who asks, for which room, and for whom in it."""
    caller, room_id = await _of_room(request)
    return caller, room_id, _id(request, "participant", "call_id")


def _id(request: Request, what: str, name: str) -> str:
    given = request.path_params[name]
    found = ids.as_id(given)
    if found is None:
        raise Unknown(what, given)
    return found
