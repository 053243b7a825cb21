"""The only module that speaks, plays and presses keys into this API's calls, and has their keys told."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.dialects.vonage import answer_schemas, control_schemas, voices, wording
from telefonie.dialects.vonage.calls import ONE, STEERED, one, tell
from telefonie.flow.commands import SendKeys, StopStream, StopTalk, Stream, Talk, TellKeys
from telefonie.web import reading
from telefonie.web.face import Direct
from telefonie.web.openapi import operation

router: Final = APIRouter(tags=["Calls"], route_class=Direct)


@router.put(
    "/calls/{uuid}/talk",
    operation_id="startTalk",
    summary="Play text to speech into a call",
    description="Say something into a call; what its document says goes on afterwards.",
    response_model=answer_schemas.Done,
    openapi_extra=operation(path=ONE, body=control_schemas.Speech, body_required=True, also=STEERED),
)
async def start_talk(request: Request) -> Response:
    """Say something."""
    call = await one(request)
    body = await reading.body(request, control_schemas.Speech)
    wish = body.value
    language, voice = voices.spoken_by(wish.language, wish.style, wish.voice_name)
    said = Talk(wish.text, language, voice, control_schemas.times(wish.loop), wish.level)
    return await tell(request, call, said, wording.done("Talk started"), body)


@router.delete(
    "/calls/{uuid}/talk",
    operation_id="stopTalk",
    summary="Stop text to speech in a call",
    description="Say no more of that; if nothing is said, nothing changes.",
    response_model=answer_schemas.Done,
    openapi_extra=operation(path=ONE, also=STEERED),
)
async def stop_talk(request: Request) -> Response:
    """Say no more."""
    return await tell(request, await one(request), StopTalk(), wording.done("Talk stopped"))


@router.put(
    "/calls/{uuid}/stream",
    operation_id="startStream",
    summary="Play an audio file into a call",
    description="Play a file into a call; what its document says goes on afterwards.",
    response_model=answer_schemas.Done,
    openapi_extra=operation(path=ONE, body=control_schemas.Sound, body_required=True, also=STEERED),
)
async def start_stream(request: Request) -> Response:
    """Play a file."""
    call = await one(request)
    body = await reading.body(request, control_schemas.Sound)
    wish = body.value
    played = Stream(wish.stream_url, control_schemas.times(wish.loop), wish.level)
    return await tell(request, call, played, wording.done("Stream started"), body)


@router.delete(
    "/calls/{uuid}/stream",
    operation_id="stopStream",
    summary="Stop playing an audio file into a call",
    description="Play no more of that; if nothing is played, nothing changes.",
    response_model=answer_schemas.Done,
    openapi_extra=operation(path=ONE, also=STEERED),
)
async def stop_stream(request: Request) -> Response:
    """Play no more."""
    return await tell(request, await one(request), StopStream(), wording.done("Stream stopped"))


@router.put(
    "/calls/{uuid}/dtmf",
    operation_id="startDTMF",
    summary="Play DTMF tones into a call",
    description="Press keys towards the far end.",
    response_model=answer_schemas.Done,
    openapi_extra=operation(path=ONE, body=control_schemas.Tones, body_required=True, also=STEERED),
)
async def start_dtmf(request: Request) -> Response:
    """Press keys."""
    call = await one(request)
    body = await reading.body(request, control_schemas.Tones)
    return await tell(request, call, SendKeys(body.value.digits), wording.done("DTMF sent"), body)


@router.put(
    "/calls/{uuid}/input/dtmf",
    operation_id="subscribeDTMF",
    summary="Subscribe to the keys of a call",
    description="Be told each key that the far end presses, as it is pressed.",
    response_model=answer_schemas.Nothing,
    openapi_extra=operation(
        path=ONE, body=control_schemas.Subscription, body_required=True, extension=True, also=STEERED
    ),
)
async def subscribe(request: Request) -> Response:
    """Tell keys."""
    call = await one(request)
    body = await reading.body(request, control_schemas.Subscription)
    wish = body.value
    told = TellKeys(wish.event_url or wish.eventUrl, wish.event_method)
    return await tell(request, call, told, wording.empty_reply, body)


@router.delete(
    "/calls/{uuid}/input/dtmf",
    operation_id="unsubscribeDTMF",
    summary="Unsubscribe from the keys of a call",
    description="Be told no more keys.",
    response_model=answer_schemas.Nothing,
    openapi_extra=operation(path=ONE, extension=True, also=STEERED),
)
async def unsubscribe(request: Request) -> Response:
    """Tell no more keys."""
    return await tell(request, await one(request), TellKeys(None), wording.empty_reply)
