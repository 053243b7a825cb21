"""The only module that serves this API's calls: translate, ask the engine, translate back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.accounts import Scope
from telefonie.core.call import Call, Direction, Status
from telefonie.core.commands import HangUp
from telefonie.core.errors import Unknown
from telefonie.core.events import Actor
from telefonie.dialects.telefoon import schemas, wording
from telefonie.dialects.telefoon.wishes import order_of
from telefonie.engine.ports import Reply
from telefonie.store import reads
from telefonie.web import access, ids, reading
from telefonie.web.answers import answer, as_json, ok
from telefonie.web.face import Direct
from telefonie.web.links import link_of
from telefonie.web.once import once
from telefonie.web.openapi import operation

if TYPE_CHECKING:
    from telefonie.engine.registry import Caller

FACE: Final = "telefoon"
STATUS_OF: Final[Mapping[str, Status]] = {word: status for status, word in wording.STATUS.items()}
DIRECTION_OF: Final[Mapping[str, Direction]] = {word: way for way, word in wording.DIRECTION.items()}

router: Final = APIRouter(tags=["Calls"], route_class=Direct)
_ONE: Final = {"call_id": "Identifier of the call."}


@router.get(
    "/calls",
    operation_id="listCalls",
    summary="List Calls",
    description="The calls of this API, newest first, a page at a time.",
    response_model=schemas.CallList,
    openapi_extra=operation(query=schemas.CallQuery),
)
async def list_calls(request: Request) -> Response:
    """A page of calls."""
    caller = await access.caller(request, Scope.VOICE)
    wish = reading.query(request, schemas.CallQuery)
    asked = reads.CallQuery(
        face=FACE,
        status=None if wish.status is None else STATUS_OF[wish.status],
        direction=None if wish.direction is None else DIRECTION_OF[wish.direction],
        created_from=wish.date_from,
        created_to=wish.date_to,
        page=wish.page,
        size=wish.page_size,
    )
    found = await access.engine_of(request).switchboard.calls(caller.account.id, asked)
    return ok({"calls": await _shown(request, found.calls), "total": found.total})


@router.post(
    "/calls",
    status_code=201,
    operation_id="initiateCall",
    summary="Initiate Call",
    description="Call a number, or a SIP address.",
    response_model=schemas.Call,
    openapi_extra=operation(body=schemas.CallCreation, body_required=True, once=True),
)
async def initiate_call(request: Request) -> Response:
    """Place a call."""
    caller = await access.caller(request, Scope.VOICE, calls=True)
    body = await reading.body(request, schemas.CallCreation)
    order = order_of(caller.account, body.value, body.ignored)
    call_id = ids.new_id()
    access.remember(request, call=call_id)

    def word(call: Call) -> Reply:
        return Reply(201, as_json(wording.call_json(call)), body.headers)

    switchboard = access.engine_of(request).switchboard
    return answer(await switchboard.place(caller.account, FACE, order, call_id, word, await once(request)))


@router.get(
    "/calls/{call_id}",
    operation_id="getCall",
    summary="Get Call",
    description="One call as it stands.",
    response_model=schemas.Call,
    openapi_extra=operation(path=_ONE),
)
async def get_call(request: Request) -> Response:
    """Show a call."""
    caller, call_id = await _of_one(request)
    call = await access.engine_of(request).switchboard.call(caller.account.id, FACE, call_id)
    return ok((await _shown(request, [call]))[0])


@router.delete(
    "/calls/{call_id}",
    status_code=204,
    operation_id="endCall",
    summary="End Call",
    description="Hang up a live call.",
    openapi_extra=operation(path=_ONE, conflicts=True),
)
async def end_call(request: Request) -> Response:
    """Hang up."""
    caller, call_id = await _of_one(request)
    command = HangUp(Actor.CUSTOMER)
    switchboard = access.engine_of(request).switchboard
    return answer(await switchboard.tell(caller.account.id, FACE, call_id, command, wording.gone_reply))


async def _shown(request: Request, found: Sequence[Call]) -> list[dict[str, Any]]:
    """Calls as they are shown; the clock is read only where there is a recording to link to."""
    now = 0
    if any(call.recording for call in found):
        now = await access.engine_of(request).doorman.now(found[0].account_id)
    link = link_of(request)
    return [wording.with_recording(call, link, now) for call in found]


async def _of_one(request: Request) -> tuple[Caller, str]:
    """Who asks, and for which call."""
    caller = await access.caller(request, Scope.VOICE)
    given = request.path_params["call_id"]
    call_id = ids.as_id(given)
    if call_id is None:
        raise Unknown("call", given)
    access.remember(request, call=call_id)
    return caller, call_id
