"""`@vonage/server-sdk`, unmodified, speaks with a real server over http and https: every method of its voice object."""

from __future__ import annotations

import wave
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.sdk.driver import Sdk, Threw
from tests.sdk.place import ALIAS, CALLER, ROW, Customer
from tests.support.tokens import keys

pytestmark = pytest.mark.e2e

HOLD = {"action": "talk", "text": "Please hold the line.", "loop": 0}
UNKNOWN = "00000000-0000-4000-8000-000000000000"
# What tests below go through; a method that a newer release adds has to be added to one of them.
METHODS = {
    "createOutboundCall", "getAllCalls", "getCallsPage", "search", "getCall", "playDTMF", "subscribeDTMF",
    "unsubscribeDTMF", "playTTS", "stopTTS", "streamAudio", "stopStreamAudio", "transferCallWithNCCO",
    "transferCallWithURL", "hangupCall", "muteCall", "unmuteCall", "earmuffCall", "unearmuffCall", "downloadRecording",
    "downloadTranscription",
}  # fmt: skip
INNER = {"constructor", "callAction"}  # the second sends what all that change a call have in common


async def placed(node: Sdk, number: int = 0, **more: Any) -> str:
    """The uuid of a call to somebody who picks up, and is spoken to until one of both hangs up."""
    order: dict[str, Any] = {
        "to": [{"type": "phone", "number": f"{ROW}{number}"}],
        "from": {"type": "phone", "number": CALLER},
        "ncco": [HOLD],
        **more,
    }
    made = await node("createOutboundCall", order)
    assert (made["status"], made["direction"]) == ("started", "outbound")
    assert made["conversationUUID"].startswith("CON-")
    uuid: str = made["uuid"]
    return uuid


async def answered(node: Sdk, customer: Customer, **more: Any) -> str:
    """The same, once it is picked up."""
    uuid = await placed(node, **more)
    await customer.pass_time(4)
    return uuid


async def test_the_methods_are_those_that_are_tested(node: Sdk) -> None:
    assert set(await node("METHODS")) - INNER == METHODS


# -- calls --


@pytest.mark.parametrize(
    ("endpoint", "shown"),
    [
        ({"type": "phone", "number": f"{ROW}0", "dtmfAnswer": "1p2"}, {"number": f"{ROW}0"}),
        (
            {
                "type": "sip",
                "uri": "sip:kim@sip.example.com",
                "standardHeaders": {"userToUser": "342;encoding=hex"},
            },
            {"uri": "sip:kim@sip.example.com"},
        ),
        (
            {
                "type": "websocket",
                "uri": "wss://bots.example.com/socket",
                "content-type": "audio/l16;rate=8000",
                "headers": {"of": "us"},
            },
            {"uri": "wss://bots.example.com/socket", "content-type": "audio/l16;rate=8000"},
        ),
        ({"type": "vbc", "extension": "1234"}, {"extension": "1234"}),
        ({"type": "app", "user": "kim"}, {}),
    ],
    ids=lambda each: each.get("type", ""),
)
async def test_a_call_to_each_kind_of_endpoint(
    node: Sdk, endpoint: dict[str, Any], shown: dict[str, str]
) -> None:
    call = await node("getCall", await placed(node, to=[endpoint]))
    assert call["status"] == "started"
    assert shown.items() <= call["to"].items()


async def test_a_call_with_everything_that_can_be_said_of_it(node: Sdk, customer: Customer) -> None:
    customer.shop.pages["/answer"] = '[{"action": "talk", "text": "Hello"}]'
    order = {
        "answerUrl": [customer.shop.at("/answer")],
        "answerMethod": "POST",
        "to": [{"type": "phone", "number": f"{ROW}0"}],
        "from": {"type": "phone", "number": CALLER},
        "eventUrl": [customer.shop.at("/events")],
        "eventMethod": "POST",
        "advancedMachineDetection": {"behavior": "continue", "mode": "detect", "beepTimeout": 60},
        "lengthTimer": 3600,
        "ringingTimer": 30,
    }
    uuid = (await node("createOutboundCall", order))["uuid"]
    await customer.pass_time(30)
    (asked,) = customer.shop.asked("/answer")
    assert (asked.method, asked.json["uuid"]) == ("POST", uuid)
    assert sorted(customer.statuses) == ["answered", "completed", "human", "ringing", "started"]


