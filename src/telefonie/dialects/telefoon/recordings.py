"""The only module that serves what was recorded of this API's calls and rooms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.accounts import Scope
from telefonie.core.errors import Unknown
from telefonie.core.recordings import Status
from telefonie.dialects.telefoon.calls import FACE
from telefonie.dialects.telefoon.recording_wording import STATUS, recording_json
from telefonie.store.recordings import RecordingQuery
from telefonie.web import access, ids, reading
from telefonie.web.answers import ok
from telefonie.web.face import Direct
from telefonie.web.fields import Absent, Text
from telefonie.web.hearing import sound_router
from telefonie.web.links import link_of
from telefonie.web.openapi import operation
from telefonie.web.paging import Paging

if TYPE_CHECKING:
    from telefonie.engine.registry import Caller

STATUS_OF: Final[Mapping[str, tuple[Status, ...]]] = {
    word: tuple(status for status, its in STATUS.items() if its == word) for word in STATUS.values()
}
StatusWord: TypeAlias = Literal["in-progress", "completed", "failed"]
SourceWord: TypeAlias = Literal[
    "call",
    "number",
    "account",
    "record_verb",
    "record_action",
    "start_verb",
    "dial_verb",
    "on_demand",
    "conference",
]
_UUID: Final[dict[str, Any]] = {"format": "uuid"}
_ONE: Final = {"recording_id": "Identifier of the recording."}

router: Final = APIRouter(tags=["Recordings"], route_class=Direct)
sounds: Final = sound_router(FACE)


class RecordingsAsked(Paging):
    """Which recordings to list, newest first."""

    call_id: Text | Absent = Field(None, description="Only recordings of this call.")
    conference_id: Text | Absent = Field(None, description="Only recordings of this room.")
    status: StatusWord | Absent = Field(None, description="Only recordings with this status.")


class Recording(BaseModel):
    """Sound that was kept of a call or of a room. Fields that are not known are left out."""

    id: str = Field(description="Identifier of the recording.", json_schema_extra=_UUID)
    call_id: str = Field(
        description="The call that was recorded; of a room the one by whose coming it began."
    )
    conference_id: str | Absent = Field(
        None, description="The room that was recorded.", json_schema_extra=_UUID
    )
    status: StatusWord = Field(description="Whether it goes on, is there, or came to nothing.")
    channels: Literal[1, 2] = Field(description="How many channels its sound has.")
    source: SourceWord = Field(description="What made it begin.")
    consent: Literal["given", "assumed"] | Absent = Field(
        None, description="That the far end had nothing against it, or was not asked."
    )
    date_created: str = Field(description="When it began.", json_schema_extra={"format": "date-time"})
    duration: int | Absent = Field(None, ge=0, description="Seconds that it plays, once it is over.")
    price: str | Absent = Field(None, description="What it cost; negative for a charge.")
    price_unit: str | Absent = Field(None, min_length=3, max_length=3, description="Currency of the price.")
    media_url: str | Absent = Field(
        None,
        description="Where its sound is, for a while and without a key; as MP3 with that ending.",
        json_schema_extra={"format": "uri"},
    )


class RecordingList(BaseModel):
    """A page of recordings."""

    recordings: list[Recording]
    total: int = Field(ge=0)
    page: int = Field(ge=1)
    page_size: int = Field(ge=1)


@router.get(
    "/recordings",
    operation_id="listRecordings",
    summary="List Recordings",
    description="What was recorded of this API's calls and rooms, newest first, a page at a time.",
    response_model=RecordingList,
    openapi_extra=operation(query=RecordingsAsked, extension=True),
)
async def list_recordings(request: Request) -> Response:
    """A page of recordings."""
    caller = await access.caller(request, Scope.VOICE)
    wish = reading.query(request, RecordingsAsked)
    asked = RecordingQuery(
        face=FACE,
        call_id=wish.call_id,
        room_id=wish.conference_id,
        status=() if wish.status is None else STATUS_OF[wish.status],
        page=wish.page,
        size=wish.page_size,
    )
    engine, account_id = access.engine_of(request), caller.account.id
    found = await engine.recordings.page(account_id, asked)
    now = await engine.doorman.now(account_id) if found.recordings else 0
    link = link_of(request)
    shown = [recording_json(it, link, now) for it in found.recordings]
    return ok({"recordings": shown, "total": found.total, "page": wish.page, "page_size": wish.page_size})


@router.get(
    "/recordings/{recording_id}",
    operation_id="getRecording",
    summary="Get Recording",
    description="One recording as it stands, and where its sound is.",
    response_model=Recording,
    openapi_extra=operation(path=_ONE, extension=True),
)
async def get_recording(request: Request) -> Response:
    """Show a recording."""
    caller, recording_id = await _of_one(request)
    engine, account_id = access.engine_of(request), caller.account.id
    it = await engine.recordings.recording(account_id, FACE, recording_id)
    now = await engine.doorman.now(account_id)
    await engine.audit.note(account_id, caller.key_id, "read", "recording", it.id)
    return ok(recording_json(it, link_of(request), now))


@router.delete(
    "/recordings/{recording_id}",
    status_code=204,
    operation_id="deleteRecording",
    summary="Delete Recording",
    description="Remove a recording that is over, and its sound.",
    openapi_extra=operation(path=_ONE, conflicts=True, extension=True),
)
async def delete_recording(request: Request) -> Response:
    """Remove a recording."""
    caller, recording_id = await _of_one(request)
    engine, account_id = access.engine_of(request), caller.account.id
    await engine.recordings.delete(account_id, FACE, recording_id)
    await engine.audit.note(account_id, caller.key_id, "delete", "recording", recording_id)
    return Response(status_code=204)


async def _of_one(request: Request) -> tuple[Caller, str]:
    """Who asks, and for which recording."""
    caller = await access.caller(request, Scope.VOICE)
    given = request.path_params["recording_id"]
    found = ids.as_id(given)
    if found is None:
        raise Unknown("recording", given)
    return caller, found
