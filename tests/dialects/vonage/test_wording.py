"""Words that have to be total: no state without one, no voice without a language."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import get_args

import pytest
from pydantic import ValidationError

from telefonie.core.call import Call, Cause, Direction, Order, Status
from telefonie.core.phones import Heard
from telefonie.dialects.vonage import endpoints, sounds, voices, wording
from telefonie.dialects.vonage.answer_schemas import StatusWord
from telefonie.dialects.vonage.control_schemas import Speech
from telefonie.dialects.vonage.networks import network_of
from telefonie.flow.verbs import say

ORDER = Order(Direction.OUTBOUND, "+447700900001", "+447700900000", "0.1", "EUR")
CALL = Call("0190b1c2-0000-7000-8000-00000000000a", "a1", wording.FACE, ORDER, Status.QUEUED, 0, 0)


def test_whatever_state_a_call_is_in_it_has_one_word_and_is_found_by_it() -> None:
    assert set(wording.STANDINGS) == set(get_args(StatusWord))
    for status, cause, heard in product(Status, (None, *Cause), (None, *Heard)):
        call = replace(CALL, status=status, cause=cause, heard=heard)
        found = [
            word
            for word, standings in wording.STANDINGS.items()
            for each in standings
            if each.status is status
            and (each.causes is None or cause in each.causes)
            and (each.heard is None or heard in each.heard)
        ]
        assert found == [wording.status_of(call)]


def test_only_who_places_a_call_here_gets_an_id_with_dashes() -> None:
    came = replace(CALL, order=replace(ORDER, direction=Direction.INBOUND))
    leg = replace(CALL, order=replace(ORDER, parent_id="p1"))
    assert wording.uuid_of(CALL) == CALL.id
    assert wording.uuid_of(came) == wording.uuid_of(leg) == CALL.id.replace("-", "")
    for call in (CALL, came, leg):
        assert wording.id_of(wording.uuid_of(call)) == CALL.id
    for wrong in ("", "x" * 32, CALL.id[:-1], CALL.id.upper()):
        assert wording.id_of(wrong) is None


def test_every_second_costs() -> None:
    call = replace(CALL, answered_at=1_000, ended_at=3_000)
    assert (wording.rate_of(call), wording.price_of(call)) == ("0.10000000", "0.00333333")
    assert wording.price_of(replace(call, answered_at=None)) == "0.00000000"


@pytest.mark.parametrize(
    ("address", "shown", "text"),
    [
        ("+447700900000", {"type": "phone", "number": "447700900000"}, "447700900000"),
        ("", {"type": "phone", "number": "unknown"}, "unknown"),
        ("anonymous", {"type": "phone", "number": "anonymous"}, "anonymous"),
        ("123", {"type": "vbc", "extension": "123"}, "123"),
        ("sip:kim@pbx.example", {"type": "sip", "uri": "sip:kim@pbx.example"}, "sip:kim@pbx.example"),
        ("client:kim", {"type": "phone", "number": "kim", "user": "kim"}, "kim"),
    ],
)
def test_an_address_is_an_object_in_calls_and_a_text_in_events(
    address: str, shown: dict[str, str], text: str
) -> None:
    assert (endpoints.shown(address), endpoints.plain(address)) == (shown, text)


@pytest.mark.parametrize(
    ("wish", "spoken"),
    [
        ((None, None, None), ("en-US", "Kimberly")),
        ((None, None, "Amy"), ("en-GB", "Amy")),
        ((None, None, "Agnieszka"), ("pl-PL", "Ewa")),
        (("en-GB", None, None), ("en-GB", "Amy")),
        (("en-AU", 3, None), ("en-AU", "Russell")),
        (("de-DE", 1, "Marlene"), ("de-DE", "de-DE.1")),
        ((None, 7, None), ("en-US", "Joey")),
        (("fr-FR", None, "Amy"), ("fr-FR", "fr-FR.0")),
    ],
)
def test_what_is_named_goes_before_what_a_voice_of_old_brings(
    wish: tuple[str | None, int | None, str | None], spoken: tuple[str, str]
) -> None:
    assert voices.spoken_by(*wish) == spoken


def test_requests_and_documents_know_the_same_voices_and_languages() -> None:
    assert voices.LANGUAGE_OF == say.SPEAKERS
    assert set(voices.LANGUAGES) == say.TALK_LANGUAGES
    assert set(voices.LANGUAGE_OF.values()) <= set(voices.LANGUAGES)
    assert voices.DEFAULT in voices.LANGUAGE_OF
    assert set(voices.WITHDRAWN) | set(voices.WITHDRAWN.values()) <= set(voices.LANGUAGE_OF)


@pytest.mark.parametrize(
    ("given", "level"),
    [
        *((0, 0.0), (1, 1.0), (-1.0, -1.0), (0.30000000000000004, 0.3), (1e-9, 0.0), (-0.04, 0.0)),
        *(("0.4", 0.4), ("-1", -1.0), (" .5 ", 0.5), ("+0.25", 0.2), ("-0", 0.0)),
    ],
)
def test_a_level_is_a_number_or_a_text(given: object, level: float) -> None:
    found = Speech.model_validate({"text": "x", "level": given}).level
    assert (found, str(found)) == (level, str(level))


@pytest.mark.parametrize(
    "given", [1.01, -2, "1.1", "loud", "", "1e-1", True, None, [0], float("nan"), float("inf")]
)
def test_a_level_is_nothing_else(given: object) -> None:
    with pytest.raises(ValidationError):
        Speech.model_validate({"text": "x", "level": given})


def test_the_longest_prefix_tells_the_network() -> None:
    assert network_of("+447700900000") == "23420"
    assert (network_of("+12025550100"), network_of("+14165550100")) == ("310260", "302610")
    assert network_of("+999123") is network_of("sip:kim@pbx.example") is None


def test_a_file_leads_back_to_its_recording() -> None:
    recording = "0190b1c2-0000-8123-9000-00000000000a"
    for words in (False, True):
        file = sounds.file_id(recording, words=words)
        assert file != recording
        assert sounds.recording_of(file) == (recording, words)
    for wrong in (recording, "", "nothing", sounds.file_id(recording).upper()):
        assert sounds.recording_of(wrong) is None
