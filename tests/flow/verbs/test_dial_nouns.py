"""Whom a Dial calls: Number, Client and Sip, attribute by attribute, and what is heard before the connection."""

from __future__ import annotations

import pytest

from telefonie.core.call import Cause, Status
from telefonie.core.commands import Redirect
from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour, Detection, Outcome
from telefonie.flow.effects import Purpose
from tests.support.play import Play, Played

ANNA, BERT = "+31612345601", "+31612345602"
MACHINE = Behaviour(outcome=Outcome.MACHINE)


def playing(**pages: str) -> Play:
    """Pages by their names; whoever has no habits answers after three seconds."""
    return Play({f"/{name}": page for name, page in pages.items()} | {"/after": "<Response/>"})


def dial(play: Play, inner: str, attributes: str = "action='/after'") -> Played:
    """A call that dials these nouns."""
    return play.call(f"<Response><Dial {attributes}>{inner}</Dial></Response>")


def leg_of(call: Played) -> Played:
    """Its first leg."""
    return call.play.legs_of(call)[0]


# -- Number: sendDigits --


def test_digits_are_pressed_when_it_is_answered_before_the_connection() -> None:
    play = playing()
    call = dial(play, f"<Number sendDigits='wwW12#'>{ANNA}</Number>")
    play.pass_time(5)
    leg = leg_of(call)
    assert leg.of(Kind.KEYS_SENT) == [{"digits": "wwW12#"}]
    kinds = [each.kind for each in leg.events]
    assert kinds.index(Kind.KEYS_SENT) < kinds.index(Kind.CONNECTED)


@pytest.mark.parametrize("wrong", ["12 34", "hello", "1" * 33])
def test_wrong_digits_are_warned_of_and_not_pressed(wrong: str) -> None:
    play = playing()
    call = dial(play, f"<Number sendDigits='{wrong}'>{ANNA}</Number>")
    play.finish()
    assert (call.warned, leg_of(call).of(Kind.KEYS_SENT)) == ([13222], [])


# -- url, method: the whisper --


def test_whoever_answers_hears_the_whisper_before_the_two_are_connected() -> None:
    play = playing(whisper="<Response><Pause length='2'/><Say>A call for you</Say></Response>")
    call = dial(play, f"<Number url='whisper' method='GET'>{ANNA}</Number>")
    play.pass_time(10)
    leg = leg_of(call)
    asked = next(each for each in play.asked if each.url == "https://app.test/whisper")
    assert (asked.call.id, asked.method, asked.purpose) == (leg.id, "GET", Purpose.INSTRUCTIONS)
    assert (leg.said, call.said) == (["A call for you"], [])
    assert call.at(Kind.CONNECTED)[0] > 5.0


def test_a_whisper_is_heard_by_its_leg_alone_and_the_caller_hears_it_ring() -> None:
    play = playing(whisper="<Response><Say>A call for you</Say></Response>")
    call = dial(play, f"<Number url='/whisper'>{ANNA}</Number>")
    play.finish()
    assert call.at(Kind.HUSHED) == call.at(Kind.CONNECTED)


def test_a_hangup_in_the_whisper_ends_that_leg_only_and_nothing_is_bridged() -> None:
    play = playing(whisper="<Response><Hangup/></Response>")
    call = dial(play, f"<Number url='/whisper'>{ANNA}</Number>")
    play.pass_time(3)
    leg = leg_of(call)
    assert (leg.status, call.of(Kind.CONNECTED)) == (Status.COMPLETED, [])
    told = {
        "dial_call_status": Status.COMPLETED,
        "dial_call_id": leg.id,
        "dial_call_duration": 0,
        "dial_bridged": False,
    }
    assert play.actions == [("/after", told)]


def test_who_is_first_through_the_whisper_wins() -> None:
    play = playing(slow="<Response><Pause length='5'/></Response>")
    play.phones[BERT] = Behaviour(answers_after=4_000)
    call = dial(play, f"<Number url='/slow'>{ANNA}</Number><Number>{BERT}</Number>")
    play.pass_time(6)
    anna, bert = play.legs_of(call)
    assert call.of(Kind.CONNECTED) == [{"call_id": bert.id}]
    assert (anna.status, anna.call.ended_at) == (Status.COMPLETED, bert.call.answered_at)


@pytest.mark.parametrize(
    ("inside", "may"),
    [
        ("<Say>Hello</Say>", True),
        ("<Play>/a.mp3</Play>", True),
        ("<Gather timeout='1'/>", True),
        ("<Pause/>", True),
        ("<Hangup/>", True),
        ("<Redirect>/else</Redirect>", True),
        (f"<Dial>{BERT}</Dial>", False),
    ],
)
def test_in_a_whisper_only_some_verbs_may_stand(inside: str, may: bool) -> None:  # noqa: FBT001 - a column
    play = playing(whisper=f"<Response>\n {inside}</Response>", **{"else": "<Response/>"})
    call = dial(play, f"<Number url='/whisper'>{ANNA}</Number>")
    play.pass_time(20)
    leg = leg_of(call)
    warned = [each for each in leg.of(Kind.WARNED) if each["code"] == 13201]
    assert [(each["line"], each["column"]) for each in warned] == ([] if may else [(2, 2)])
    assert play.legs_of(leg) == []