async def test_what_is_known_of_a_call_when_it_is_over(node: Sdk, customer: Customer) -> None:
    uuid = await answered(node, customer)
    await customer.pass_time(59)
    assert await node("hangupCall", uuid) is None
    call = await node("getCall", uuid)
    assert (call["status"], call["duration"]) == ("completed", "60")
    assert (call["startTime"], call["endTime"]) == ("2030-01-01T00:00:03.000Z", "2030-01-01T00:01:03.000Z")
    assert float(call["price"]) == float(call["rate"]) > 0
    assert call["from"] == {"type": "phone", "number": CALLER}
    await customer.pass_time(1)
    assert customer.statuses == ["started", "ringing", "answered", "completed"]


# -- lists --


async def test_all_calls_are_found_through_all_pages(node: Sdk) -> None:
    made = [await placed(node, number) for number in range(5)]
    every = await node("getAllCalls", {"pageSize": 2, "order": "asc"})
    assert [each["uuid"] for each in every] == made
    assert {each["conversationUUID"][:4] for each in every} == {"CON-"}
    newest = await node("getAllCalls", {"pageSize": 3, "order": "desc"})
    assert [each["uuid"] for each in newest] == made[::-1]


@pytest.mark.parametrize("method", ["getCallsPage", "search"])
async def test_a_page_is_narrowed_by_what_is_asked(node: Sdk, customer: Customer, method: str) -> None:
    uuid = await answered(node, customer)
    await placed(node, 1)
    conversation = (await node("getCall", uuid))["conversationUUID"]
    for wish in (
        {"status": "answered"},
        {"conversationUUID": conversation},
        {"dateStart": "2030-01-01T00:00:00.000Z", "dateEnd": "2030-01-01T01:00:00.000Z"},
        {"pageSize": 1, "recordIndex": 0},
    ):
        page = await node(method, wish)
        assert [each["uuid"] for each in page["_embedded"]["calls"]] == [uuid], wish
        assert page["count"] == (2 if "pageSize" in wish else 1)


# -- calls under way --


async def test_a_call_is_changed(node: Sdk, customer: Customer) -> None:
    uuid = await answered(node, customer, ncco=[{"action": "conversation", "name": "here"}])
    for method in ("muteCall", "unmuteCall", "earmuffCall", "unearmuffCall"):
        assert await node(method, uuid) is None
    customer.shop.pages["/elsewhere"] = '[{"action": "conversation", "name": "there"}]'
    assert await node("transferCallWithURL", uuid, customer.shop.at("/elsewhere")) is None
    await customer.pass_time(1)
    (asked,) = customer.shop.asked("/elsewhere")
    assert asked.query["uuid"] == uuid
    assert await node("transferCallWithNCCO", uuid, [{"action": "talk", "text": "Goodbye."}]) is None
    await customer.pass_time(10)
    assert [each["text"] for each in await customer.timeline(uuid, "said")][-1] == "Goodbye."
    assert (await node("getCall", uuid))["status"] == "completed"


async def test_it_is_spoken_played_and_dialled_into_a_call(node: Sdk, customer: Customer) -> None:
    uuid = await answered(node, customer)
    speech = {"text": "A word.", "language": "en-GB", "style": 1, "premium": True, "loop": 2, "level": 0.5}
    done = [
        await node("playTTS", uuid, speech),
        await node("stopTTS", uuid),
        await node("streamAudio", uuid, customer.shop.at("/tone.wav"), 2, -0.5),
        await node("stopStreamAudio", uuid),
        await node("playDTMF", uuid, "1p2#"),
    ]
    words = ["Talk started", "Talk stopped", "Stream started", "Stream stopped", "DTMF sent"]
    assert done == [{"message": word, "uuid": uuid} for word in words]
    await customer.pass_time(1)
    assert "A word." in [each["text"] for each in await customer.timeline(uuid, "said")]
    assert [each["digits"] for each in await customer.timeline(uuid, "pressed")] == ["1p2#"]


