"""The only module by which the operator holds single recordings, or keeps them longer or shorter."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.admin import keeping_wording as wording
from telefonie.admin.accounts import PATH, account_id_of
from telefonie.admin.keeping_schemas import KeepingChange, KeptRecording
from telefonie.core.errors import Unknown
from telefonie.engine.keeping import SAME
from telefonie.web.access import admin, engine_of
from telefonie.web.answers import ok
from telefonie.web.face import Direct
from telefonie.web.ids import as_id
from telefonie.web.openapi import operation
from telefonie.web.reading import body

router = APIRouter(route_class=Direct, tags=["Retention"])

_PATH = {**PATH, "recording_id": "The id of a recording."}


def recording_id_of(written: str) -> str:
    """The recording that a path or a body names."""
    recording_id = as_id(written)
    if recording_id is None:
        raise Unknown("recording", written)
    return recording_id


@router.get(
    "/accounts/{account_id}/recordings/{recording_id}",
    summary="Read how a recording is kept",
    responses={200: {"model": KeptRecording, "description": "How long, and whether it is on hold."}},
    openapi_extra=operation(path=_PATH),
)
async def read_recording(request: Request) -> Response:
    """How long a recording is kept, and whether it is on legal hold."""
    await admin(request)
    account_id, recording_id = account_id_of(request), recording_id_of(request.path_params["recording_id"])
    return ok(wording.kept(await engine_of(request).keeping.one(account_id, recording_id)))


@router.patch(
    "/accounts/{account_id}/recordings/{recording_id}",
    summary="Hold a recording, or keep it longer or shorter",
    responses={200: {"model": KeptRecording, "description": "As it is kept now."}},
    openapi_extra=operation(path=_PATH, body=KeepingChange, nulls=True),
)
async def keep_recording(request: Request) -> Response:
    """A hold is for a court, a day of its own for everybody else. Both stand in the audit trail."""
    await admin(request)
    account_id, recording_id = account_id_of(request), recording_id_of(request.path_params["recording_id"])
    given = await body(request, KeepingChange, nulls=True)
    asked, named = given.value, given.value.model_fields_set
    kept = await engine_of(request).keeping.set(
        account_id,
        recording_id,
        until=asked.retain_until if "retain_until" in named else SAME,
        held=bool(asked.legal_hold) if "legal_hold" in named else SAME,
    )
    return ok(wording.kept(kept), headers=given.headers)
