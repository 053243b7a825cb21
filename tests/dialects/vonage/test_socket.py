"""What a websocket endpoint is sent, and what it may send."""

from __future__ import annotations

import json
from typing import Any

import pytest

from telefonie.dialects.vonage.socket import ProgramCodec
from telefonie.engine.streaming import Clear, Codec, Mark, Said


def codec(**said: Any) -> Codec:
    fields: dict[str, Any] = {
        "uri": "wss://bot.example.com/socket",
        "rate": 16_000,
        "headers": {},
        "authorization": None,
        "token": lambda: "signed",
    }
    return ProgramCodec(**(fields | said))


@pytest.mark.parametrize("rate", [8_000, 16_000, 24_000])
def test_the_first_message_names_the_sound_and_carries_every_header_at_its_top(rate: int) -> None:
    headers = {"language": "en-GB", "caller-id": "447700900123", "deep": {"of": ["any", "kind", None, 1]}}
    (first,) = codec(rate=rate, headers=headers).opening()
    assert json.loads(first) == {
        "event": "websocket:connected",
        "content-type": f"audio/l16;rate={rate}",
        **headers,
    }


def test_headers_cannot_pass_for_something_else_than_the_first_message() -> None:
    (first,) = codec(headers={"event": "websocket:dtmf", "content-type": "text/plain"}).opening()
    assert json.loads(first) == {"event": "websocket:connected", "content-type": "audio/l16;rate=16000"}


def test_each_frame_is_a_binary_message_of_bare_sound() -> None:
    frame = bytes(range(256)) * 2
    assert codec().frame(frame) == frame


def test_keys_and_what_was_taken_back_are_told_as_text() -> None:
    told = [codec().key("5", 260), codec().cleared()]
    assert [json.loads(each or "") for each in told] == [
        {"event": "websocket:dtmf", "digit": "5", "duration": 260},
        {"event": "websocket:cleared"},
    ]


@pytest.mark.parametrize("payload", [{"id": 7, "text": "Grüße"}, {}, [1], "plain", None])
def test_a_payload_comes_back_as_it_was_given(payload: object) -> None:
    ours = codec()
    mark = ours.read(json.dumps({"action": "notify", "payload": payload}))
    assert isinstance(mark, Mark)
    assert json.loads(ours.marked(mark.payload) or "") == {"event": "websocket:notify", "payload": payload}


def test_binary_messages_of_any_length_are_sound() -> None:
    assert [codec().read(pcm) for pcm in (b"\1\2" * 320, b"\1\2", b"")] == [
        Said(b"\1\2" * 320),
        Said(b"\1\2"),
        Said(b""),
    ]


def test_clear_takes_back() -> None:
    assert codec().read('{"action": "clear"}') == Clear()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[]",
        "null",
        '"clear"',
        '{"action":"dance"}',
        '{"action":["clear"]}',
        '{"event":"clear"}',
        "[" * 60_000,
        '{"action":"notify","payload":' + "[" * 900 + "]" * 900 + "x",
        '{"action":"notify","payload":' + "9" * 6000 + "}",
    ],
)
def test_unknown_text_is_ignored(text: str) -> None:
    assert codec().read(text) is None


def test_a_payload_nested_beyond_reason_breaks_nothing() -> None:
    deep = '{"action":"notify","payload":' + "[" * 995 + "]" * 995 + "}"
    assert isinstance(codec().read(deep), Mark | None)


def test_a_program_that_asks_for_it_gets_a_token_signed_anew_for_each_handshake() -> None:
    tokens = iter(["first", "second"])
    ours = codec(authorization={"type": "vonage"}, token=lambda: next(tokens))
    assert ours.headers() == (("Authorization", "Bearer first"),)
    assert ours.headers() == (("Authorization", "Bearer second"),)


def test_a_value_of_ones_own_is_sent_verbatim() -> None:
    ours = codec(authorization={"type": "custom", "value": "Basic  dXNlcjpwYXNz"})
    assert ours.headers() == (("Authorization", "Basic  dXNlcjpwYXNz"),)


def test_without_authorization_there_is_none() -> None:
    assert codec().headers() == ()
    assert codec().closing() == ()


def test_about_a_minute_may_wait_to_be_heard() -> None:
    assert codec().backlog == 3072
