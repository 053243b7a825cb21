"""What may be done to a call under way: over HTTP, on both stores."""

from __future__ import annotations

from typing import Any

from telefonie.core.accounts import Settings
from tests.dialects.vonage.steps import (
    BAD_REQUEST,
    BEEPING,
    HELLO,
    HUMAN,
    MACHINE,
    NOBODY,
    NOT_FOUND,
    WAITING,
    Program,
    a_program,
    invalid,
)
from tests.support.house import House
from tests.support.shop import Shop

NEW = [{"action": "talk", "text": "Something else."}, *WAITING[1:]]


async def said(program: Program, call: dict[str, Any]) -> list[str]:
    """What the platform said on a call."""
    return [each["text"] for each in await program.timeline(call, "said") if each["actor"] == "platform"]


async def test_hanging_up_ends_a_call_that_was_answered(program: Program) -> None:
    call = await program.talk()
    await program.change(call, "hangup")
    assert (await program.look(call))["status"] == "completed"


async def test_hanging_up_cancels_a_call_that_was_not(program: Program) -> None:
    for seconds in (0, 2):
        call = await program.dial(NOBODY)
        await program.pass_time(seconds)
        await program.change(call, "hangup")
        assert (await program.look(call))["status"] == "cancelled"


async def test_a_call_that_is_over_is_not_found_where_it_could_be_changed(program: Program) -> None:
    call = await program.talk()
    await program.change(call, "hangup")
    there = {"type": "ncco", "ncco": NEW}
    bodies: dict[str, list[dict[str, Any]]] = {
        "": [
            *({"action": each} for each in ("hangup", "mute", "unmute", "earmuff", "unearmuff")),
            {"action": "transfer", "destination": there},
        ],
        "/talk": [{"text": "Hello"}],
        "/stream": [{"stream_url": ["https://shop.example/a.mp3"]}],
        "/dtmf": [{"digits": "1"}],
        "/input/dtmf": [{"event_url": ["https://shop.example/keys"]}],
    }
    for below, given in bodies.items():
        for body in given:
            answer = await program.put(call, below, **body)
            assert (answer.status_code, answer.json()) == (404, NOT_FOUND), (below, body)
        if below:
            answer = await program.calls.delete(f"/v1/calls/{call['uuid']}{below}")
            assert answer.status_code == (405 if below == "/dtmf" else 404)


async def test_what_nobody_has_answered_can_only_be_hung_up(program: Program) -> None:
    call = await program.dial(NOBODY)
    for action in ("mute", "unmute", "earmuff", "unearmuff"):
        answer = await program.put(call, action=action)
        assert (answer.status_code, answer.json()) == (400, BAD_REQUEST)
    there = {"type": "ncco", "ncco": NEW}
    assert (await program.put(call, action="transfer", destination=there)).json() == BAD_REQUEST
    await program.change(call, "hangup")


async def test_a_call_is_muted_and_deafened_as_often_as_one_likes(program: Program) -> None:
    call = await program.talk()
    for action in ("mute", "unmute", "earmuff", "unearmuff"):
        await program.change(call, action)
        await program.change(call, action)
    kinds = [each["type"] for each in await program.timeline(call)]
    assert [each for each in kinds if "mute" in each or "deaf" in each] == [
        "muted",
        "unmuted",
        "deafened",
        "undeafened",
    ]


async def test_a_call_goes_on_with_a_document_that_is_handed_in(program: Program) -> None:
    call = await program.talk()
    await program.change(call, "transfer", destination={"type": "ncco", "ncco": NEW})
    await program.pass_time(5)
    assert await said(program, call) == ["Please wait.", "Something else."]
    assert (await program.look(call))["status"] == "answered"


