"""The only module that serves the calls of all faces: what they are, what happened, a hand on them."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.accounts import Scope
from telefonie.core.acting import CONFIDENCE
from telefonie.core.commands import Answer, Equip, Hold, Leave, Refuse
from telefonie.core.errors import Unknown
from telefonie.core.events import Actor
from telefonie.core.speaking import ENGLISH
from telefonie.core.transcripts import transcript
from telefonie.engine.ports import Reply, Wording
from telefonie.flow.commands import Command, Press, SayByHand
from telefonie.simulator import call_wording, timeline_wording, transcript_wording, words
from telefonie.simulator.call_schemas import Act, Call, CallFilter, CallList, ScriptChange
from telefonie.simulator.scripts import plain
from telefonie.simulator.timeline_schemas import Timeline
from telefonie.simulator.transcript_schemas import Format, Transcript, TranscriptQuery
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
        parent_id=wanted.parent_call_id,
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
    return ok(timeline_wording.timeline(call, events))


@router.get(
    "/calls/{call_id}/transcript",
    summary="Read a call's transcript",
    responses={
        200: {
            "model": Transcript,
            "description": "Who said what, from when to when.",
            "content": {
                "text/plain": {"schema": {"type": "string"}},
                "text/vtt": {"schema": {"type": "string"}},
            },
        }
    },
    openapi_extra=operation(path=_PATH, query=TranscriptQuery),
)
async def read_transcript(request: Request) -> Response:
    """What was really said: of what was cut short, the words that were out by then (an even estimate)."""
    who = await caller(request, Scope.SIMULATOR)
    wanted = query(request, TranscriptQuery)
    call, events = await engine_of(request).switchboard.journal(who.account.id, _call_id(request))
    lines = transcript(events)
    match wanted.format:
        case Format.JSON:
            return ok(transcript_wording.as_json(call, lines))
        case Format.TEXT:
            return Response(transcript_wording.as_text(call, lines), media_type="text/plain")
        case Format.VTT:
            return Response(transcript_wording.as_vtt(call, lines), media_type="text/vtt")


@router.put(
    "/calls/{call_id}/script",
    summary="Give a call's far end a script",
    responses={200: {"model": Call, "description": "The call; `phone` shows the script."}},
    openapi_extra=operation(path=_PATH, body=ScriptChange, body_required=True, conflicts=True),
)
async def set_script(request: Request) -> Response:
    """For this call alone, and only before it has been answered: later it is 409.

    The same can be asked for with the creation: metadata may carry a script as a JSON text under the name
    `telefonie.script`.
    """
    who = await caller(request, Scope.SIMULATOR)
    call_id = _call_id(request)
    given = await body(request, ScriptChange)
    switchboard = engine_of(request).switchboard
    command = Equip(plain(given.value.script))
    return answer(await switchboard.tell(who.account.id, None, call_id, command, _word(given.headers)))


@router.post(
    "/calls/{call_id}/act",
    summary="Be the far end",
    responses={200: {"model": Call, "description": "The call after the act."}},
    openapi_extra=operation(path=_PATH, body=Act, body_required=True, conflicts=True),
)
async def act(request: Request) -> Response:
    """Answer or reject while it rings; press, say, hold, hang up once it was answered; a caller may also give
    up while it rings. Anything else is 409."""
    who = await caller(request, Scope.SIMULATOR)
    call_id = _call_id(request)
    given = await body(request, Act)
    switchboard = engine_of(request).switchboard
    return answer(
        await switchboard.tell(who.account.id, None, call_id, _command(given.value), _word(given.headers))
    )


def _command(asked: Act) -> Command:
    """The one thing that is to be done."""
    if asked.reject is not None:
        return Refuse(asked.reject)
    if asked.press is not None:
        return Press(asked.press)
    if asked.say is not None:
        confidence = CONFIDENCE if asked.confidence is None else asked.confidence
        return SayByHand(asked.say, asked.language or ENGLISH, confidence)
    if asked.hold is not None:
        return Hold(asked.hold, Actor.FAR_END)
    return Answer() if asked.answer else Leave()


def _word(headers: tuple[tuple[str, str], ...]) -> Wording:
    return lambda call: Reply(200, as_json(call_wording.call(call)), headers)
