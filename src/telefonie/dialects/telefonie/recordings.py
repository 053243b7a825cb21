"""The only module that serves this API's recordings: translate, ask the engine, translate back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.accounts import Scope
from telefonie.core.errors import Unknown
from telefonie.core.recordings import Recording, Source, Status, Trigger, Wanted
from telefonie.dialects.telefonie import recording_schemas as schemas
from telefonie.dialects.telefonie import recording_wording as wording
from telefonie.dialects.telefonie.calls import FACE
from telefonie.engine.ports import Reply
from telefonie.store.recordings import RecordingQuery
from telefonie.web import access, ids, reading
from telefonie.web.answers import answer, ok
from telefonie.web.face import Direct
from telefonie.web.links import link_of
from telefonie.web.once import once
from telefonie.web.openapi import operation

if TYPE_CHECKING:
    from telefonie.engine.registry import Caller

STATUS_OF: Final[Mapping[str, tuple[Status, ...]]] = {
    word: tuple(status for status, its in wording.STATUS.items() if its == word)
    for word in wording.STATUS.values()
}
SOURCE_OF: Final[Mapping[str, Source]] = {word: source for source, word in wording.SOURCE.items()}
TRIGGER_OF: Final[Mapping[str, Trigger]] = {
    "paused": Trigger.PAUSE,
    "in-progress": Trigger.RESUME,
    "stopped": Trigger.FINISH,
}

router: Final = APIRouter(tags=["Recordings"], route_class=Direct)
ONE: Final = {"recording_id": "Identifier of the recording."}
_CALL: Final = {"call_id": "Identifier of the call."}


@router.get(
    "/recordings",
    operation_id="listRecordings",
    summary="List Recordings",
    description="The recordings of this API's calls and conferences, newest first, a page at a time.",
    response_model=schemas.RecordingList,
    openapi_extra=operation(query=schemas.RecordingQuery),
)
async def list_recordings(request: Request) -> Response:
    """A page of recordings."""
    caller = await access.caller(request, Scope.VOICE)
    wish = reading.query(request, schemas.RecordingQuery)
    asked = RecordingQuery(
        face=FACE,
        call_id=wish.call_id,
        room_id=wish.conference_id,
        status=() if wish.status is None else STATUS_OF[wish.status],
        source=None if wish.source is None else SOURCE_OF[wish.source],
        created_from=wish.date_from,
        created_to=wish.date_to,
        page=wish.page,
        size=wish.page_size,
    )
    engine, account_id = access.engine_of(request), caller.account.id
    found = await engine.recordings.page(account_id, asked)
    now = await engine.doorman.now(account_id) if found.recordings else 0
    link = link_of(request)
    shown = [wording.recording_json(it, link, now) for it in found.recordings]
    return ok({"recordings": shown, "total": found.total, "page": wish.page, "page_size": wish.page_size})


@router.post(
    "/calls/{call_id}/recordings",
    status_code=201,
    operation_id="startRecording",
    summary="Start Recording",
    description="Record a call that is under way, from now on.",
    response_model=schemas.Recording,
    openapi_extra=operation(
        path=_CALL, body=schemas.RecordingCreation, once=True, conflicts=True, extension=True
    ),
)
async def start_recording(request: Request) -> Response:
    """Begin to record."""
    caller, call_id = await _of_one(request, "call")
    body = await reading.body(request, schemas.RecordingCreation)
    wish, link = body.value, link_of(request)
    wanted = Wanted(
        channels=wish.channels,
        track=wish.track,
        trim=wish.trim == "trim-silence",
        url=wish.recording_status_callback,
        method=wish.recording_status_callback_method,
    )
    word = partial(wording.recording_reply, link=link, status=201, headers=body.headers)
    recordings = access.engine_of(request).recordings
    return answer(await recordings.start(caller.account.id, FACE, call_id, wanted, word, await once(request)))


@router.get(
    "/recordings/{recording_id}",
    operation_id="getRecording",
    summary="Get Recording",
    description="One recording as it stands, and where its sound is.",
    response_model=schemas.Recording,
    openapi_extra=operation(path=ONE),
)
async def get_recording(request: Request) -> Response:
    """Show a recording."""
    caller, it = await there(request)
    engine = access.engine_of(request)
    now = await engine.doorman.now(caller.account.id)
    await engine.audit.note(caller.account.id, caller.key_id, "read", "recording", it.id)
    return ok(wording.recording_json(it, link_of(request), now))


@router.post(
    "/recordings/{recording_id}",
    operation_id="updateRecording",
    summary="Update Recording",
    description="Pause a recording that goes on, let it go on, or end it.",
    response_model=schemas.Recording,
    openapi_extra=operation(path=ONE, body=schemas.RecordingUpdate, conflicts=True, extension=True),
)
async def update_recording(request: Request) -> Response:
    """Steer a recording."""
    caller, recording_id = await _of_one(request, "recording")
    wish = (body := await reading.body(request, schemas.RecordingUpdate)).value
    word = partial(wording.recording_reply, link=link_of(request), headers=body.headers)
    recordings = access.engine_of(request).recordings
    if wish.status is None:  # nothing is to be changed
        return answer(word(await recordings.recording(caller.account.id, FACE, recording_id)))
    skips = wish.pause_behavior == "skip"
    trigger = TRIGGER_OF[wish.status]
    return answer(await recordings.steer(caller.account.id, FACE, recording_id, trigger, word, skips=skips))


@router.delete(
    "/recordings/{recording_id}",
    status_code=204,
    operation_id="deleteRecording",
    summary="Delete Recording",
    description="Remove a recording that is over, and its sound.",
    openapi_extra=operation(path=ONE, conflicts=True),
)
async def delete_recording(request: Request) -> Response:
    """Remove a recording."""
    caller, recording_id = await _of_one(request, "recording")
    engine, account_id = access.engine_of(request), caller.account.id
    await engine.recordings.delete(account_id, FACE, recording_id)
    await engine.audit.note(account_id, caller.key_id, "delete", "recording", recording_id)
    return answer(Reply(204))


async def there(request: Request) -> tuple[Caller, Recording]:
    """Who asks, and the recording that is asked about."""
    caller, recording_id = await _of_one(request, "recording")
    engine = access.engine_of(request)
    return caller, await engine.recordings.recording(caller.account.id, FACE, recording_id)


async def _of_one(request: Request, what: str) -> tuple[Caller, str]:
    """Who asks, and for which call or recording."""
    caller = await access.caller(request, Scope.VOICE)
    given = request.path_params[f"{what}_id"]
    found = ids.as_id(given)
    if found is None:
        raise Unknown(what, given)
    if what == "call":
        access.remember(request, call=found)
    return caller, found