async def test_a_call_goes_on_with_a_document_that_is_asked_for_by_get(program: Program, shop: Shop) -> None:
    shop.pages["/next"] = '[{"action":"talk","text":"From elsewhere."},{"action":"wait","timeout":60}]'
    call = await program.talk()
    await program.change(call, "transfer", destination={"type": "ncco", "url": [shop.at("/next")]})
    await program.pass_time(5)
    assert await said(program, call) == ["Please wait.", "From elsewhere."]
    [asked] = shop.asked("/next")
    assert (asked.method, asked.query["uuid"]) == ("GET", call["uuid"])
    assert (asked.query["to"], asked.query["conversation_uuid"]) == (HUMAN, call["conversation_uuid"])


async def test_a_bad_field_is_named(program: Program) -> None:
    call = await program.talk()
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({}, "action"),
        ({"action": "fly"}, "action"),
        ({"action": None}, "action"),
        ({"action": "transfer"}, "destination"),
        ({"action": "transfer", "destination": "https://shop.example"}, "destination"),
        ({"action": "transfer", "destination": {"type": "ncco"}}, "destination.url"),
        ({"action": "transfer", "destination": {"type": "bus", "ncco": NEW}}, "destination.type"),
        (
            {"action": "transfer", "destination": {"type": "ncco", "url": "https://shop.example"}},
            "destination.url",
        ),
        ({"action": "transfer", "destination": {"type": "ncco", "ncco": ["talk"]}}, "destination.ncco"),
    )
    for body, name in wrong:
        assert invalid(await program.put(call, **body)) == [name]
    assert await said(program, call) == ["Please wait."]


async def test_what_is_not_known_is_ignored_and_named(program: Program) -> None:
    call = await program.talk()
    answer = await program.put(call, action="mute", loudly=True)
    assert (answer.status_code, answer.headers["x-ignored-fields"]) == (204, "loudly")


async def test_a_call_that_was_just_made_may_have_to_settle_first(house: House) -> None:
    async with a_program(house, settings=Settings(settling_ms=1_500)) as program:
        call = await program.dial()
        answer = await program.put(call, action="hangup")
        assert (answer.status_code, answer.json()) == (400, BAD_REQUEST)
        await program.pass_time(1.5)
        await program.change(call, "hangup")


async def test_a_machine_is_hung_up_on_or_talked_to(program: Program) -> None:
    for wish in (
        {"machine_detection": "hangup"},
        {"advanced_machine_detection": {"behavior": "hangup"}},
        {"advancedMachineDetection": {"behavior": "hangup", "mode": "default", "beepTimeout": "45"}},
        {"machine_detection": "continue", "advanced_machine_detection": {"behavior": "hangup"}},
    ):
        call = await program.dial(MACHINE, ncco=WAITING, **wish)
        await program.pass_time(10)
        assert (await program.look(call))["status"] == "completed"
    call = await program.dial(MACHINE, ncco=WAITING, machine_detection="continue")
    await program.pass_time(10)
    assert (await program.look(call))["status"] == "machine"


async def test_the_document_waits_for_the_verdict_or_not(program: Program) -> None:
    begun = {}
    for mode in ("default", "detect", "detect_beep"):
        wish = {"mode": mode, "beep_timeout": 45}
        call = await program.dial(BEEPING, ncco=HELLO, advanced_machine_detection=wish)
        await program.pass_time(60)
        [words] = [each for each in await program.timeline(call, "said") if each["actor"] == "platform"]
        begun[mode] = words["offset_ms"]
    assert begun["default"] == 3_000
    assert begun["default"] < begun["detect"] < begun["detect_beep"]


async def test_advanced_detection_is_asked_for_as_it_is_wished(program: Program) -> None:
    events = {"event_url": ["https://shop.example/events"]}
    advanced = {"mode": "default", "beep_timeout": "60"}
    order = await program.order(await program.dial(NOBODY, advanced_machine_detection=advanced, **events))
    assert (order.beep_ms, order.detection_answers, order.detection_aside) == (60_000, True, True)
    assert order.detection_url == "https://shop.example/events"
    plain = await program.order(await program.dial(NOBODY, machine_detection="continue", **events))
    assert (plain.beep_ms, plain.detection_answers, plain.detection_url) == (0, False, None)
