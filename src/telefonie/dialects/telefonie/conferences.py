"""The only module that serves this API's rooms: translate, ask the engine, translate back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.accounts import Scope
from telefonie.core.errors import Unknown
from telefonie.core.meeting import Meeting
from telefonie.dialects.telefonie import conference_schemas as schemas
from telefonie.dialects.telefonie import conference_wishes as wishes
from telefonie.dialects.telefonie.calls import FACE
from telefonie.dialects.telefonie.conference_wording import conference_json
from telefonie.engine.ports import Reply
from telefonie.store.rooms import RoomQuery
from telefonie.web import access, ids, reading
from telefonie.web.answers import answer, as_json, ok
from telefonie.web.face import Direct
from telefonie.web.once import once
from telefonie.web.openapi import operation

if TYPE_CHECKING:
    from telefonie.engine.registry import Caller

router: Final = APIRouter(tags=["Conferences"], route_class=Direct)
ONE: Final = {"conference_id": "Identifier of the room."}


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
    asked = RoomQuery(
        face=FACE,
        status=None if wish.status is None else wishes.STATUS_OF[wish.status],
        name=wish.friendly_name,
        created_from=wish.date_from,
        created_to=wish.date_to,
        page=page,
        size=size,
    )
    found = await access.engine_of(request).conferences.page(caller.account.id, asked)
    rooms = [conference_json(room) for room in found.rooms]
    return ok({"conferences": rooms, "total": found.total, "page": page, "page_size": size})


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

    def word(room: Meeting) -> Reply:
        return Reply(201, as_json(conference_json(room)), body.headers)

    doors = access.engine_of(request).conferences
    opening = wishes.opening_of(body.value)
    return answer(await doors.open(caller.account, FACE, opening, ids.new_id(), word, await once(request)))


@router.get(
    "/conferences/{conference_id}",
    operation_id="getConference",
    summary="Get Conference",
    description="One room as it stands.",
    response_model=schemas.Conference,
    openapi_extra=operation(path=ONE, extension=True),
)
async def get_conference(request: Request) -> Response:
    """Show a room."""
    caller, room_id = await of_one(request)
    return ok(
        conference_json(await access.engine_of(request).conferences.room(caller.account.id, FACE, room_id))
    )


@router.post(
    "/conferences/{conference_id}",
    operation_id="updateConference",
    summary="Update Conference",
    description="End a live room, or say something to everybody in it.",
    response_model=schemas.Conference,
    openapi_extra=operation(path=ONE, body=schemas.ConferenceUpdate, conflicts=True, extension=True),
)
async def update_conference(request: Request) -> Response:
    """End a room, or announce something in it."""
    caller, room_id = await of_one(request)
    body = await reading.body(request, schemas.ConferenceUpdate)
    wish = body.value
    wishes.check_one(wish)
    doors, account_id = access.engine_of(request).conferences, caller.account.id

    def word(room: Meeting) -> Reply:
        return Reply(200, as_json(conference_json(room)), body.headers)

    if wish.status is not None:
        return answer(await doors.close(account_id, FACE, room_id, word))
    if wish.announce_url is not None:
        url, method = wish.announce_url, wish.announce_method
        return answer(await doors.announce(account_id, FACE, room_id, url, method, word))
    return answer(word(await doors.room(account_id, FACE, room_id)))


@router.delete(
    "/conferences/{conference_id}",
    status_code=204,
    operation_id="endConference",
    summary="End Conference",
    description="End a live room; everybody leaves.",
    openapi_extra=operation(path=ONE, conflicts=True, extension=True),
)
async def end_conference(request: Request) -> Response:
    """End a room."""
    caller, room_id = await of_one(request)
    doors = access.engine_of(request).conferences
    return answer(await doors.close(caller.account.id, FACE, room_id, _gone))


def _gone(_room: Meeting) -> Reply:
    return Reply(204)


async def of_one(request: Request, *, calls: bool = False) -> tuple[Caller, str]:
    """Who asks, and for which room. `calls`: somebody is about to be called."""
    caller = await access.caller(request, Scope.VOICE, calls=calls)
    given = request.path_params["conference_id"]
    room_id = ids.as_id(given)
    if room_id is None:
        raise Unknown("conference", given)
    return caller, room_id
