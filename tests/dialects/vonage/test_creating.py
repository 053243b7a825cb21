"""What a call may be made of, in all the ways in which the vendor's clients write it: over HTTP, on both stores."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import httpx
import pytest

from telefonie.core.accounts import NumberPolicy, Settings
from telefonie.core.applications import Hook
from telefonie.engine.limits import Limits
from tests.dialects.vonage.steps import (
    BAD_REQUEST,
    CALLER,
    CALLS,
    HELLO,
    HUMAN,
    NOBODY,
    Program,
    a_program,
    invalid,
)
from tests.support.house import House
from tests.support.shop import Shop

SOCKET = {"type": "websocket", "uri": "wss://bot.example/", "content-type": "audio/l16;rate=16000"}
URL = ["https://shop.example/answer"]


async def test_four_fields_are_told_of_a_new_call(program: Program) -> None:
    answer = await program.create()
    call = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/json")
    assert list(call) == ["uuid", "status", "direction", "conversation_uuid"]
    assert str(UUID(call["uuid"])) == call["uuid"]
    assert (call["status"], call["direction"]) == ("started", "outbound")
    con, _, conversation = call["conversation_uuid"].partition("-")
    assert (con, str(UUID(conversation))) == ("CON", conversation)
    neutral = await program.neutral(call)
    assert neutral == {
        **neutral,
        "face": "vonage",
        "from": f"+{CALLER}",
        "to": f"+{HUMAN}",
        "currency": "EUR",
    }


async def test_a_slash_may_stand_behind_the_collection(program: Program) -> None:
    call = await program.dial()
    body = {"to": [{"type": "phone", "number": HUMAN}], "from": CALLER, "ncco": HELLO}
    assert (await program.calls.post(f"{CALLS}/", json=body)).status_code == 201
    page = (await program.calls.get(f"{CALLS}/")).json()
    assert (page["count"], page["_embedded"]["calls"][0]["uuid"]) == (2, call["uuid"])


ENDS: Final[tuple[tuple[Any, Any], ...]] = (
    ({"type": "phone", "number": f"+{HUMAN}"}, {"type": "phone", "number": HUMAN}),
    ({"type": "phone", "number": int(HUMAN)}, {"type": "phone", "number": HUMAN}),
    ({"type": "phone", "number": "1234567"}, {"type": "phone", "number": "1234567"}),
    ({"type": "phone", "number": HUMAN, "shaken": {"a": 1}}, {"type": "phone", "number": HUMAN}),
    ({"type": "sip", "uri": "sip:kim@pbx.example"}, {"type": "sip", "uri": "sip:kim@pbx.example"}),
    (
        {"type": "sip", "uri": "SIPS:kim@pbx.example;transport=tls"},
        {"type": "sip", "uri": "sips:kim@pbx.example;transport=tls"},
    ),
    ({"type": "sip", "uri": "kim@pbx.example"}, {"type": "sip", "uri": "sip:kim@pbx.example"}),
    (
        {"type": "sip", "user": "kim", "domain": "pbx.example"},
        {"type": "sip", "uri": "sip:kim@pbx.example"},
    ),
    (SOCKET, {**SOCKET, "headers": {}}),
    (
        {**SOCKET, "uri": "ws://bot.example/" + "x" * 2000, "headers": {"a": [1]}},
        {**SOCKET, "uri": "ws://bot.example/" + "x" * 2000, "headers": {"a": [1]}},
    ),
    ({"type": "vbc", "extension": "123"}, {"type": "vbc", "extension": "123"}),
    ({"type": "vbc", "extension": 123}, {"type": "vbc", "extension": "123"}),
    ({"type": "app", "user": "kim"}, {"type": "phone", "number": "kim", "user": "kim"}),
)


async def test_every_kind_of_endpoint_is_called(program: Program) -> None:
    for end, shown in ENDS:
        assert (await program.look(await program.dial(end)))["to"] == shown


NO_ENDS: Final[tuple[tuple[Any, str], ...]] = (
    (..., "to"),
    ([], "to"),
    ("447700900000", "to"),
    ([{"type": "phone", "number": HUMAN}] * 2, "to"),
    ([HUMAN], "to.0"),
    ([{"number": HUMAN}], "to.0"),
    ([{"type": "fax", "number": HUMAN}], "to.0"),
    ([{"type": "phone", "number": "123456"}], "to.0.number"),
    ([{"type": "phone", "number": "1" * 16}], "to.0.number"),
    ([{"type": "phone", "number": HUMAN, "dtmfAnswer": "A"}], "to.0.dtmfAnswer"),
    ([{"type": "sip"}], "to.0"),
    ([{"type": "sip", "user": "kim"}], "to.0"),
    ([{"type": "sip", "uri": "https://pbx.example"}], "to.0.uri"),
    ([{**SOCKET, "uri": "https://bot.example"}], "to.0.uri"),
    ([{**SOCKET, "uri": "wss://bot.example/" + "x" * 2048}], "to.0.uri"),
    ([{**SOCKET, "content-type": "audio/l16;rate=44100"}], "to.0.content-type"),
    ([{**SOCKET, "headers": {"a": "x" * 510}}], "to.0.headers"),
    ([{**SOCKET, "authorization": {"type": "basic"}}], "to.0.authorization.type"),
    ([{"type": "vbc", "extension": "kim"}], "to.0.extension"),
    ([{"type": "app", "user": "kim of sales"}], "to.0.user"),
)


async def test_what_cannot_be_called_is_refused(program: Program) -> None:
    for to, name in NO_ENDS:
        body = {"to": to, "from": CALLER, "ncco": HELLO}
        sent = {key: value for key, value in body.items() if value is not ...}
        assert invalid(await program.calls.post(CALLS, json=sent)) == [name]


CALLERS: Final[tuple[tuple[Any, Any], ...]] = (
    ({"type": "phone", "number": CALLER}, {"type": "phone", "number": CALLER}),
    ({"number": f"+{CALLER}"}, {"type": "phone", "number": CALLER}),
    (CALLER, {"type": "phone", "number": CALLER}),
    (int(CALLER), {"type": "phone", "number": CALLER}),
    ({"type": "phone", "number": "sip:kim@pbx.example"}, {"type": "sip", "uri": "sip:kim@pbx.example"}),
    ({"type": "sip", "uri": "sip:kim@pbx.example"}, {"type": "sip", "uri": "sip:kim@pbx.example"}),
)


async def test_who_calls_is_written_in_several_ways(program: Program) -> None:
    for given, shown in CALLERS:
        assert (await program.look(await program.dial(**{"from": given})))["from"] == shown


async def test_nobody_else_can_call(program: Program) -> None:
    for given in ("12345", "kim", {"type": "phone"}, {"type": "app", "user": "kim"}, [CALLER], None, True):
        assert invalid(await program.create(**{"from": given})) == ["from"], given


async def test_without_a_caller_one_of_the_applications_numbers_calls(program: Program) -> None:
    assert invalid(await program.create(**{"from": ...})) == ["from"]
    assert invalid(await program.create(**{"from": ..., "random_from_number": True})) == ["from"]
    await program.number("+31201234568")
    await program.number("+31201234567")
    for fields in ({}, {"random_from_number": True}, {"random_from_number": "true"}):
        call = await program.dial(**{"from": ..., **fields})
        assert (await program.look(call))["from"] == {"type": "phone", "number": "31201234567"}
    both = await program.create(random_from_number=True)
    assert invalid(both) == ["random_from_number"]


async def test_the_caller_must_be_owned_where_it_must_be(house: House) -> None:
    async with a_program(house, settings=Settings(number_policy=NumberPolicy.OWNED)) as program:
        assert invalid(await program.create()) == ["from"]
        await program.number(f"+{CALLER}")
        assert (await program.dial())["status"] == "started"


WRONG: Final[tuple[tuple[dict[str, Any], str], ...]] = (
    ({"ncco": ...}, "ncco"),
    ({"ncco": {"action": "talk", "text": "x"}}, "ncco"),
    ({"ncco": ["talk"]}, "ncco"),
    ({"ncco": ..., "answer_url": "https://shop.example/"}, "answer_url"),
    ({"ncco": ..., "answer_url": []}, "answer_url"),
    ({"ncco": ..., "answer_url": URL * 2}, "answer_url"),
    ({"ncco": ..., "answer_url": ["shop"]}, "answer_url"),
    ({"answer_method": "PUT"}, "answer_method"),
    ({"event_url": "https://shop.example/"}, "event_url"),
    ({"event_url": [7]}, "event_url"),
    ({"event_method": "DELETE"}, "event_method"),
    ({"machine_detection": "detect"}, "machine_detection"),
    ({"advanced_machine_detection": {"behavior": "stop"}}, "advanced_machine_detection.behavior"),
    ({"advanced_machine_detection": {"mode": "beep"}}, "advanced_machine_detection.mode"),
    ({"advanced_machine_detection": {"beep_timeout": 29}}, "advanced_machine_detection.beep_timeout"),
    ({"advanced_machine_detection": {"beepTimeout": 121}}, "advanced_machine_detection.beepTimeout"),
    ({"length_timer": 0}, "length_timer"),
    ({"length_timer": 86_401}, "length_timer"),
    ({"length_timer": "soon"}, "length_timer"),
    ({"length_timer": True}, "length_timer"),
    ({"length_timer": 1.5}, "length_timer"),
    ({"ringing_timer": 121}, "ringing_timer"),
    ({"ringing_timer": "0"}, "ringing_timer"),
    ({"random_from_number": "maybe"}, "random_from_number"),
)


async def test_a_bad_field_is_named(program: Program) -> None:
    for fields, name in WRONG:
        assert invalid(await program.create(**fields)) == [name], fields


async def test_all_bad_fields_are_named_at_once_and_why_in_the_services_words(program: Program) -> None:
    answer = await program.create("1", event_url="x", event_method="PUT", length_timer=0)
    assert invalid(answer) == ["to.0.number", "event_url", "event_method", "length_timer"]
    reasons = {each["name"]: each["reason"] for each in answer.json()["invalid_parameters"]}
    assert reasons["event_url"] == "Invalid type parameter provided"


async def test_what_is_no_json_object_has_the_other_body(program: Program) -> None:
    for body in (b"{", b"[]", b"7", b'{"a":NaN}', b"\xff", b'{"to":"\\u0000"}'):
        answer = await program.calls.post(CALLS, content=body)
        assert (answer.status_code, answer.json()) == (400, BAD_REQUEST), body


async def test_a_body_of_another_type_is_told_so(program: Program) -> None:
    answer = await program.calls.post(CALLS, content=b"{}", headers={"Content-Type": "text/xml"})
    assert (answer.status_code, answer.json()["type"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_what_is_not_known_is_ignored_and_named(program: Program) -> None:
    answer = await program.create(colour="red", length_timr=7)
    assert (answer.status_code, answer.headers["x-ignored-fields"]) == (201, "colour, length_timr")
    assert (await program.timeline(answer.json(), "ignored_fields"))[0]["fields"] == ["colour", "length_timr"]


async def test_timers_have_their_defaults_and_may_be_texts(program: Program) -> None:
    usual = await program.order(await program.dial(NOBODY))
    assert (usual.ring_ms, usual.limit_ms) == (60_000, 7_200_000)
    given = await program.order(await program.dial(NOBODY, ringing_timer="7", length_timer="86400"))
    assert (given.ring_ms, given.limit_ms) == (7_000, 86_400_000)


async def test_a_call_that_rings_too_long_is_given_up(program: Program) -> None:
    call = await program.dial(NOBODY, ringing_timer=5)
    await program.pass_time(5.9)
    assert (await program.look(call))["status"] == "ringing"
    await program.pass_time(0.1)
    assert (await program.look(call))["status"] == "timeout"


async def test_a_call_that_lasts_too_long_is_ended(program: Program) -> None:
    call = await program.talk(length_timer=5)
    await program.pass_time(4)
    ended = await program.look(call)
    assert (ended["status"], ended["duration"]) == ("completed", "5")


async def test_the_document_is_asked_for_when_the_callee_answers(program: Program, shop: Shop) -> None:
    shop.pages["/answer"] = '[{"action":"talk","text":"So it is you."}]'
    for method in ("GET", "POST"):
        call = await program.dial(ncco=..., answer_url=[shop.at("/answer")], answer_method=method)
        await program.pass_time(2.9)
        assert not [each for each in shop.asked("/answer") if each.method == method]
        await program.pass_time(20)
        assert [each.method for each in shop.asked("/answer")][-1] == method
        said = [each["text"] for each in await program.timeline(call, "said") if each["actor"] == "platform"]
        assert said == ["So it is you."]


async def test_a_document_in_the_request_goes_before_an_address(program: Program, shop: Shop) -> None:
    await program.dial(answer_url=[shop.at("/answer")])
    await program.pass_time(30)
    assert shop.asked("/answer") == []


async def test_events_go_to_the_calls_own_address_else_to_the_applications(house: House, shop: Shop) -> None:
    async with a_program(house, event=Hook(shop.at("/app"), "POST")) as program:
        await program.dial(NOBODY)
        await program.dial(NOBODY, event_url=[shop.at("/own")], event_method="get")
        await program.pass_time(2)
    assert [each.method for each in shop.asked("/app")] == ["POST", "POST"]
    assert [each.json["status"] for each in shop.asked("/app")] == ["started", "ringing"]
    assert [(each.method, each.query["status"]) for each in shop.asked("/own")] == [
        ("GET", "started"),
        ("GET", "ringing"),
    ]


async def test_keys_are_pressed_when_the_phone_is_answered(program: Program) -> None:
    call = await program.talk({"type": "phone", "number": HUMAN, "dtmfAnswer": "1p2#"})
    pressed = [each for each in await program.timeline(call, "pressed") if each["actor"] == "platform"]
    assert [each["digits"] for each in pressed] == ["1p2#"]


async def test_headers_of_sip_are_kept_with_the_call(program: Program) -> None:
    end = {
        "type": "sip",
        "uri": "sip:kim@pbx.example",
        "headers": {"Order": "17", "Deep": {"a": 1}},
        "standard_headers": {"User-to-User": "342342ef34;encoding=hex"},
    }
    call = await program.dial(end)
    sent = {"X-Order": "17", "X-Deep": '{"a":1}', "User-to-User": "342342ef34;encoding=hex"}
    assert (await program.order(call)).headers == sent
    longest = "4" * 256
    assert (await program.create(end | {"standard_headers": {"User-to-User": longest}})).status_code == 201
    assert (
        await program.create(end | {"standard_headers": {"User-to-User": f"{longest}2"}})
    ).status_code == 400


async def test_a_call_of_the_second_version_tells_its_id_by_events_only(program: Program, shop: Shop) -> None:
    body = {
        "to": [{"type": "app", "user": "kim"}],
        "from": CALLER,
        "ncco": HELLO,
        "event_url": [shop.at("/events")],
    }
    for path in ("/v2/calls", "/v2/calls/"):
        answer = await program.calls.post(path, json=body)
        assert (answer.status_code, answer.json()) == (202, {})
    await program.pass_time(0)
    told = [each.json["uuid"] for each in shop.asked("/events")]
    assert sorted(await program.listed()) == sorted(told)
    assert len(told) == 2
    assert invalid(await program.calls.post("/v2/calls", json={**body, "to": []})) == ["to"]


async def test_so_many_calls_and_requests_may_come_in_a_second(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = Limits(house.engine.limits._store, lambda _: 1_000)
    monkeypatch.setattr(house.engine, "limits", standing)
    async with a_program(house, settings=Settings(creations_per_second=3, requests_per_second=5)) as program:
        made = [(await program.create()).status_code for _ in range(4)]
        assert made == [201, 201, 201, 429]
        asked = [await program.calls.get(CALLS) for _ in range(6)]
        assert [each.status_code for each in asked] == [200] * 5 + [429]
        assert asked[-1].json() == {"type": "TOO_MANY_REQUESTS", "error_title": "Too Many Requests"}
        assert asked[-1].headers["retry-after"] == "1"


async def test_a_request_that_is_sent_again_makes_another_call(program: Program) -> None:
    made: list[httpx.Response] = [await program.create() for _ in range(2)]
    assert len({each.json()["uuid"] for each in made}) == 2
