"""The only module that serves the sound of this API's recordings."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.dialects.telefonie.calls import FACE
from telefonie.dialects.telefonie.recordings import ONE
from telefonie.engine.media import Form
from telefonie.web import access, media, reading
from telefonie.web.accepting import TYPES
from telefonie.web.face import Direct
from telefonie.web.openapi import operation
from telefonie.web.problems import ProblemKind
from telefonie.web.trail import Trail
from telefonie.web.visitors import visitor

router: Final = APIRouter(tags=["Recordings"], route_class=Direct)
_ALSO: Final = (ProblemKind.NOT_ACCEPTABLE, ProblemKind.OUT_OF_RANGE)


def _documented(*forms: Form, body: bool = True) -> dict[str, Any]:
    """What a route answers with beside its refusals. A signed address opens it as well as a key."""
    document = operation(path=ONE, query=media.MediaQuery, conflicts=True, extension=True, also=_ALSO)
    sound = {"schema": {"type": "string", "format": "binary"}}
    content = {TYPES[form]: sound for form in forms}
    part = {"description": "The part that Range asks for.", "content": content}
    answers: dict[str, Any] = {
        "200": {"description": "The sound.", **({"content": content} if body else {})},
        **({"206": part} if body else {}),
        "304": {"description": "The client has it already, as If-None-Match says."},
        **({"307": {"description": "It lies in a bucket, at the address in Location."}} if body else {}),
    }
    document["responses"] = answers | document["responses"]
    document["security"] = [{"ApiKeyAuth": []}, {}]
    return document


def _serve(path: str, name: str, ending: Form | None) -> None:
    forms = tuple(Form) if ending is None else (ending,)
    what = "WAV or MP3, as Accept says" if ending is None else ending.upper()

    async def sound(request: Request) -> Response:
        return await _sound(request, ending)

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


async def _sound(request: Request, ending: Form | None) -> Response:
    """Sound, for whoever may hear it."""
    who = await visitor(request, FACE, ending or "")
    asked = reading.query(request, media.MediaQuery)
    form = media.form_of(request, ending)
    engine = access.engine_of(request)
    it = await engine.recordings.recording(who.account_id, FACE, who.recording_id)
    answer = await media.answer(request, media.Wanted(it, form, int(asked.rate)), engine.darkroom)
    trail: Trail = request.app.state.trail
    if trail.is_download(request, who, answer):
        data = {"form": form.value, "rate": int(asked.rate)}
        await engine.audit.note(who.account_id, who.actor, "download", "recording", it.id, data)
    return answer


_serve("/recordings/{recording_id}/media", "RecordingMedia", None)
_serve("/recordings/{recording_id}/media.wav", "RecordingWav", Form.WAV)
_serve("/recordings/{recording_id}/media.mp3", "RecordingMp3", Form.MP3)
