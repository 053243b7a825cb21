"""The only module that serves files about this API's recordings: their sound, and their words."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.errors import Unknown
from telefonie.core.recordings import Recording, Status
from telefonie.dialects.vonage import sounds
from telefonie.dialects.vonage.calls import OFTEN
from telefonie.dialects.vonage.entrance import known_of
from telefonie.dialects.vonage.transcripts import transcript_json
from telefonie.dialects.vonage.wording import FACE
from telefonie.web import access, media
from telefonie.web.accepting import TYPES
from telefonie.web.answers import ok
from telefonie.web.face import Direct
from telefonie.web.openapi import operation
from telefonie.web.problems import ProblemKind
from telefonie.web.trail import Trail
from telefonie.web.visitors import Visitor

router: Final = APIRouter(tags=["Files"], route_class=Direct)
_ONE: Final = {"id": "Identifier of the file, as the event of the recording has it."}
_ALSO: Final = (*OFTEN, ProblemKind.OUT_OF_RANGE)


async def get_file(request: Request) -> Response:
    """What was recorded, for whoever has a token of the same application."""
    given = request.path_params["id"]
    found = sounds.recording_of(given)
    if found is None:
        raise Unknown("file", given)
    recording_id, words = found
    known, engine = known_of(request), access.engine_of(request)
    it = await engine.recordings.recording(known.account.id, FACE, recording_id)
    if it.application != known.application.id or it.status is not Status.COMPLETED:
        raise Unknown("file", given)
    return await (_words(request, it) if words else _sound(request, it))


async def _sound(request: Request, it: Recording) -> Response:
    known, engine = known_of(request), access.engine_of(request)
    form = sounds.form_of(it)
    answer = await media.answer(request, media.Wanted(it, form, sounds.RATE), engine.darkroom)
    trail: Trail = request.app.state.trail
    who = Visitor(known.account.id, it.id, known.application.id)
    if trail.is_download(request, who, answer):
        data = {"form": form.value, "rate": sounds.RATE}
        await engine.audit.note(who.account_id, who.actor, "download", "recording", it.id, data)
    return answer


async def _words(request: Request, it: Recording) -> Response:
    known, engine = known_of(request), access.engine_of(request)
    lines = await engine.scores.lines(it)
    await engine.audit.note(known.account.id, known.application.id, "read", "transcript", it.id)
    return ok(transcript_json(it, lines))


def _documented(*, body: bool) -> dict[str, Any]:
    """What is answered beside refusals."""
    document = operation(path=_ONE, extension=True, also=_ALSO)
    sound = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in sorted(set(TYPES.values()))}
    content: dict[str, Any] = {**sound, "application/json": {"schema": {"type": "object"}}}
    answers: dict[str, Any] = {
        "200": {"description": "The sound, or the words.", **({"content": content} if body else {})},
        "304": {"description": "The client has it already, as If-None-Match says."},
    }
    if body:
        answers["206"] = {"description": "The part that Range asks for.", "content": sound}
        answers["307"] = {"description": "It lies in a bucket, at the address in Location."}
    document["responses"] = answers | document["responses"]
    return document


for _method, _word in (("GET", "get"), ("HEAD", "head")):
    router.add_api_route(
        "/files/{id}",
        get_file,
        methods=[_method],
        operation_id=f"{_word}File",
        summary="Get a file",
        description="The sound of a recording in the kind of file that its document wished for, or its words."
        + ("" if _method == "GET" else " Only the headers."),
        response_class=Response,
        openapi_extra=_documented(body=_method == "GET"),
    )
