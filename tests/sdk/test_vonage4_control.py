"""`vonage` 4, unmodified, steers calls of a real server over https, runs documents of its builder, fetches recordings."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any

import pytest
from vonage_http_client.errors import NotFoundError
from vonage_voice.models import (
    AudioStreamOptions,
    Connect,
    Conversation,
    CreateCallRequest,
    Input,
    NccoAction,
    Notify,
    Phone,
    PhoneEndpoint,
    Record,
    Stream,
    Talk,
    ToPhone,
    TtsStreamOptions,
)
from vonage_voice.models.enums import TtsLanguageCode
from vonage_voice.models.input_types import Dtmf, Speech
from vonage_voice.models.ncco import Transfer, Wait

from telefonie.dialects.vonage.voices import LANGUAGES
from tests.sdk.place import CALLER, ROW, SECRET, Customer
from tests.sdk.vonage4 import HOLD, answered, ask, meeting, silence, status
from tests.support.shop import Page

pytestmark = pytest.mark.e2e


# -- calls under way --


async def test_a_call_is_sent_on_to_a_document(voice: Any, customer: Customer) -> None:
    uuid = await answered(voice, customer)
    document: list[NccoAction] = [Talk(text="Somewhere else."), Wait(timeout=1.5), Talk(text="Goodbye.")]
    assert await ask(voice.transfer_call_ncco, uuid, document) is None
    await customer.pass_time(10)
    said = [each["text"] for each in await customer.timeline(uuid, "said") if each["actor"] == "platform"]
    assert said == ["Please hold the line.", "Somewhere else.", "Goodbye."]
    assert await status(voice, uuid) == "completed"


async def test_a_call_is_sent_on_to_an_address(voice: Any, customer: Customer) -> None:
    customer.shop.pages["/elsewhere"] = '[{"action": "talk", "text": "Somewhere else."}]'
    uuid = await answered(voice, customer)
    assert await ask(voice.transfer_call_answer_url, uuid, customer.shop.at("/elsewhere")) is None
    await customer.pass_time(10)
    (asked,) = customer.shop.asked("/elsewhere")
    assert (asked.method, asked.query["uuid"]) == ("GET", uuid)
    assert await status(voice, uuid) == "completed"


async def test_a_call_is_moved_into_another_conversation(voice: Any, customer: Customer) -> None:
    await answered(voice, customer, meeting(f"{ROW}1"))
    (moved,) = [each for each in customer.events if each.get("type") == "transfer"]
    uuid = await answered(voice, customer)
    there = Transfer(conversationId=moved["conversation_uuid_to"])
    assert await ask(voice.transfer_call_ncco, uuid, [there]) is None
    await customer.pass_time(1)
    assert len(await customer.timeline(uuid, "joined")) == 1
    assert await status(voice, uuid) == "answered"


async def test_nobody_hears_who_is_muted_and_who_wears_earmuffs_hears_nobody(
    voice: Any, customer: Customer
) -> None:
    uuid = await answered(voice, customer, meeting(f"{ROW}0"))
    for method in (voice.mute, voice.unmute, voice.earmuff, voice.unearmuff):
        assert await ask(method, uuid) is None
        assert await ask(method, uuid) is None  # once more is no mistake
    await ask(voice.hangup, uuid)
    with pytest.raises(NotFoundError):
        await ask(voice.mute, uuid)


async def test_it_is_spoken_played_and_dialled_into_a_call(voice: Any, customer: Customer) -> None:
    customer.shop.pages["/tone.wav"] = Page(silence(), content_type="audio/wav")
    uuid = await answered(voice, customer)
    speech = TtsStreamOptions(text="A word.", language="en-GB", style=1, premium=True, loop=2, level=0.5)
    sound = AudioStreamOptions(stream_url=[customer.shop.at("/tone.wav")], loop=2, level=-0.5)
    done = [
        await ask(voice.play_tts_into_call, uuid, speech),
        await ask(voice.stop_tts, uuid),
        await ask(voice.play_audio_into_call, uuid, sound),
        await ask(voice.stop_audio_stream, uuid),
        await ask(voice.play_dtmf_into_call, uuid, "1p2#"),
    ]
    assert {each.uuid for each in done} == {uuid}
    assert [each.message for each in done] == [
        "Talk started",
        "Talk stopped",
        "Stream started",
        "Stream stopped",
        "DTMF sent",
    ]
    assert await ask(voice.play_audio_into_call, uuid, sound)
    await customer.pass_time(1)
    assert "A word." in [each["text"] for each in await customer.timeline(uuid, "said")]
    assert customer.shop.asked("/tone.wav")
    assert [each["digits"] for each in await customer.timeline(uuid, "pressed")] == ["1p2#"]


def test_every_language_of_the_sdk_is_spoken() -> None:
    assert {each.value for each in TtsLanguageCode} <= set(LANGUAGES)


# -- documents, recordings, signatures --


async def test_documents_of_its_builder_are_run(voice: Any, customer: Customer) -> None:
    customer.shop.pages["/tone.wav"] = Page(silence(), content_type="audio/wav")
    events = [customer.shop.at("/asked")]
    document = [
        Record(format="wav", channels=2, beepStart=True, eventUrl=events),
        Talk(text="One.", bargeIn=False, loop=1, level=0.1, language="en-GB", style=2, premium=True),
        Stream(streamUrl=[customer.shop.at("/tone.wav")], level=0.2, bargeIn=False, loop=1),
        Input(type=["dtmf"], dtmf=Dtmf(timeOut=1, submitOnHash=True, maxDigits=3), eventUrl=events),
        Input(
            type=["speech"],
            speech=Speech(language="en-GB", endOnSilence=0.5, startTimeout=1, maxDuration=5, sensitivity=50),
            eventUrl=events,
        ),
        Notify(payload={"step": 5}, eventUrl=events, eventMethod="POST"),
        Connect(
            endpoint=[PhoneEndpoint(number="12025550112")],  # who hangs up soon
            from_=CALLER,
            timeout=20,
            limit=60,
            eventUrl=events,
        ),
        Conversation(name="all", startOnEnter=True, endOnExit=True, record=False),
    ]
    request = CreateCallRequest(ncco=document, to=[ToPhone(number=f"{ROW}0")], from_=Phone(number=CALLER))
    uuid = await answered(voice, customer, request)
    await customer.pass_time(60)
    assert await customer.timeline(uuid, "warned", "unusable", "ignored_fields") == []
    stepped = [each["verb"] for each in await customer.timeline(uuid, "stepped")]
    assert stepped == [each.action.value for each in document]
    await ask(voice.hangup, uuid)
    await customer.pass_time(1)
    told = [each.json for each in customer.shop.asked("/asked")]
    assert any(each.get("payload") == {"step": 5} for each in told)
    assert [each["size"] > 0 for each in told if "recording_url" in each] == [True]


async def test_a_recording_is_downloaded(voice: Any, customer: Customer, tmp_path: Path) -> None:
    document = [Record(format="wav", timeOut=3, eventUrl=[customer.shop.at("/recorded")]), *HOLD]
    request = CreateCallRequest(ncco=document, to=[ToPhone(number=f"{ROW}0")], from_=Phone(number=CALLER))
    await answered(voice, customer, request)
    await customer.pass_time(5)
    (told,) = [each.json for each in customer.shop.asked("/recorded")]
    file = tmp_path / "recording.wav"
    # It takes files of its vendor's hosts only, which it looks for anywhere in the address.
    address = told["recording_url"].replace(customer.place.url, customer.place.secure)
    await ask(voice.download_recording, f"{address}?for=nexmo.com", str(file))
    with wave.open(str(file)) as sound:
        assert sound.getnframes() / sound.getframerate() == pytest.approx(3.0, abs=0.01)
    assert file.stat().st_size == told["size"]


async def test_webhooks_are_verified_by_the_sdk(voice: Any, customer: Customer) -> None:
    await answered(voice, customer)
    heard = customer.shop.asked("/events")
    tokens = [each.headers["authorization"].removeprefix("Bearer ") for each in heard]
    assert len(tokens) == 3
    assert [await ask(voice.verify_signature, each, SECRET) for each in tokens] == [True, True, True]
    assert not await ask(voice.verify_signature, tokens[0], f"{SECRET}-of-another")
