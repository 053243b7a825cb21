"""The only module that answers with sound: whole or in part, once it is rendered, and never all of it in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from telefonie.core.recordings import Recording, Status
from telefonie.engine.media import Blob, Form, Unkept, Unrenderable
from telefonie.web import ranges
from telefonie.web.accepting import OFFERED, TYPES, best
from telefonie.web.problems import Problem, ProblemKind
from telefonie.web.reading import header

PATIENCE_SECONDS: Final = 60.0
AGAIN_SECONDS: Final = 5
LINK_SECONDS: Final = 300  # an address in the bucket is followed at once


class MediaQuery(BaseModel):
    """How a recording shall sound, and what opens it to somebody without a key."""

    rate: Literal["8000", "16000"] = Field("8000", description="Samples a second.")
    expires: str = Field("", description="Part of a signed address: until when it works.")
    signature: str = Field("", description="Part of a signed address.")


class Sounds(Protocol):
    """Who has the sound of recordings."""

    async def ready(self, recording: Recording, form: Form, rate: int) -> Blob: ...

    def read(self, blob: Blob, start: int, length: int) -> AsyncIterator[bytes]: ...

    async def link(self, blob: Blob, seconds: int) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """A recording in one form."""

    recording: Recording
    form: Form
    rate: int
    patience: float = PATIENCE_SECONDS  # while it is being rendered


def form_of(request: Request, ending: Form | None) -> Form:
    """The ending of the path says it, or else what the client would like best."""
    form = ending or best(header(request, b"accept"))
    if form is None:
        message = f"A recording can be had as {' or '.join(TYPES[each] for each in OFFERED)}; name one of them in Accept."
        raise Problem(ProblemKind.NOT_ACCEPTABLE, "not_acceptable", message)
    return form


async def answer(request: Request, wanted: Wanted, sounds: Sounds) -> Response:
    """The sound, a part of it, or where it is."""
    blob = await _rendered(wanted, sounds)
    headers = _headers(wanted, blob)
    if ranges.unchanged(header(request, b"if-none-match"), headers["ETag"]):
        return Response(None, 304, headers)
    if request.method == "HEAD":  # ranges are for GET; an address in a bucket would not take HEAD either
        return Response(None, 200, headers | {"Content-Length": str(blob.size)}, TYPES[wanted.form])
    elsewhere = await sounds.link(blob, LINK_SECONDS)
    if elsewhere is not None:
        return RedirectResponse(elsewhere, 307, {"Cache-Control": "private, no-store"})
    return _streamed(request, wanted, blob, headers, sounds)


def require_sound(it: Recording) -> None:
    """Refuse where there is nothing to be heard: not yet, or never."""
    if it.live:
        message = "The recording is still in progress; its sound is there once it is completed."
        raise Problem(ProblemKind.CONFLICT, "recording_in_progress", message)
    if it.status is Status.FAILED:
        raise Problem(ProblemKind.CONFLICT, "recording_failed", "The recording has failed; it has no sound.")


async def _rendered(wanted: Wanted, sounds: Sounds) -> Blob:
    it = wanted.recording
    require_sound(it)
    try:
        # Whoever stops waiting does not stop the rendering.
        return await asyncio.wait_for(sounds.ready(it, wanted.form, wanted.rate), wanted.patience)
    except TimeoutError:
        message = "The recording is still being rendered; ask again in a moment."
        again = [("Retry-After", str(AGAIN_SECONDS))]
        raise Problem(ProblemKind.OVERLOADED, "recording_rendering", message, headers=again) from None
    except Unrenderable as error:
        message = f"The recording cannot be rendered: {error}"
        raise Problem(ProblemKind.CONFLICT, "recording_failed", message) from error
    except Unkept as error:
        message = "The place where media are kept cannot be reached at the moment; try again soon."
        again = [("Retry-After", str(AGAIN_SECONDS))]
        raise Problem(ProblemKind.OVERLOADED, "media_unavailable", message, headers=again) from error


def _headers(wanted: Wanted, blob: Blob) -> dict[str, str]:
    return {
        "ETag": f'"{blob.etag}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",  # may be kept, but it may have been deleted since
        "Content-Disposition": f'inline; filename="recording-{wanted.recording.id}.{wanted.form.ending}"',
        "Vary": "Accept",
        "X-Content-Type-Options": "nosniff",
    }


def _streamed(
    request: Request, wanted: Wanted, blob: Blob, headers: dict[str, str], sounds: Sounds
) -> Response:
    asked = header(request, b"range") if ranges.still(header(request, b"if-range"), headers["ETag"]) else None
    try:
        part = ranges.part(asked, blob.size)
    except ranges.Unsatisfiable:
        message = f"The file has {blob.size} bytes; nothing of it lies in that range."
        size = [("Content-Range", f"bytes */{blob.size}"), ("Accept-Ranges", "bytes")]
        raise Problem(ProblemKind.OUT_OF_RANGE, "range_not_satisfiable", message, headers=size) from None
    start, length = part or (0, blob.size)
    headers["Content-Length"] = str(length)
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{blob.size}"
    status = 200 if part is None else 206
    return StreamingResponse(sounds.read(blob, start, length), status, headers, TYPES[wanted.form])
