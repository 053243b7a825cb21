"""The only module that sets up `vonage` 4, and makes the calls that its tests have in common."""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import Callable
from typing import Any, Final, ParamSpec, TypeVar

from vonage import Auth, HttpClientOptions, Vonage
from vonage_voice.models import Conversation, CreateCallRequest, Phone, Talk, ToPhone

from tests.sdk.place import CALLER, ROW, Customer

P = ParamSpec("P")
R = TypeVar("R")

HOLD: Final = [Talk(text="Please hold the line.", loop=0)]


async def ask(method: Callable[P, R], *given: P.args, **named: P.kwargs) -> R:
    """Where it keeps nobody waiting: the customer's server, which ours asks meanwhile, lives here, too."""
    return await asyncio.to_thread(method, *given, **named)


def voice_of(customer: Customer, key: str = "") -> Any:
    """As the guide sets the SDK up."""
    auth = Auth(application_id=customer.application, private_key=key or customer.key)
    return Vonage(auth, HttpClientOptions(api_host=customer.place.host, timeout=30)).voice


def to(number: str) -> CreateCallRequest:
    """A call to somebody, who is spoken to until one of both hangs up."""
    return CreateCallRequest(ncco=HOLD, to=[ToPhone(number=number)], from_=Phone(number=CALLER))


def meeting(number: str) -> CreateCallRequest:
    """A call to somebody who meets others."""
    document = [Conversation(name="here")]
    return CreateCallRequest(ncco=document, to=[ToPhone(number=number)], from_=Phone(number=CALLER))


async def answered(voice: Any, customer: Customer, request: CreateCallRequest | None = None) -> str:
    """The uuid of a call that somebody has picked up."""
    made = await ask(voice.create_call, request or to(f"{ROW}0"))
    await customer.pass_time(4)
    uuid: str = made.uuid
    return uuid


async def status(voice: Any, uuid: str) -> str:
    """As the call tells it."""
    found: str = (await ask(voice.get_call, uuid)).status
    return found


def silence() -> bytes:
    """A WAV of a fifth of a second."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(bytes(3_200))
    return made.getvalue()
