"""The only module that serves those who are in this API's rooms: translate, ask the engine, translate back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.attending import Participant
from telefonie.core.errors import Unknown
from telefonie.dialects.telefonie import conference_schemas as schemas
from telefonie.dialects.telefonie import conference_wishes as wishes
from telefonie.dialects.telefonie.calls import FACE
from telefonie.dialects.telefonie.conference_wording import participant_json
from telefonie.dialects.telefonie.conferences import ONE, of_one
from telefonie.engine.ports import Reply
from telefonie.web import access, ids, reading
from telefonie.web.answers import answer, as_json, ok
from telefonie.web.face import Direct
from telefonie.web.once import once
from telefonie.web.openapi import operation

if TYPE_CHECKING:
    from telefonie.engine.registry import Caller

router: Final = APIRouter(tags=["Conferences"], route_class=Direct)
_ALL: Final = "/conferences/{conference_id}/participants"
_EACH: Final = f"{_ALL}/{{participant}}"
_BOTH: Final = {**ONE, "participant": "Identifier of the participant's call, or the participant's label."}


@router.get(
    _ALL,
    operation_id="listConferenceParticipants",
    summary="List Conference Participants",
    description="Those who are in a room, or on the way into it, newest first. Who has left is not shown.",
    response_model=schemas.ParticipantList,
    openapi_extra=operation(path=ONE, query=schemas.ParticipantQuery),
)
async def list_participants(request: Request) -> Response:
    """Who is there."""
    caller, room_id = await of_one(request)
    wish = reading.query(request, schemas.ParticipantQuery)
    present = await access.engine_of(request).conferences.participants(caller.account.id, FACE, room_id)
    fitting = [each for each in present if _fits(each, wish)]
    page, size = wish.cut
    shown = [participant_json(each) for each in fitting[(page - 1) * size : page * size]]
    return ok({"participants": shown, "total": len(fitting), "page": page, "page_size": size})


def _fits(each: Participant, wish: schemas.ParticipantQuery) -> bool:
    asked = ((wish.muted, each.muted), (wish.hold, each.held), (wish.coaching, bool(each.coach)))
    return all(wanted in (None, given) for wanted, given in asked)


@router.post(
    _ALL,
    status_code=201,
    operation_id="addConferenceParticipant",
    summary="Add Conference Participant",
    description="Call a number, and let it into the room when it answers.",
    response_model=schemas.Participant,
    openapi_extra=operation(path=ONE, body=schemas.ParticipantCreation, body_required=True, once=True),
)
async def add_participant(request: Request) -> Response:
    """Call somebody in."""
    caller, room_id = await of_one(request, calls=True)
    body = await reading.body(request, schemas.ParticipantCreation)
    invitation = wishes.invitation_of(caller.account, body.value, body.ignored)
    call_id = ids.new_id()
    access.remember(request, call=call_id)

    def word(participant: Participant) -> Reply:
        return Reply(201, as_json(participant_json(participant)), body.headers)

    doors = access.engine_of(request).conferences
    key = await once(request)
    return answer(await doors.invite(caller.account, FACE, room_id, invitation, call_id, word, key))


@router.get(
    _EACH,
    operation_id="getConferenceParticipant",
    summary="Get Conference Participant",
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
    _EACH,
    operation_id="updateConferenceParticipant",
    summary="Update Conference Participant",
    description="Mute somebody, put them on hold, let them coach, or say something to them alone.",
    response_model=schemas.Participant,
    openapi_extra=operation(path=_BOTH, body=schemas.ParticipantUpdate, conflicts=True, extension=True),
)
async def update_participant(request: Request) -> Response:
    """Change how somebody takes part."""
    caller, room_id, call_id = await _of_one(request)
    body = await reading.body(request, schemas.ParticipantUpdate)

    def word(participant: Participant) -> Reply:
        return Reply(200, as_json(participant_json(participant)), body.headers)

    doors = access.engine_of(request).conferences
    steering = wishes.steering_of(body.value)
    return answer(await doors.steer(caller.account.id, FACE, room_id, call_id, steering, word))


@router.delete(
    _EACH,
    status_code=204,
    operation_id="removeConferenceParticipant",
    summary="Remove Conference Participant",
    description="Let somebody leave the room; their call goes on with its document, and ends if it has none.",
    openapi_extra=operation(path=_BOTH, conflicts=True, extension=True),
)
async def remove_participant(request: Request) -> Response:
    """Throw somebody out."""
    caller, room_id, call_id = await _of_one(request)
    doors = access.engine_of(request).conferences
    return answer(await doors.remove(caller.account.id, FACE, room_id, call_id))


async def _of_one(request: Request) -> tuple[Caller, str, str]:
    """Who asks, for which room, and for whom in it."""
    caller, room_id = await of_one(request)
    given = request.path_params["participant"]
    call_id = ids.as_id(given)
    if call_id is None:
        call_id = await _labelled(request, caller.account.id, room_id, given)
    access.remember(request, call=call_id)
    return caller, room_id, call_id


async def _labelled(request: Request, account_id: str, room_id: str, label: str) -> str:
    present = await access.engine_of(request).conferences.participants(account_id, FACE, room_id)
    found = next((each.call_id for each in present if each.label == label), None)
    if found is None:
        raise Unknown("participant", label)
    return found
