"""`nexmo` 2.5 and `vonage` 3, unmodified, speak with a real server over https: every method of their voice object."""

from __future__ import annotations

import io
import wave
from dataclasses import replace
from typing import Any

import pytest

from tests.sdk.driver import Sdk, Threw
from tests.sdk.place import CALLER, ROW, SECRET, Customer
from tests.support.tokens import keys

pytestmark = pytest.mark.e2e

HOLD = {"action": "talk", "text": "Please hold the line.", "loop": 0}
UNKNOWN = "00000000-0000-4000-8000-000000000000"
# What tests below go through; what is left of `nexmo` belongs to other products.
METHODS = {
    "create_call", "get_calls", "get_call", "update_call", "send_audio", "stop_audio", "send_speech", "stop_speech",
    "send_dtmf", "get_recording",
}  # fmt: skip
NEWER = {"verify_signature"}  # `nexmo` has none
OTHERS = {"initiate_call", "initiate_tts_call", "initiate_tts_prompt_call"}


async def placed(older: Sdk, number: int = 0, **more: Any) -> str:
    """The uuid of a call to somebody who picks up, and is spoken to until one of both hangs up."""
    order = {
        "to": [{"type": "phone", "number": f"{ROW}{number}"}],
        "from": {"type": "phone", "number": CALLER},
        "ncco": [HOLD],
        **more,
    }
    made = await older("create_call", order)
    assert (made["status"], made["direction"]) == ("started", "outbound")
    assert made["conversation_uuid"].startswith("CON-")
    uuid: str = made["uuid"]
    return uuid


async def test_the_methods_are_those_that_are_tested(older: Sdk) -> None:
    assert set(await older("METHODS")) - OTHERS - NEWER == METHODS


async def test_a_call_from_its_creation_to_its_end(older: Sdk, customer: Customer) -> None:
    uuid = await placed(older)
    await customer.pass_time(4)
    assert (await older("get_call", uuid))["status"] == "answered"
    assert await older("update_call", uuid, {"action": "hangup"}) is None
    await customer.pass_time(1)
    call = await older("get_call", uuid)
    assert (call["status"], call["duration"]) == ("completed", "1")
    assert call["to"] == {"type": "phone", "number": f"{ROW}0"}
    assert call["_links"]["self"]["href"] == f"/v1/calls/{uuid}"
    assert customer.statuses == ["started", "ringing", "answered", "completed"]


async def test_calls_are_listed_by_pages(older: Sdk) -> None:
    made = [await placed(older, number) for number in range(3)]
    wish = {"page_size": 2, "record_index": 1, "order": "asc", "status": "started"}
    page = await older("get_calls", wish)
    assert (page["count"], page["page_size"], page["record_index"]) == (3, 2, 1)
    assert [each["uuid"] for each in page["_embedded"]["calls"]] == made[2:]
    assert page["_links"].keys() == {"self", "first", "last", "prev"}
    every = await older("get_calls")
    assert [each["uuid"] for each in every["_embedded"]["calls"]] == made


async def test_a_call_is_changed(older: Sdk, customer: Customer) -> None:
    customer.shop.pages["/elsewhere"] = '[{"action": "talk", "text": "Goodbye."}]'
    uuid = await placed(older)
    await customer.pass_time(4)
    for action in ("mute", "unmute", "earmuff", "unearmuff"):
        assert await older("update_call", uuid, {"action": action}) is None
    there = {"type": "ncco", "url": [customer.shop.at("/elsewhere")]}
    assert await older("update_call", uuid, {"action": "transfer", "destination": there}) is None
    await customer.pass_time(10)
    assert [each.query["uuid"] for each in customer.shop.asked("/elsewhere")] == [uuid]
    assert (await older("get_call", uuid))["status"] == "completed"


async def test_it_is_spoken_played_and_dialled_into_a_call(older: Sdk, customer: Customer) -> None:
    uuid = await placed(older)
    await customer.pass_time(4)
    done = [
        await older("send_speech", uuid, {"text": "A word.", "voice_name": "Amy", "loop": 2}),
        await older("stop_speech", uuid),
        await older("send_audio", uuid, {"stream_url": [customer.shop.at("/tone.wav")], "level": "0.5"}),
        await older("stop_audio", uuid),
        await older("send_dtmf", uuid, {"digits": "1p2#"}),
    ]
    words = ["Talk started", "Talk stopped", "Stream started", "Stream stopped", "DTMF sent"]
    assert done == [{"message": word, "uuid": uuid} for word in words]
    await customer.pass_time(1)
    said = {each["text"]: each.get("language") for each in await customer.timeline(uuid, "said")}
    assert said["A word."] == "en-GB"
    assert [each["digits"] for each in await customer.timeline(uuid, "pressed")] == ["1p2#"]


async def test_a_recording_is_fetched(older: Sdk, customer: Customer) -> None:
    record = {
        "action": "record",
        "format": "wav",
        "timeOut": "3",
        "eventUrl": [customer.shop.at("/recorded")],
    }
    await placed(older, ncco=[record, HOLD])
    await customer.pass_time(8)
    (told,) = [each.json for each in customer.shop.asked("/recorded")]
    address = told["recording_url"].replace(customer.place.url, customer.place.secure)
    came = await older("get_recording", address)
    with wave.open(io.BytesIO(came)) as sound:
        assert sound.getnframes() / sound.getframerate() == pytest.approx(3.0, abs=0.01)


@pytest.mark.parametrize("older_driver", ["vonage3"], indirect=True)
async def test_webhooks_are_verified_by_the_sdk(older: Sdk, customer: Customer) -> None:
    await placed(older)
    await customer.pass_time(4)
    heard = [each.headers["authorization"].removeprefix("Bearer ") for each in customer.shop.asked("/events")]
    assert [await older("verify_signature", each, SECRET) for each in heard] == [True, True, True]
    assert not await older("verify_signature", heard[0], f"{SECRET}-of-another")


async def test_what_goes_wrong_is_thrown(older: Sdk) -> None:
    stranger = Sdk(older.driver, replace(older.client, key=keys(1).private))
    with pytest.raises(Threw) as caught:
        await stranger("get_calls")
    assert caught.value.name == "AuthenticationError"
    # One tells the status, the other the body.
    for method, given, said in (
        ("get_call", (UNKNOWN,), ("404 response", "NOT_FOUND")),
        ("update_call", (UNKNOWN, {"action": "hangup"}), ("404 response", "NOT_FOUND")),
        ("create_call", ({"to": []},), ("400 response", "Bad Request")),
    ):
        with pytest.raises(Threw) as caught:
            await older(method, *given)
        assert caught.value.name == "ClientError"
        assert any(each in caught.value.said for each in said)
