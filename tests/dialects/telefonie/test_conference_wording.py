"""Golden words: how this API shows rooms and who is in them, and tells what happened there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final, get_args
from urllib.parse import parse_qs, urlsplit

import pytest

from telefonie.core import call as calls
from telefonie.core.attending import Participant
from telefonie.core.effects import Lane, NotifyRoom
from telefonie.core.meeting import Meeting
from telefonie.core.recordings import Recording, Source
from telefonie.core.room import Did, Fact, Member, Room, Status
from telefonie.core.rooms import WHY_ENDED
from telefonie.dialects.telefonie import conference_schemas as schemas
from telefonie.dialects.telefonie import conference_wording as wording
from telefonie.dialects.telefonie.letters import TelefonieFace
from tests.support.links import LINKS

CREATED: Final = 1_735_787_045_678  # 2025-01-02T03:04:05.678Z
MEMBER: Final = Member("c-1", 1, CREATED + 1)
WAITING: Final = Meeting("r-1", "a-1", "telefonie", "r-1", CREATED, CREATED, Room(250, 2))
STARTED: Final = replace(
    WAITING, name="Monday", state=Room(9, 2, Status.STARTED, (MEMBER,), started_at=CREATED + 1_000)
)
OVER: Final = replace(
    WAITING,
    state=Room(
        250,
        2,
        Status.ENDED,
        started_at=CREATED + 1_000,
        ended_at=CREATED + 2_000,
        ending=("c-1", "last_left"),
    ),
)


@pytest.mark.parametrize(
    ("words", "domain"),
    [(wording.STATUS, Status), (wording.ON_THE_WAY, calls.Status), (wording.EVENT, Did)],
)
def test_there_is_a_word_for_everything(words: Mapping[StrEnum, str], domain: type[StrEnum]) -> None:
    assert set(words) == set(domain)


def test_there_is_a_word_for_every_way_in_which_a_room_ends() -> None:
    assert set(wording.ENDED) == {*WHY_ENDED.values(), "closed"}


@pytest.mark.parametrize(
    ("words", "promised"),
    [
        (wording.STATUS.values(), schemas.StatusWord),
        ({wording.CONNECTED, *wording.ON_THE_WAY.values()}, schemas.ParticipantStatusWord),
        (wording.ENDED.values(), schemas.EndReason),
    ],
)
def test_the_words_are_those_that_are_documented(words: Any, promised: Any) -> None:
    assert sorted(words) == sorted(get_args(promised))


def test_a_room_shows_no_more_than_is_known() -> None:
    assert wording.conference_json(WAITING) == {
        "id": "r-1",
        "status": "init",
        "participant_count": 0,
        "max_participants": 250,
        "date_created": "2025-01-02T03:04:05.678Z",
    }
    assert wording.conference_json(STARTED) == {
        "id": "r-1",
        "friendly_name": "Monday",
        "status": "in-progress",
        "participant_count": 1,
        "max_participants": 9,
        "date_created": "2025-01-02T03:04:05.678Z",
        "started_at": "2025-01-02T03:04:06.678Z",
    }


def test_a_room_that_is_over_says_when_and_why() -> None:
    shown = wording.conference_json(OVER)
    assert (shown["status"], shown["ended_at"]) == ("completed", "2025-01-02T03:04:07.678Z")
    assert (shown["reason_conference_ended"], shown["call_id_ending_conference"]) == (
        "last-participant-left",
        "c-1",
    )


def test_everything_that_can_be_shown_is_documented() -> None:
    tape = Recording("t-1", "a-1", "telefonie", "c-1", Source.ROOM, CREATED, "USD", "r-1")
    assert isinstance(OVER.state, Room)
    taped = replace(OVER.state, recording=tape)
    room = wording.conference_json(replace(OVER, name="Monday", state=taped))
    assert room["recording_id"] == "t-1"
    assert set(room) == set(schemas.Conference.model_fields)
    schemas.Conference.model_validate(room)
    coach = Participant("c-1", "r-1", calls.Status.TALKING, True, label="x", coach="c-2")  # noqa: FBT003 - he is in
    assert set(wording.participant_json(coach)) == set(schemas.Participant.model_fields)
    schemas.Participant.model_validate(wording.participant_json(coach))


@pytest.mark.parametrize(
    ("status", "joined", "word"),
    [
        (calls.Status.QUEUED, False, "queued"),
        (calls.Status.RINGING, False, "ringing"),
        (calls.Status.TALKING, False, "connecting"),
        (calls.Status.TALKING, True, "connected"),
        (calls.Status.BUSY, False, "failed"),
        (calls.Status.COMPLETED, False, "complete"),
    ],
)
def test_a_participant_is_as_far_as_his_call(status: calls.Status, joined: bool, word: str) -> None:  # noqa: FBT001 - a row of the table
    assert wording.participant_json(Participant("c-1", "r-1", status, joined))["status"] == word


# -- what is told --


def told(fact: Fact, room: Meeting = STARTED, member: Member | None = None) -> dict[str, Any]:
    lane = Lane("a-1", "telefonie", "r-1", 7)
    notice = NotifyRoom(fact, 5, room, member, lane, "https://shop.example/room")
    draft = TelefonieFace(LINKS).report_room(notice, "e-1")
    assert (draft.method, draft.url) == ("POST", "https://shop.example/room")
    found: dict[str, Any] = json.loads(draft.body)
    assert draft.event == found["event"]
    return found


def test_a_callback_tells_one_fact_and_the_room_as_it_then_stood() -> None:
    assert told(Fact(Did.STARTED, CREATED + 1, "c-1")) == {
        "event": "conference.started",
        "event_id": "e-1",
        "timestamp": "2025-01-02T03:04:05.679Z",
        "sequence_number": 5,
        "account_id": "a-1",
        "api_version": "v1",
        "conference_id": "r-1",
        "conference": wording.conference_json(STARTED),
    }


@pytest.mark.parametrize("did", [Did.JOINED, Did.MUTED, Did.UNMUTED, Did.HELD, Did.UNHELD, Did.MODIFIED])
def test_what_happens_to_somebody_shows_him_as_he_was(did: Did) -> None:
    member = replace(MEMBER, label="chair", muted=True, held=True, heard_by=("c-2",), ends=True)
    found = told(Fact(did, CREATED, "c-1"), member=member)
    assert found["event"] == wording.EVENT[did]
    assert (found["call_id"], found["conference"]["id"]) == ("c-1", "r-1")
    assert found["participant"] == {
        "call_id": "c-1",
        "conference_id": "r-1",
        "muted": True,
        "hold": True,
        "status": "connected",
        "label": "chair",
        "start_on_enter": True,
        "end_on_exit": True,
        "coaching": True,
        "coach": "c-2",
    }
    assert "reason_participant_left" not in found


@pytest.mark.parametrize(("why", "word"), wording.LEFT.items())
def test_who_leaves_does_so_for_a_reason(why: str, word: str) -> None:
    found = told(Fact(Did.LEFT, CREATED, "c-1", why), member=MEMBER)
    assert (found["reason_participant_left"], found["participant"]["status"]) == (word, "complete")


@pytest.mark.parametrize("status", [calls.Status.BUSY, calls.Status.UNANSWERED, calls.Status.FAILED])
def test_who_never_came_has_failed(status: calls.Status) -> None:
    fact = Fact(Did.LEFT, CREATED, "c-1", "add_failed", {"joined": False, "status": status.value})
    assert told(fact, member=MEMBER)["participant"]["status"] == "failed"
    unknown = replace(fact, data={"joined": False})
    assert told(unknown, member=MEMBER)["participant"]["status"] == "failed"


@pytest.mark.parametrize(("why", "word"), wording.ENDED.items())
def test_a_room_ends_for_a_reason(why: str, word: str) -> None:
    ended = told(Fact(Did.ENDED, CREATED, "c-1", why), OVER)
    assert (ended["event"], ended["reason_conference_ended"]) == ("conference.ended", word)
    assert ended["call_id_ending_conference"] == "c-1"
    assert "call_id_ending_conference" not in told(Fact(Did.ENDED, CREATED, "", why), OVER)


def test_by_get_the_fields_stand_in_the_query() -> None:
    lane = Lane("a-1", "telefonie", "r-1", 0)
    notice = NotifyRoom(
        Fact(Did.JOINED, CREATED, "c-1"), 0, STARTED, MEMBER, lane, "https://a.example/?x=1", "GET"
    )
    draft = TelefonieFace(LINKS).report_room(notice, "e-1")
    query = parse_qs(urlsplit(draft.url).query)
    assert (draft.method, draft.body) == ("GET", "")
    assert (query["x"], query["event"], query["conference_id"]) == (["1"], ["participant.joined"], ["r-1"])
    assert (query["conference_status"], query["participant_status"]) == (["in-progress"], ["connected"])