def test_a_verb_that_may_not_stand_there_is_passed_over_and_the_leg_is_connected() -> None:
    play = playing(whisper=f"<Response><Dial>{BERT}</Dial><Say>For you</Say></Response>")
    call = dial(play, f"<Number url='/whisper'>{ANNA}</Number>")
    play.finish()
    assert leg_of(call).said == ["For you"]
    assert call.of(Kind.CONNECTED) == [{"call_id": leg_of(call).id}]


def test_a_leg_that_was_sent_to_a_document_of_its_own_may_dial() -> None:
    from_leg = f"<Response><Dial>{BERT}</Dial></Response>"
    play = playing(own=from_leg)
    call = dial(play, f"<Number>{ANNA}</Number>")
    play.pass_time(5)
    leg = leg_of(call)
    leg.tell(Redirect("https://app.test/own", "POST"))
    play.pass_time(4)
    assert [each.call.order.callee for each in play.legs_of(leg)] == [BERT]
    assert leg.warned == []


def test_a_whisper_that_cannot_be_had_ends_the_leg() -> None:
    play = playing()
    call = dial(play, f"<Number url='/gone'>{ANNA}</Number>")
    play.finish()
    assert leg_of(call).call.cause is Cause.DOCUMENT_FAILED
    assert play.actions[0][1]["dial_bridged"] is False


@pytest.mark.parametrize(("attribute", "code"), [("method='PUT'", 13221), ("colour='blue'", 12200)])
def test_a_wrong_attribute_of_a_number_is_warned_of(attribute: str, code: int) -> None:
    play = playing()
    assert dial(play, f"<Number {attribute}>{ANNA}</Number>").warned == [code]


# -- statusCallback, statusCallbackMethod, statusCallbackEvent --


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ("", [Kind.ENDED]),
        ("statusCallbackEvent='answered'", [Kind.ANSWERED]),
        (
            "statusCallbackEvent='initiated ringing answered completed'",
            [Kind.PLACED, Kind.RANG, Kind.ANSWERED, Kind.ENDED],
        ),
        ("statusCallbackEvent='sneezed'", [Kind.ENDED]),
    ],
)
def test_each_leg_tells_what_was_subscribed(events: str, told: list[Kind]) -> None:
    play = playing()
    call = dial(play, f"<Number statusCallback='told' statusCallbackMethod='GET' {events}>{ANNA}</Number>")
    play.finish()
    assert [each.event.kind for each in play.reported] == told
    assert {each.call.id for each in play.reported} == {leg_of(call).id}
    assert {each.call.order.report_url for each in play.reported} == {"https://app.test/told"}
    assert call.warned == ([12200] if "sneezed" in events else [])


# -- machineDetection*, amdStatusCallback --


@pytest.mark.parametrize(
    ("word", "detection"),
    [("Enable", Detection.FIRST_VERDICT), ("DetectMessageEnd", Detection.GREETING_END)],
)
def test_the_verdict_is_told_while_the_two_are_connected_already(word: str, detection: Detection) -> None:
    play = playing()
    play.phones[ANNA] = MACHINE
    call = dial(play, f"<Number machineDetection='{word}' amdStatusCallback='heard'>{ANNA}</Number>")
    play.finish()
    leg = leg_of(call)
    assert leg.call.order.detection is detection
    assert call.at(Kind.CONNECTED) == [3.0]
    asked = next(each for each in play.asked if each.url == "https://app.test/heard")
    assert (asked.call.id, asked.purpose, asked.outcome["answered_by"]) == (
        leg.id,
        Purpose.VERDICT,
        "machine",
    )
    assert call.at(Kind.PARTED) == [13.0]  # a machine is not dropped


def test_digits_switch_detection_off() -> None:
    play = playing()
    call = dial(play, f"<Number machineDetection='Enable' sendDigits='1'>{ANNA}</Number>")
    assert leg_of(call).call.order.detection is None


@pytest.mark.parametrize(
    "wrong",
    [
        "machineDetection='yes'",
        "machineDetectionTimeout='2'",
        "machineDetectionSpeechThreshold='999'",
        "machineDetectionSpeechEndThreshold='5001'",
        "machineDetectionSilenceTimeout='1999'",
        "amdStatusCallbackMethod='PUT'",
    ],
)
def test_wrong_wishes_for_detection_are_warned_of(wrong: str) -> None:
    play = playing()
    call = dial(play, f"<Number {wrong}>{ANNA}</Number>")
    assert (call.warned, leg_of(call).call.order.detection) == ([12200], None)


# -- Client --


@pytest.mark.parametrize("inner", ["anna", "<Identity>anna</Identity>", "client:anna"])
def test_a_client_is_called_by_its_name(inner: str) -> None:
    play = playing()
    call = dial(play, f"<Client clientNotificationUrl='/note'>{inner}</Client>")
    assert (leg_of(call).call.order.callee, call.warned) == ("client:anna", [])


