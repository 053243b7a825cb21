"""Golden words: how this API shows calls and tells what happened to them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final, get_args

import pytest

from telefonie.core.call import Call, Cause, Direction, EndedBy, Order, Status
from telefonie.core.effects import Notify
from telefonie.core.events import Actor, Event, Kind
from telefonie.core.phones import Detection, Heard
from telefonie.dialects.telefonie import schemas, wishes, wording
from telefonie.dialects.telefonie.letters import TelefonieFace
from telefonie.dialects.telefonie.wording import call_json
from telefonie.flow.effects import Ask, Purpose
from tests.support.links import LINKS

CREATED: Final = 1_735_787_045_678  # 2025-01-02T03:04:05.678Z
BARE: Final = Order(Direction.OUTBOUND, "+13125550199", "+447700900000", "0.0160", "USD")
FULL: Final = replace(
    BARE,
    document_url="https://shop.example/voice",
    report_url="https://shop.example/report",
    ring_ms=45_000,
    metadata={"order": "17"},
)
QUEUED: Final = Call("c-1", "a-1", "telefonie", BARE, Status.QUEUED, CREATED, CREATED)


def ended(call: Call, status: Status, cause: Cause, by: EndedBy, *, answered: bool) -> Call:
    at = CREATED + 3_000
    return replace(
        call,
        status=status,
        answered_at=at if answered else None,
        ended_at=at + 60_001,
        cause=cause,
        ended_by=by,
    )


@pytest.mark.parametrize(
    ("words", "domain"),
    [
        (wording.STATUS, Status),
        (wording.DIRECTION, Direction),
        (wording.ANSWERED_BY, Heard),
        (wording.ANSWERED_BY_DETAIL, Heard),
        (wording.CAUSE, Cause),
        (wording.ENDED_BY, EndedBy),
        (wording.DETECTION, Detection),
        (wording.EVENT, Kind),
    ],
)
def test_there_is_a_word_for_everything(words: Mapping[StrEnum, Any], domain: type[StrEnum]) -> None:
    assert set(words) == set(domain)


@pytest.mark.parametrize(
    ("words", "promised"),
    [
        (wording.STATUS, schemas.StatusWord),
        (wording.DIRECTION, schemas.DirectionWord),
        (wording.CAUSE, schemas.EndReason),
        (wording.DETECTION, schemas.DetectionWord),
    ],
)
def test_the_words_are_those_that_are_documented(words: Mapping[StrEnum, str], promised: Any) -> None:
    assert sorted(words.values()) == sorted(get_args(promised))


def test_every_documented_spelling_of_an_event_is_understood() -> None:
    assert set(wishes.KIND_OF) == set(get_args(schemas.EventWord))
    assert wishes.KIND_OF["amd"] is wishes.KIND_OF["call.amd"] is Kind.DETECTED


def test_a_new_call_shows_no_more_than_is_known() -> None:
    assert call_json(QUEUED) == {
        "id": "c-1",
        "status": "queued",
        "direction": "outbound",
        "from": "+13125550199",
        "to": "+447700900000",
        "created_at": "2025-01-02T03:04:05.678Z",
        "timeout": 30,
    }


def test_what_was_given_with_the_call_is_shown_with_it() -> None:
    shown = call_json(replace(QUEUED, order=FULL))
    assert shown["url"] == "https://shop.example/voice"
    assert shown["status_callback"] == "https://shop.example/report"
    assert shown["metadata"] == {"order": "17"}
    assert shown["timeout"] == 45


def test_an_answered_call_that_ended_shows_when_how_long_why_and_for_how_much() -> None:
    call = ended(QUEUED, Status.COMPLETED, Cause.HUNG_UP, EndedBy.FAR_END, answered=True)
    shown = call_json(call)
    assert shown["start_time"] == "2025-01-02T03:04:08.678Z"
    assert shown["end_time"] == "2025-01-02T03:05:08.679Z"
    assert shown["duration"] == 61
    assert (shown["price"], shown["price_unit"]) == ("-0.0320", "USD")
    assert (shown["end_reason"], shown["ended_by"]) == ("hangup", "far_end")


def test_a_call_that_nobody_answered_lasted_no_time_and_has_no_price() -> None:
    call = ended(QUEUED, Status.UNANSWERED, Cause.RING_TIMEOUT, EndedBy.PLATFORM, answered=False)
    shown = call_json(call)
    assert (shown["status"], shown["duration"]) == ("no-answer", 0)
    assert (shown["end_reason"], shown["ended_by"]) == ("ring_timeout", "platform")
    assert shown.keys().isdisjoint({"start_time", "price", "price_unit"})


@pytest.mark.parametrize(
    ("heard", "word", "detail"),
    [
        (Heard.HUMAN, "human", "human"),
        (Heard.MACHINE, "machine", "machine"),
        (Heard.FAX, "machine", "fax"),
        (Heard.UNKNOWN, "unknown", "unknown"),
    ],
)
def test_what_detection_heard_is_told_twice(heard: Heard, word: str, detail: str) -> None:
    shown = call_json(replace(QUEUED, status=Status.TALKING, answered_at=CREATED, heard=heard))
    assert (shown["answered_by"], shown["answered_by_detail"]) == (word, detail)


def test_a_redirected_call_shows_where_it_was_sent() -> None:
    call = replace(QUEUED, order=FULL, redirect=("https://shop.example/next", "GET"))
    assert call_json(call)["url"] == "https://shop.example/next"


def test_everything_that_can_be_shown_is_documented() -> None:
    call = ended(QUEUED, Status.COMPLETED, Cause.TIME_LIMIT, EndedBy.PLATFORM, answered=True)
    another = "6d1b6a1e-0000-4000-8000-000000000000"
    order = replace(FULL, parent_id=another, room_id=another)
    shown = call_json(replace(call, order=order, heard=Heard.FAX, muted=True, held=True))
    documented = {field.alias or name for name, field in schemas.Call.model_fields.items()}
    assert set(shown) == documented - {"recording_url"}
    schemas.Call.model_validate(shown)


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (Kind.PLACED, "call.initiated"),
        (Kind.RANG, "call.ringing"),
        (Kind.ANSWERED, "call.answered"),
        (Kind.ENDED, "call.completed"),
        (Kind.DETECTED, "call.amd"),
    ],
)
def test_a_callback_tells_one_event_and_the_call_as_it_then_stood(kind: Kind, word: str) -> None:
    call = replace(QUEUED, order=FULL)
    notice = Notify(Event(3, CREATED + 1, kind, Actor.PLATFORM), 2, call, 2)
    draft = TelefonieFace(LINKS).report(notice, "e-1")
    assert (draft.event, draft.method, draft.url) == (word, "POST", "https://shop.example/report")
    assert json.loads(draft.body) == {
        "event": word,
        "event_id": "e-1",
        "timestamp": "2025-01-02T03:04:05.679Z",
        "sequence_number": 2,
        "account_id": "a-1",
        "api_version": "v1",
        "call_id": "c-1",
        "call": call_json(call),
    }


def test_a_callback_is_compact_json_in_utf_8() -> None:
    call = replace(QUEUED, order=replace(FULL, metadata={"naam": "Zoë"}))
    notice = Notify(Event(0, CREATED, Kind.PLACED, Actor.CUSTOMER), 0, call, 0)
    body = TelefonieFace(LINKS).report(notice, "e-1").body
    assert '"metadata":{"naam":"Zoë"}' in body
    assert body.startswith('{"event":"call.initiated","event_id":"e-1",')


@pytest.mark.parametrize(
    ("status", "word"), [("in_progress", "in-progress"), ("completed", "completed"), ("absent", "failed")]
)
def test_what_verbs_say_of_recordings_is_told_in_the_words_of_recordings(status: str, word: str) -> None:
    outcome = {"recording_status": status, "recording_start_time": CREATED, "recording_duration": 3}
    question = Ask(
        1, QUEUED, CREATED, Purpose.TELL, "https://shop.example/", None, "POST", "recording", outcome
    )
    told = json.loads(TelefonieFace(LINKS).ask(question, "e-1").body)
    assert told["recording_status"] == word
    assert told["recording_start_time"] == "2025-01-02T03:04:05.678Z"
    assert told["recording_duration"] == 3