async def test_keys_are_told_as_they_are_pressed(node: Sdk, customer: Customer) -> None:
    listening = [{"action": "input", "type": ["dtmf"], "mode": "asynchronous"}, HOLD]
    uuid = await answered(node, customer, ncco=listening)
    assert await node("subscribeDTMF", uuid, customer.shop.at("/keys")) is None
    await press(customer, uuid, "42")
    told = [each.json["dtmf"]["digits"] for each in customer.shop.asked("/keys")]
    assert told == ["4", "2"]
    assert await node("unsubscribeDTMF", uuid) is None
    await press(customer, uuid, "7")
    assert len(customer.shop.asked("/keys")) == 2


async def press(customer: Customer, uuid: str, digits: str) -> None:
    """The far end presses keys."""
    answer = await customer.client.post(f"/v1/simulator/calls/{uuid}/act", json={"press": digits})
    assert answer.status_code == 200, answer.text
    await customer.pass_time(3)


# -- files --


async def recorded(node: Sdk, customer: Customer, **more: Any) -> list[dict[str, Any]]:
    """What is told when somebody was recorded for three seconds."""
    record = {
        "action": "record",
        "format": "wav",
        "timeOut": 3,
        "eventUrl": [customer.shop.at("/recorded")],
        **more,
    }
    await answered(node, customer, ncco=[record, HOLD])
    await customer.pass_time(6)
    return [each.json for each in customer.shop.asked("/recorded")]


@pytest.mark.parametrize("by", ["id", "address"])
async def test_a_recording_is_downloaded(node: Sdk, customer: Customer, tmp_path: Path, by: str) -> None:
    (told,) = await recorded(node, customer)
    there = aliased(node)
    wanted = told["recording_url"].replace(customer.place.url, there.client.host)
    file = tmp_path / "recording.wav"
    assert (
        await there("downloadRecording", wanted if by == "address" else wanted.rpartition("/")[2], str(file))
        is None
    )
    with wave.open(str(file)) as sound:
        assert sound.getnframes() / sound.getframerate() == pytest.approx(3.0, abs=0.01)


async def test_a_transcript_is_downloaded(node: Sdk, customer: Customer, tmp_path: Path) -> None:
    asked = {"language": "en-US", "eventUrl": [customer.shop.at("/transcribed")]}
    await recorded(node, customer, transcription=asked)
    (told,) = [each.json for each in customer.shop.asked("/transcribed")]
    there = aliased(node)
    wanted = told["transcription_url"].replace(customer.place.url, there.client.host)
    file = tmp_path / "transcript.json"
    assert await there("downloadTranscription", wanted, str(file)) is None
    assert "channels" in file.read_text()


def aliased(node: Sdk) -> Sdk:
    """The same server under one of its vendor's names: it fetches files from nowhere else."""
    host = urlsplit(node.client.host)
    return Sdk(node.driver, replace(node.client, host=f"{host.scheme}://{ALIAS}:{host.port}"))


# -- what goes wrong --


async def test_what_goes_wrong_is_thrown(node: Sdk) -> None:
    stranger = Sdk(node.driver, replace(node.client, key=keys(1).private))
    for sdk, method, given, status in (
        (stranger, "getCall", (UNKNOWN,), 401),
        (node, "getCall", (UNKNOWN,), 404),
        (node, "hangupCall", (UNKNOWN,), 404),
        (node, "createOutboundCall", ({"to": []},), 400),
    ):
        with pytest.raises(Threw) as caught:
            await sdk(method, *given)
        assert (caught.value.name, caught.value.status) == ("VetchError", status)