def test_parameters_of_a_client_go_with_its_leg() -> None:
    play = playing()
    inner = "<Identity>anna</Identity><Parameter name='order' value='42'/><Parameter name='lost'/>"
    call = dial(play, f"<Client>{inner}</Client>")
    assert leg_of(call).call.order.metadata == {"order": "42"}
    assert call.warned == [12200]


@pytest.mark.parametrize("wrong", ["", "two words", "x" * 257])
def test_a_client_without_a_proper_name_is_warned_of_and_counts_as_failed(wrong: str) -> None:
    play = playing()
    call = dial(play, f"<Client>{wrong}</Client>")
    assert (play.legs_of(call), call.warned) == ([], [12200])
    assert play.actions[0][1]["dial_call_status"] is Status.FAILED


def test_nobody_listens_for_machines_at_a_client() -> None:
    play = playing()
    assert dial(play, "<Client machineDetection='Enable'>anna</Client>").warned == [12200]


# -- Sip --


def test_a_sip_address_keeps_what_tells_how_to_get_there() -> None:
    play = playing()
    uri = "sip:anna@example.com;transport=tcp?x-order=42"
    call = dial(play, f"<Sip username='me' password='secret'>{uri}</Sip>")
    play.finish()
    leg = leg_of(call)
    assert (leg.call.order.callee, call.warned) == (uri, [])
    outcome = play.actions[0][1]
    assert (outcome["dial_sip_call_id"], outcome["dial_sip_response_code"]) == (leg.id, 200)
    assert "secret" not in str([each.data for each in (*call.events, *leg.events)])


@pytest.mark.parametrize(
    ("outcome", "code"),
    [(Outcome.BUSY, 486), (Outcome.NO_ANSWER, 487), (Outcome.REJECTED, 603), (Outcome.FAILED, 404)],
)
def test_a_sip_answer_is_told_by_its_code(outcome: Outcome, code: int) -> None:
    play = playing()
    play.phones["sip:anna@example.com"] = Behaviour(outcome=outcome)
    dial(play, "<Sip>sip:anna@example.com</Sip>")
    play.finish()
    assert play.actions[0][1]["dial_sip_response_code"] == code


@pytest.mark.parametrize(
    "wrong", ["anna@example.com", "sip:", "sip:anna@example.com two", f"sip:{'a' * 255}@b.c"]
)
def test_a_wrong_sip_address_is_warned_of_and_counts_as_failed(wrong: str) -> None:
    play = playing()
    call = dial(play, f"<Sip>{wrong}</Sip>")
    assert (play.legs_of(call), call.warned) == ([], [12200])


# -- together --


def test_numbers_clients_and_sip_addresses_ring_together() -> None:
    play = playing()
    call = dial(play, f"<Number>{ANNA}</Number><Client>bert</Client><Sip>sip:carl@example.com</Sip>")
    called = [each.call.order.callee for each in play.legs_of(call)]
    assert called == [ANNA, "client:bert", "sip:carl@example.com"]


def test_ten_may_ring_together() -> None:
    play = playing()
    call = dial(play, f"<Number>{ANNA}</Number>" * 12)
    assert (len(play.legs_of(call)), call.warned) == (10, [13215, 13215])


def test_one_who_cannot_be_dialled_does_not_keep_the_others_from_ringing() -> None:
    play = playing()
    call = dial(play, f"<Number>nobody</Number><Number>{ANNA}</Number>")
    play.finish()
    assert call.warned == [13223]
    assert play.actions[0][1]["dial_call_status"] is Status.COMPLETED


def test_a_noun_that_is_none_is_warned_of() -> None:
    play = playing()
    call = dial(play, f"<Number>{ANNA}</Number><Pigeon>Bert</Pigeon>")
    assert (len(play.legs_of(call)), call.warned) == (1, [12200])


def test_text_beside_nouns_is_warned_of() -> None:
    play = playing()
    call = dial(play, f"{BERT}<Number>{ANNA}</Number>")
    assert ([each.call.order.callee for each in play.legs_of(call)], call.warned) == ([ANNA], [12200])


@pytest.mark.parametrize("place", ["<Conference>Room</Conference>", "<Queue>line</Queue>"])
def test_a_place_beside_those_who_are_called_is_warned_of(place: str) -> None:
    play = playing()
    call = dial(play, f"<Number>{ANNA}</Number>{place}")
    assert ([each.call.order.callee for each in play.legs_of(call)], call.warned) == ([ANNA], [12200])


@pytest.mark.parametrize("place", ["<Conference>Room</Conference>", "<Queue>line</Queue>"])
def test_nobody_is_called_beside_a_place_that_stands_first(place: str) -> None:
    play = playing()
    call = dial(play, f"{place}<Number>{ANNA}</Number>")
    assert (play.legs_of(call), call.warned) == ([], [12200])
