"""`vonage` 4, unmodified, speaks with a real server over https: calls and lists of them, and what it parses."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import pytest
from vonage_http_client.errors import AuthenticationError, HttpRequestError, NotFoundError, RateLimitedError
from vonage_voice import Voice
from vonage_voice.models import CreateCallRequest, ListCallsFilter, Phone, Sip, ToPhone, Vbc, Websocket
from vonage_voice.models.enums import CallState

from tests.sdk.place import CALLER, ROW, Customer, Place, a_customer
from tests.sdk.vonage4 import HOLD, answered, ask, status, to, voice_of
from tests.support.tokens import keys

pytestmark = pytest.mark.e2e

UNKNOWN: Final = "00000000-0000-4000-8000-000000000000"
# What tests below go through; a method that a newer release adds has to be added to one of them.
METHODS: Final = {
    "create_call", "list_calls", "get_call", "transfer_call_ncco", "transfer_call_answer_url", "hangup", "mute",
    "unmute", "earmuff", "unearmuff", "play_audio_into_call", "stop_audio_stream", "play_tts_into_call", "stop_tts",
    "play_dtmf_into_call", "download_recording", "verify_signature",
}  # fmt: skip


def test_the_methods_are_those_that_are_tested() -> None:
    public = {name for name in vars(Voice) if not name.startswith("_")} - {"http_client"}
    assert public == METHODS


# -- calls --


@pytest.mark.parametrize(
    "endpoint",
    [
        ToPhone(number=f"{ROW}0", dtmf_answer="1p2", shaken="eyJhbGciOi"),
        Sip(
            uri="sip:kim@sip.example.com",
            headers={"Room": "12"},
            standard_headers={"User-to-User": "342342ef34;encoding=hex"},
        ),
        Websocket(
            uri="wss://bots.example.com/socket", content_type="audio/l16;rate=24000", headers={"of": "us"}
        ),
        Vbc(extension="1234"),
    ],
    ids=lambda each: str(each.type.value),
)
async def test_a_call_to_each_kind_of_endpoint(voice: Any, endpoint: Any) -> None:
    made = await ask(
        voice.create_call, CreateCallRequest(ncco=HOLD, to=[endpoint], from_=Phone(number=CALLER))
    )
    assert (made.status, made.direction) == ("started", "outbound")
    call = await ask(voice.get_call, made.uuid)
    assert type(call.to).__name__ == type(endpoint).__name__.removeprefix("To")
    # Its own reader passes over content-type, and says 16 kHz whatever is told.
    shown = call.to.model_dump(exclude_none=True, exclude={"content_type"})
    assert shown == {name: value for name, value in endpoint.model_dump().items() if name in shown}
    assert call.conversation_uuid == made.conversation_uuid


async def test_a_call_with_everything_that_can_be_said_of_it(voice: Any, customer: Customer) -> None:
    customer.shop.pages["/answer"] = '[{"action": "talk", "text": "Hello"}]'
    request = CreateCallRequest(
        answer_url=[customer.shop.at("/answer")],
        answer_method="POST",
        to=[ToPhone(number=f"{ROW}0")],
        from_=CALLER,
        event_url=[customer.shop.at("/events")],
        event_method="POST",
        advanced_machine_detection={"behavior": "continue", "mode": "detect", "beep_timeout": 60},
        machine_detection="continue",
        length_timer=3600,
        ringing_timer=30,
    )
    made = await ask(voice.create_call, request)
    await customer.pass_time(30)
    (asked,) = customer.shop.asked("/answer")
    assert (asked.method, asked.json["uuid"], asked.json["from"]) == ("POST", made.uuid, CALLER)
    assert sorted(customer.statuses) == ["answered", "completed", "human", "ringing", "started"]


async def test_a_number_of_the_application_calls(voice: Any, customer: Customer) -> None:
    number = {"number": "+31201230001", "dialect": "vonage", "application_id": customer.application}
    assert (await customer.client.post("/v1/numbers", json=number)).status_code == 201
    request = CreateCallRequest(ncco=HOLD, to=[ToPhone(number=f"{ROW}0")], random_from_number=True)
    made = await ask(voice.create_call, request)
    assert (await ask(voice.get_call, made.uuid)).from_.number == "31201230001"


async def test_what_is_known_of_a_call_when_it_is_over(voice: Any, customer: Customer) -> None:
    uuid = await answered(voice, customer)
    under_way = await ask(voice.get_call, uuid)
    assert (under_way.status, under_way.rate, under_way.end_time) == ("answered", None, None)
    assert under_way.start_time == "2030-01-01T00:00:03.000Z"
    await customer.pass_time(59)
    assert await ask(voice.hangup, uuid) is None
    call = await ask(voice.get_call, uuid)
    assert (call.status, call.duration, call.end_time) == ("completed", "60", "2030-01-01T00:01:03.000Z")
    assert float(call.price) == float(call.rate) > 0
    assert call.link == f"/v1/calls/{uuid}"
    assert call.network
    await customer.pass_time(1)
    assert customer.statuses == ["started", "ringing", "answered", "completed"]


async def test_a_call_that_nobody_answered_is_cancelled(voice: Any, customer: Customer) -> None:
    made = await ask(voice.create_call, to(f"{ROW}0"))
    await ask(voice.hangup, made.uuid)
    assert await status(voice, made.uuid) == "cancelled"
    await customer.pass_time(1)
    assert "cancelled" in customer.statuses


# -- lists --


async def test_pages_follow_one_another_to_the_last(voice: Any) -> None:
    made = [(await ask(voice.create_call, to(f"{ROW}{number}"))).uuid for number in range(5)]
    found, index, sizes = [], 0, []
    while index is not None:
        calls, index = await ask(
            voice.list_calls, ListCallsFilter(page_size=2, record_index=index, order="asc")
        )
        found += [each.uuid for each in calls]
        sizes.append(len(calls))
    assert found == made
    assert sizes == [2, 2, 1]
    every, following = await ask(voice.list_calls)
    assert ([each.uuid for each in every], following) == (made, None)
    newest, _ = await ask(voice.list_calls, ListCallsFilter(order="desc"))
    assert [each.uuid for each in newest] == made[::-1]


async def test_lists_are_narrowed_by_every_status(voice: Any, customer: Customer) -> None:
    for digit in "0123456":
        await ask(voice.create_call, to(f"120255501{digit}0"))
    detecting = to("12025550161").model_copy(update={"machine_detection": "continue"})
    await ask(voice.create_call, detecting)
    await customer.pass_time(20)
    await ask(voice.hangup, (await ask(voice.create_call, to(f"{ROW}1"))).uuid)
    brief = to("12025550131").model_copy(update={"ringing_timer": 1})
    await ask(voice.create_call, brief)
    await customer.pass_time(3)
    await ask(voice.create_call, to("12025550132"))
    await customer.pass_time(1.5)
    await ask(voice.create_call, to(f"{ROW}2"))
    calls, _ = await ask(voice.list_calls)
    told: dict[str, list[str]] = defaultdict(list)
    for call in calls:
        told[call.status].append(call.uuid)
    for state in CallState:
        found, _ = await ask(voice.list_calls, ListCallsFilter(status=state))
        assert [each.uuid for each in found] == told[state.value], state
    assert told.keys() >= {
        "started", "ringing", "answered", "machine", "completed", "busy", "cancelled", "failed", "rejected", "timeout",
    }  # fmt: skip


async def test_lists_are_narrowed_by_dates_and_by_conversation(voice: Any, customer: Customer) -> None:
    early = await answered(voice, customer)  # at 00:00:03
    await customer.pass_time(56)
    late = await answered(voice, customer, to(f"{ROW}1"))  # at 00:01:03

    async def found(**wish: str) -> list[str]:
        return [each.uuid for each in (await ask(voice.list_calls, ListCallsFilter(**wish)))[0]]

    assert await found(date_start="2030-01-01T00:00:30Z") == [late]
    assert await found(date_end="2030-01-01T00:00:30Z") == [early]
    assert await found(date_start="2030-01-01T00:00:00Z", date_end="2030-01-01T00:02:00Z") == [early, late]
    conversation = (await ask(voice.get_call, late)).conversation_uuid
    assert await found(conversation_uuid=conversation) == [late]


# -- what goes wrong --


async def test_who_has_another_key_is_not_let_in(voice: Any, customer: Customer) -> None:  # noqa: ARG001
    with pytest.raises(AuthenticationError) as caught:
        await ask(voice_of(customer, keys(1).private).list_calls)
    assert caught.value.response.json() == {"type": "UNAUTHORIZED", "error_title": "Unauthorized"}


async def test_the_key_may_be_the_file_that_init_writes(
    customer: Customer,
    trusting: None,  # noqa: ARG001
    tmp_path: Path,
) -> None:
    file = tmp_path / "private.key"
    file.write_text(customer.key)
    assert await ask(voice_of(customer, str(file)).list_calls) == ([], None)


async def test_what_is_not_there_is_not_found(voice: Any, customer: Customer) -> None:
    for method in (voice.get_call, voice.hangup, voice.stop_tts, voice.stop_audio_stream):
        with pytest.raises(NotFoundError):
            await ask(method, UNKNOWN)
    async with a_customer(customer.place) as another:
        theirs = await ask(voice_of(another).create_call, to(f"{ROW}0"))
        with pytest.raises(NotFoundError):
            await ask(voice.get_call, theirs.uuid)


async def test_what_is_wrong_with_a_request_is_told(voice: Any) -> None:
    with pytest.raises(HttpRequestError) as caught:
        await ask(voice.create_call, to("123"))
    told = caught.value.response
    assert (told.status_code, told.json()["type"], told.json()["title"]) == (400, 400, "Bad Request")
    (wrong,) = told.json()["invalid_parameters"]
    assert wrong["name"].endswith("number")
    assert wrong["reason"].startswith("must be 7 to 15 digits")
    made = await ask(voice.create_call, to(f"{ROW}0"))
    with pytest.raises(HttpRequestError) as caught:
        await ask(voice.stop_tts, made.uuid)  # nobody has answered
    told = caught.value.response
    assert (told.status_code, told.json()) == (400, {"type": "BAD_REQUEST", "error_title": "Bad Request"})


async def test_who_calls_too_often_is_told_so(place: Place, trusting: None) -> None:  # noqa: ARG001
    async with a_customer(place, {"creations_per_second": 1}) as customer:
        # It only ever asks again by itself for what changes nothing, a second later, as Retry-After says.
        assert await until_refused(voice_of(customer)) == 429


async def until_refused(voice: Any) -> int:
    """Call again and again: who is slow is within the limit by chance. The status of the refusal."""
    for _ in range(100):
        try:
            await ask(voice.create_call, to(f"{ROW}0"))
        except RateLimitedError as error:
            status: int = error.response.status_code
            return status
    return 0
