"""The only module that serves what was said in this API's recordings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.composing import Sentence, as_text, as_vtt
from telefonie.core.recordings import Recording
from telefonie.dialects.telefonie import transcript_schemas as schemas
from telefonie.dialects.telefonie.recordings import ONE, there
from telefonie.web import access, media, reading
from telefonie.web.answers import ok
from telefonie.web.face import Direct
from telefonie.web.openapi import operation

router: Final = APIRouter(tags=["Recordings"], route_class=Direct)


def _documented() -> dict[str, Any]:
    document = operation(path=ONE, query=schemas.TranscriptQuery, conflicts=True, extension=True)
    text = {"schema": {"type": "string"}}
    document["responses"]["200"] = {"content": {"text/plain": text, "text/vtt": text}}
    return document


@router.get(
    "/recordings/{recording_id}/transcript",
    operation_id="getRecordingTranscript",
    summary="Get Transcript",
    description="Who says what in a completed recording, from when to when, word by word.",
    response_model=schemas.Transcript,
    openapi_extra=_documented(),
)
async def get_transcript(request: Request) -> Response:
    """Tell what was said."""
    caller, it = await there(request)
    wish = reading.query(request, schemas.TranscriptQuery)
    media.require_sound(it)
    engine = access.engine_of(request)
    lines = await engine.scores.lines(it)
    await engine.audit.note(caller.account.id, caller.key_id, "read", "transcript", it.id)
    match wish.format:
        case "json":
            return ok(transcript_json(it, lines))
        case "text":
            return Response(as_text(lines), media_type="text/plain")
        case "vtt":
            return Response(as_vtt(lines), media_type="text/vtt")


def transcript_json(it: Recording, lines: Sequence[Sentence]) -> dict[str, Any]:
    """A transcript as this API shows it."""
    entries = [_sentence(each) for each in lines]
    return {"recording_id": it.id, "call_id": it.call_id, "entries": entries, "total": len(entries)}


def _sentence(line: Sentence) -> dict[str, Any]:
    return {
        "speaker": line.speaker.value,
        "call_id": line.call_id,
        "channel": line.channel + 1,
        "text": line.text,
        "language": line.language,
        "start_ms": line.start_ms,
        "end_ms": line.end_ms,
        "cut": line.cut,
        "words": [{"text": each.text, "start_ms": each.start, "end_ms": each.end} for each in line.words],
    }
