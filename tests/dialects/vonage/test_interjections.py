"""What is said, played and pressed into a call under way: over HTTP, on both stores."""

from __future__ import annotations

from typing import Any, Final

import httpx
import pytest

from tests.dialects.vonage.steps import BAD_REQUEST, CALLS, HUMAN, NOBODY, Program, invalid
from tests.support.shop import Shop

FILE: Final = ["https://shop.example/wait.mp3"]


async def stop(program: Program, call: dict[str, Any], below: str) -> httpx.Response:
    """DELETE, as clients send it: with the type of an earlier body, and none."""
    return await program.calls.delete(
        f"{CALLS}/{call['uuid']}{below}", headers={"Content-Type": "application/json", "Content-Length": "0"}
    )


async def words(program: Program, call: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What the platform said: text, language, voice."""
    return [
        (each["text"], each["language"], each.get("voice", ""))
        for each in await program.timeline(call, "said")
        if each["actor"] == "platform"
    ]


async def test_something_is_said_into_a_call(program: Program) -> None:
    call = await program.talk()
    answer = await program.put(call, "/talk", text="Somebody is on the way.")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json() == {"message": "Talk started", "uuid": call["uuid"]}
    await program.pass_time(5)
    assert (await words(program, call))[-1] == ("Somebody is on the way.", "en-US", "Kimberly")
    assert (await program.put(call, "/talk", text="x" * 1500)).status_code == 200


@pytest.mark.parametrize(
    ("wish", "language", "voice"),
    [
        ({"voice_name": "Mizuki"}, "ja-JP", "Mizuki"),
        ({"voice_name": "Chipmunk"}, "en-US", "Justin"),
        ({"language": "en-GB", "style": 4}, "en-GB", "Brian"),
        ({"language": "nl-NL", "style": "1", "premium": "true"}, "nl-NL", "nl-NL.1"),
    ],
)
async def test_it_is_said_in_a_language_by_a_voice(
    program: Program, wish: dict[str, Any], language: str, voice: str
) -> None:
    call = await program.talk()
    assert (await program.put(call, "/talk", text="Hm", **wish)).status_code == 200
    await program.pass_time(5)
    assert (await words(program, call))[-1] == ("Hm", language, voice)


async def test_it_is_said_as_often_as_wished_until_it_is_stopped(program: Program) -> None:
    call = await program.talk()
    await program.put(call, "/talk", text="Again.", loop="3", level="-0.5")
    await program.pass_time(20)
    assert [text for text, _, _ in await words(program, call)].count("Again.") == 3
    await program.put(call, "/talk", text="For ever.", loop=0, level=0.30000000000000004)
    await program.pass_time(20)
    stopped = await stop(program, call, "/talk")
    assert (stopped.status_code, stopped.json()) == (200, {"message": "Talk stopped", "uuid": call["uuid"]})
    said = await words(program, call)
    await program.pass_time(20)
    assert await words(program, call) == said


async def test_nothing_needs_to_be_said_or_played_to_be_stopped(program: Program) -> None:
    call = await program.talk()
    for below, message in (("/talk", "Talk stopped"), ("/stream", "Stream stopped")):
        assert (await stop(program, call, below)).json() == {"message": message, "uuid": call["uuid"]}


async def test_a_file_is_played_into_a_call(program: Program, shop: Shop) -> None:
    call = await program.talk()
    answer = await program.put(call, "/stream", stream_url=[shop.at("/wait.mp3")], loop=1, level="0.4")
    assert (answer.status_code, answer.json()) == (200, {"message": "Stream started", "uuid": call["uuid"]})
    await program.pass_time(1)
    assert [each.method for each in shop.asked("/wait.mp3")] == ["GET"]


async def test_keys_are_pressed_into_a_call(program: Program) -> None:
    call = await program.talk()
    for digits in ("1p2#*", 1713):
        answer = await program.put(call, "/dtmf", digits=digits)
        assert (answer.status_code, answer.json()) == (200, {"message": "DTMF sent", "uuid": call["uuid"]})
    pressed = [each for each in await program.timeline(call, "pressed") if each["actor"] == "platform"]
    assert [each["digits"] for each in pressed] == ["1p2#*", "1713"]


async def test_whoever_wants_is_told_each_key(program: Program, shop: Shop) -> None:
    script = [{"wait": 5}, {"press": "7"}, {"wait": 10}, {"press": "8"}]
    await program.key.put(f"/v1/simulator/phones/{HUMAN}", json={"outcome": "human", "script": script})
    call = await program.talk()
    for body in ({"event_url": [shop.at("/old")]}, {"eventUrl": [shop.at("/keys")]}):
        answer = await program.put(call, "/input/dtmf", **body)
        assert (answer.status_code, answer.json()) == (200, {})
    await program.pass_time(6)
    [told] = shop.asked("/keys")
    assert (told.json["dtmf"]["digits"], told.json["uuid"]) == ("7", call["uuid"])
    assert (await stop(program, call, "/input/dtmf")).json() == {}
    await program.pass_time(20)
    assert (len(shop.asked("/keys")), shop.asked("/old")) == (1, [])


async def test_nothing_of_it_can_be_done_before_the_answer(program: Program) -> None:
    call = await program.dial(NOBODY)
    await program.pass_time(2)
    bodies: dict[str, dict[str, Any]] = {
        "/talk": {"text": "Hello"},
        "/stream": {"stream_url": FILE},
        "/dtmf": {"digits": "1"},
        "/input/dtmf": {"event_url": FILE},
    }
    for below, body in bodies.items():
        answer = await program.put(call, below, **body)
        assert (answer.status_code, answer.json()) == (400, BAD_REQUEST), below


WRONG: Final[tuple[tuple[str, dict[str, Any], str], ...]] = (
    ("/talk", {}, "text"),
    ("/talk", {"text": ""}, "text"),
    ("/talk", {"text": "x" * 1501}, "text"),
    ("/talk", {"text": 7}, "text"),
    ("/talk", {"text": "x", "language": "tlh"}, "language"),
    ("/talk", {"text": "x", "voice_name": "Hal"}, "voice_name"),
    ("/talk", {"text": "x", "style": -1}, "style"),
    ("/talk", {"text": "x", "premium": "perhaps"}, "premium"),
    ("/talk", {"text": "x", "loop": -1}, "loop"),
    ("/talk", {"text": "x", "level": 1.1}, "level"),
    ("/talk", {"text": "x", "level": "loud"}, "level"),
    ("/talk", {"text": "x", "level": True}, "level"),
    ("/stream", {}, "stream_url"),
    ("/stream", {"stream_url": FILE[0]}, "stream_url"),
    ("/stream", {"stream_url": []}, "stream_url"),
    ("/stream", {"stream_url": FILE * 2}, "stream_url"),
    ("/stream", {"stream_url": FILE, "level": "-1.5"}, "level"),
    ("/dtmf", {}, "digits"),
    ("/dtmf", {"digits": ""}, "digits"),
    ("/dtmf", {"digits": "A"}, "digits"),
    ("/dtmf", {"digits": 1.5}, "digits"),
    ("/input/dtmf", {}, "event_url"),
    ("/input/dtmf", {"event_url": FILE[0]}, "event_url"),
)


async def test_a_bad_field_is_named(program: Program) -> None:
    call = await program.talk()
    for below, body, name in WRONG:
        assert invalid(await program.put(call, below, **body)) == [name], (below, body)


async def test_the_service_says_why_an_address_alone_is_not_enough(program: Program) -> None:
    call = await program.talk()
    answer = await program.put(call, "/stream", stream_url=FILE[0])
    assert answer.json() == {
        "type": 400,
        "title": "Bad Request",
        "invalid_parameters": [{"name": "stream_url", "reason": "Invalid type parameter provided"}],
    }
