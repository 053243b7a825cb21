"""The only module that gives a face its routes to the sound of its recordings, which answer a key or a signed address."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.engine.media import Form
from telefonie.web import access, media, reading
from telefonie.web.accepting import OFFERED, TYPES
from telefonie.web.face import Direct
from telefonie.web.openapi import operation
from telefonie.web.problems import ProblemKind
from telefonie.web.trail import Trail
from telefonie.web.visitors import visitor

_ONE: Final = {"recording_id": "Identifier of the recording."}
_ALSO: Final = (ProblemKind.NOT_ACCEPTABLE, ProblemKind.OUT_OF_RANGE)
_PATHS: Final[tuple[tuple[str, str, Form | None], ...]] = (
    ("/recordings/{recording_id}/media", "RecordingMedia", None),
    ("/recordings/{recording_id}/media.wav", "RecordingWav", Form.WAV),
    ("/recordings/{recording_id}/media.mp3", "RecordingMp3", Form.MP3),
)


def sound_router(face: str) -> APIRouter:
    """Whole recordings or parts of them, by path or by what the client accepts; the app's state has a trail."""
    router = APIRouter(tags=["Recordings"], route_class=Direct)
    for path, name, ending in _PATHS:
        _serve(router, face, path, name, ending)
    return router


def _serve(router: APIRouter, face: str, path: str, name: str, ending: Form | None) -> None:
    forms = OFFERED if ending is None else (ending,)
    what = "WAV or MP3, as Accept says" if ending is None else ending.upper()

    async def sound(request: Request) -> Response:
        return await _sound(request, face, ending)

    described = (
        f"The sound of a completed recording as {what}; the first time it is rendered. Ranges are served."
    )
    for method, word, more in (("GET", "get", ""), ("HEAD", "head", " Only the headers.")):
        router.add_api_route(
            path,
            sound,
            methods=[method],
            operation_id=f"{word}{name}",
            summary=f"{word.title()} Media",
            description=described + more,
            response_class=Response,
            openapi_extra=_documented(*forms, body=method == "GET"),
        )


def _documented(*forms: Form, body: bool) -> dict[str, Any]:
    """What a route answers with beside its refusals."""
    document = operation(path=_ONE, query=media.MediaQuery, conflicts=True, extension=True, also=_ALSO)
    sound = {"schema": {"type": "string", "format": "binary"}}
    content = {TYPES[form]: sound for form in forms}
    answers: dict[str, Any] = {
        "200": {"description": "The sound.", **({"content": content} if body else {})},
        "304": {"description": "The client has it already, as If-None-Match says."},
    }
    if body:
        answers["206"] = {"description": "The part that Range asks for.", "content": content}
        answers["307"] = {"description": "It lies in a bucket, at the address in Location."}
    document["responses"] = answers | document["responses"]
    document["security"] = [{"ApiKeyAuth": []}, {}]
    return document


async def _sound(request: Request, face: str, ending: Form | None) -> Response:
    """Sound, for whoever may hear it."""
    who = await visitor(request, face, ending or "")
    asked = reading.query(request, media.MediaQuery)
    form = media.form_of(request, ending)
    engine = access.engine_of(request)
    it = await engine.recordings.recording(who.account_id, face, who.recording_id)
    answer = await media.answer(request, media.Wanted(it, form, int(asked.rate)), engine.darkroom)
    trail: Trail = request.app.state.trail
    if trail.is_download(request, who, answer):
        data = {"form": form.value, "rate": int(asked.rate)}
        await engine.audit.note(who.account_id, who.actor, "download", "recording", it.id, data)
    return answer
