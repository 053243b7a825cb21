"""The only module that serves the calls of all faces: what they are, what happened, a hand on them."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.accounts import Scope
from telefonie.core.commands import Answer, Command, Leave, Refuse
from telefonie.core.errors import Unknown
from telefonie.engine.ports import Reply, Wording
from telefonie.simulator import call_wording, words
from telefonie.simulator.call_schemas import Act, Call, CallFilter, CallList, Timeline
from telefonie.store.reads import CallQuery
from telefonie.web.access import caller, engine_of, remember
from telefonie.web.answers import answer, as_json, ok
from telefonie.web.face import Direct
from telefonie.web.ids import as_id
from telefonie.web.openapi import operation
from telefonie.web.reading import body, query

router = APIRouter(route_class=Direct, tags=["Calls"])

_PATH = {"call_id": "The id of a call, whichever API it was made on."}


def _call_id(request: Request) -> str:
    written = request.path_params["call_id"]
    call_id = as_id(written)
    if call_id is None:
        raise Unknown("call", written)
    remember(request, call=call_id)
    return call_id


@router.get(
    "/calls",
    summary="List calls",
    responses={200: {"model": CallList, "description": "Calls, newest first."}},
    openapi_extra=operation(query=CallFilter),
)
async def list_calls(request: Request) -> Response:
    """All calls of the account, whichever API they were made on."""
    who = await caller(request, Scope.SIMULATOR)
    wanted = query(request, CallFilter)
    asked = CallQuery(
        face=wanted.face,
        status=None if wanted.status is None else words.STATUS_OF[wanted.status],
        direction=wanted.direction,
        caller=_number(wanted.from_),
        callee=_number(wanted.to),
        page=wanted.page,
        size=wanted.page_size,
    )
    found = await engine_of(request).switchboard.calls(who.account.id, asked)
    return ok(
        {
            "calls": [call_wording.call(each) for each in found.calls],
            "total": found.total,
            "page": wanted.page,
            "page_size": wanted.page_size,
        }
    )


def _number(text: str | None) -> str | None:
    """An unencoded plus in a query arrives as a space."""
    return f"+{text[1:]}" if text and text[0] == " " else text


@router.get(
    "/calls/{call_id}",
    summary="Read a call",
    responses={200: {"model": Call, "description": "The call as it stands."}},
    openapi_extra=operation(path=_PATH),
)
async def read_call(request: Request) -> Response:
    """Everything known about a call: what was asked for, where it is in its life, what is planned."""
    who = await caller(request, Scope.SIMULATOR)
    return ok(
        call_wording.call(await engine_of(request).switchboard.call(who.account.id, None, _call_id(request)))
    )


@router.get(
    "/calls/{call_id}/timeline",
    summary="Read a call's timeline",
    responses={200: {"model": Timeline, "description": "Everything that happened, in order."}},
    openapi_extra=operation(path=_PATH),
)
async def read_timeline(request: Request) -> Response:
    """Everything that happened to a call, with who did it and when."""
    who = await caller(request, Scope.SIMULATOR)
    call, events = await engine_of(request).switchboard.journal(who.account.id, _call_id(request))
    return ok(call_wording.timeline(call, events))


@router.post(
    "/calls/{call_id}/act",
    summary="Be the far end",
    responses={200: {"model": Call, "description": "The call after the act."}},
    openapi_extra=operation(path=_PATH, body=Act, body_required=True, conflicts=True),
)
async def act(request: Request) -> Response:
    """Answer or reject while it rings, hang up once it was answered; anything else is 409."""
    who = await caller(request, Scope.SIMULATOR)
    call_id = _call_id(request)
    given = await body(request, Act)
    switchboard = engine_of(request).switchboard
    return answer(
        await switchboard.tell(who.account.id, None, call_id, _command(given.value), _word(given.headers))
    )


def _command(asked: Act) -> Command:
    if asked.reject is not None:
        return Refuse(asked.reject)
    return Answer() if asked.answer else Leave()


def _word(headers: tuple[tuple[str, str], ...]) -> Wording:
    return lambda call: Reply(200, as_json(call_wording.call(call)), headers)
