"""Dial, attribute by attribute: who is called, for how long, who hears what, and what is asked at the end."""

from __future__ import annotations

from typing import Any

import pytest

from telefonie.core.call import Cause, Status
from telefonie.core.commands import Leave, Redirect
from telefonie.core.events import Actor, Kind
from telefonie.core.phones import Behaviour, Outcome
from telefonie.core.recordings import News, Source
from telefonie.core.speaking import speaking_ms
from tests.support.play import ROOT, Play, Played

ANNA, BERT, CARL = "+31612345601", "+31612345602", "+31612345603"
BUSY = Behaviour(outcome=Outcome.BUSY)
NOBODY = Behaviour(outcome=Outcome.NO_ANSWER)
REJECTS = Behaviour(outcome=Outcome.REJECTED)
UNREACHABLE = Behaviour(outcome=Outcome.FAILED)
LATE = Behaviour(answers_after=8_000)
AFTER = "<Response><Say>After</Say></Response>"


def playing(**phones: Behaviour) -> Play:
    """Anna, Bert and Carl may have habits of their own; the action is answered."""
    play = Play({"/after": AFTER})
    numbers = {"anna": ANNA, "bert": BERT, "carl": CARL}
    play.phones = {numbers[name]: phone for name, phone in phones.items()}
    return play


def dial(play: Play, attributes: str = "", inner: str = ANNA, more: str = "") -> Played:
    """A call that dials, just answered."""
    return play.call(f"<Response><Dial {attributes}>{inner}</Dial>{more}</Response>")


def warned_at(call: Played) -> list[tuple[int, int, int]]:
    """Codes of warnings, and where they point."""
    return [(each["code"], each["line"], each["column"]) for each in call.of(Kind.WARNED)]


# -- the talk --


def test_somebody_is_called_as_a_call_of_its_own_and_connected_when_they_answer() -> None:
    play = playing()
    call = dial(play)
    play.pass_time(3)
    leg = play.legs_of(call)[0]
    assert (leg.call.order.callee, leg.status) == (ANNA, Status.TALKING)
    assert call.of(Kind.DIALED) == [{"to": ANNA, "call_id": leg.id}]
    assert call.of(Kind.CONNECTED) == [{"call_id": leg.id}]
    assert leg.of(Kind.CONNECTED) == [{"call_id": call.id}]
    assert call.at(Kind.CONNECTED) == [3.0]


def test_a_called_phone_without_a_script_hangs_up_ten_seconds_after_the_connection() -> None:
    play = playing()
    call = dial(play, more="<Say>Goodbye</Say>")
    play.pass_time(13)
    leg = play.legs_of(call)[0]
    assert leg.status is Status.COMPLETED
    assert call.at(Kind.PARTED) == [13.0]
    assert call.of(Kind.PARTED) == [{"call_id": leg.id}]
    assert call.said == ["Goodbye"]


def test_each_hears_what_the_other_says_while_they_are_connected() -> None:
    says_name = Behaviour(
        greeting="This is Anna", script=({"when_heard": "goodbye", "steps": ({"hangup": True},)},)
    )
    play = playing(anna=says_name)
    call = play.call(
        f"<Response><Dial>{ANNA}</Dial></Response>",
        script=({"when_heard": "this is anna", "steps": ({"say": "Well, goodbye"},)},),
    )
    play.finish()
    leg = play.legs_of(call)[0]
    assert [each["text"] for each in call.of(Kind.OVERHEARD)] == ["This is Anna"]
    assert [each["text"] for each in leg.of(Kind.OVERHEARD)] == ["Well, goodbye"]
    assert leg.call.cause is Cause.HUNG_UP


def test_what_the_caller_says_after_the_talk_reaches_nobody() -> None:
    play = playing()
    call = dial(play, more="<Pause length='60'/>")
    play.pass_time(20)
    call.speak("Is anybody there?")
    play.pass_time(5)
    assert play.legs_of(call)[0].of(Kind.OVERHEARD) == []


def test_legs_are_billed_in_the_currency_and_language_of_their_call() -> None:
    play = playing()
    call = play.call(f"<Response><Dial>{ANNA}</Dial></Response>", language="nl-NL", currency="EUR")
    order = play.legs_of(call)[0].call.order
    assert (order.language, order.currency, order.parent_id) == ("nl-NL", "EUR", call.id)


# -- action, method --


def test_without_an_action_the_next_verb_runs() -> None:
    play = playing()
    call = dial(play, more="<Say>Next</Say>")
    play.finish()
    assert (call.said, play.actions) == (["Next"], [])


def test_the_action_is_asked_with_what_came_of_the_talk_and_takes_over() -> None:
    play = playing()
    call = dial(play, "action='after'", more="<Say>Never</Say>")
    play.finish()
    leg = play.legs_of(call)[0]
    outcome = {
        "dial_call_status": Status.COMPLETED,
        "dial_call_id": leg.id,
        "dial_call_duration": 10,
        "dial_bridged": True,
    }
    assert play.actions == [("/after", outcome)]
    assert call.said == ["After"]


@pytest.mark.parametrize(
    ("written", "method"), [("", "POST"), ("method='GET'", "GET"), ("method='PUT'", "POST")]
)
def test_the_action_is_asked_by_its_method(written: str, method: str) -> None:
    play = playing()
    call = dial(play, f"action='/after' {written}")
    play.finish()
    assert (play.asked[-1].url, play.asked[-1].method, play.asked[-1].verb) == (
        "https://app.test/after",
        method,
        "Dial",
    )
    assert call.warned == ([13210] if "PUT" in written else [])


@pytest.mark.parametrize(
    ("phone", "status"),
    [
        (BUSY, Status.BUSY),
        (NOBODY, Status.UNANSWERED),
        (REJECTS, Status.UNANSWERED),
        (UNREACHABLE, Status.FAILED),
    ],
)
def test_the_action_learns_why_nobody_was_connected(phone: Behaviour, status: Status) -> None:
    play = playing(anna=phone)
    call = dial(play, "action='/after'")
    play.finish()
    leg = play.legs_of(call)[0]
    outcome = {"dial_call_status": status, "dial_call_id": leg.id, "dial_bridged": False}
    assert play.actions == [("/after", outcome)]
    assert call.of(Kind.CONNECTED) == []


def test_a_caller_who_hangs_up_ends_the_leg_and_the_action_is_told() -> None:
    play = playing()
    call = dial(play, "action='/after'")
    play.pass_time(5.5)
    call.tell(Leave())
    play.pass_time(0)
    leg = play.legs_of(call)[0]
    assert (call.status, leg.status) == (Status.COMPLETED, Status.COMPLETED)
    assert leg.call.ended_at == call.call.ended_at
    assert play.asked[-1].outcome == {
        "dial_call_status": Status.COMPLETED,
        "dial_call_id": leg.id,
        "dial_call_duration": 3,
        "dial_bridged": True,
    }
    play.finish()
    assert call.said == []


def test_a_caller_who_hangs_up_while_it_rings_cancels_the_leg() -> None:
    play = playing()
    call = dial(play, "action='/after'")
    play.pass_time(2)
    call.tell(Leave())
    play.pass_time(0)
    leg = play.legs_of(call)[0]
    assert leg.status is Status.CANCELED
    told = {"dial_call_status": Status.CANCELED, "dial_call_id": leg.id, "dial_bridged": False}
    assert play.asked[-1].outcome == told


def test_a_caller_who_hangs_up_is_not_spoken_of_where_there_is_no_action() -> None:
    play = playing()
    call = dial(play)
    play.pass_time(5)
    call.tell(Leave())
    play.finish()
    assert play.fetched == ["/"]


def test_a_redirect_drops_the_leg_and_asks_no_action() -> None:
    play = playing()
    play.pages["/else"] = "<Response><Say>Elsewhere</Say></Response>"
    call = dial(play, "action='/after'")
    play.pass_time(5)
    call.tell(Redirect("https://app.test/else", "POST"))
    play.finish()
    leg = play.legs_of(call)[0]
    assert leg.call.ended_at == leg.call.answered_at + 2_000  # type: ignore[operator]
    assert (call.said, play.fetched) == (["Elsewhere"], ["/", "/else"])


def test_a_leg_that_is_sent_elsewhere_goes_its_own_way_and_the_dial_ends_without_a_duration() -> None:
    play = playing()
    play.pages["/else"] = "<Response><Pause length='30'/><Say>Elsewhere</Say></Response>"
    call = dial(play, "action='/after'")
    play.pass_time(5)
    leg = play.legs_of(call)[0]
    leg.tell(Redirect("https://app.test/else", "POST"))
    play.finish()
    told = {"dial_call_status": Status.COMPLETED, "dial_call_id": leg.id, "dial_bridged": True}
    assert play.actions == [("/after", told)]
    assert (call.said, leg.said) == (["After"], ["Elsewhere"])


def test_both_can_be_sent_elsewhere_at_once_if_the_leg_goes_first() -> None:
    play = playing()
    play.pages["/else"] = "<Response><Pause length='30'/><Say>Elsewhere</Say></Response>"
    call = dial(play)
    play.pass_time(5)
    leg = play.legs_of(call)[0]
    leg.tell(Redirect("https://app.test/else", "POST"))
    call.tell(Redirect("https://app.test/else", "POST"))
    play.finish()
    assert (call.said, leg.said) == (["Elsewhere"], ["Elsewhere"])


# -- timeout --


@pytest.mark.parametrize(("written", "seconds"), [("", 30), ("timeout='5'", 5), ("timeout='600'", 600)])
def test_it_rings_as_long_as_the_timeout_says(written: str, seconds: int) -> None:
    play = playing(anna=NOBODY)
    call = dial(play, f"{written} action='/after'")
    play.pass_time(1 + seconds - 0.001)
    assert play.actions == []
    play.pass_time(0.001)
    assert play.actions[0][1]["dial_call_status"] is Status.UNANSWERED
    assert call.warned == []


@pytest.mark.parametrize("wrong", ["4", "601", "soon", "7.5"])
def test_a_wrong_timeout_is_warned_of_and_is_thirty_seconds(wrong: str) -> None:
    play = playing(anna=NOBODY)
    call = dial(play, f"timeout='{wrong}'", more="<Say>Next</Say>")
    play.finish()
    assert call.at(Kind.SAID, Actor.PLATFORM) == [31.0]
    assert call.warned == [13212]


# -- timeLimit --


def test_the_talk_ends_at_the_time_limit() -> None:
    play = playing(anna=Behaviour(hangs_up_after=3_600_000))
    call = dial(play, "timeLimit='20' action='/after'")
    play.pass_time(60)
    leg = play.legs_of(call)[0]
    assert (call.at(Kind.PARTED), leg.status) == ([23.0], Status.COMPLETED)
    assert play.actions[0][1]["dial_call_duration"] == 20


def test_the_time_limit_counts_from_the_connection_and_keeps_nobody_waiting() -> None:
    play = playing(anna=Behaviour(script=({"when_heard": "never", "steps": ()},)))
    call = dial(play, "timeLimit='20'")
    play.finish()
    assert [call.status] == [Status.TALKING]  # a limit is a guard: nothing waits for it
    play.pass_time(60)
    assert [call.status] == [Status.COMPLETED]


@pytest.mark.parametrize("wrong", ["0", "86401", "long"])
def test_a_wrong_time_limit_is_warned_of_and_is_four_hours(wrong: str) -> None:
    play = playing(anna=Behaviour(hangs_up_after=86_000_000))
    call = play.call(f"<Response><Dial timeLimit='{wrong}'>{ANNA}</Dial></Response>", limit_ms=86_400_000)
    play.pass_time(15_000)
    assert (call.at(Kind.PARTED), call.warned) == ([14_403.0], [13216])


# -- callerId, callReason --


def test_the_caller_of_the_call_is_shown() -> None:
    play = playing()
    call = play.arrive(f"<Response><Dial>{ANNA}</Dial></Response>")
    assert play.legs_of(call)[0].call.order.caller == call.call.order.caller == "+31612345678"


@pytest.mark.parametrize("shown", ["+3197010281", "client:anna", "sip:anna@example.com"])
def test_another_caller_may_be_shown(shown: str) -> None:
    play = playing()
    call = dial(play, f"callerId='{shown}' callReason='Your parcel'")
    assert play.legs_of(call)[0].call.order.caller == shown
    assert call.warned == []


@pytest.mark.parametrize("wrong", ["Anna Smith", "parcels"])
def test_a_caller_that_nobody_could_be_is_warned_of(wrong: str) -> None:
    play = playing()
    call = dial(play, f"callerId='{wrong}'")
    assert play.legs_of(call)[0].call.order.caller == "+3197010280"
    assert call.warned == [13214]


def test_a_mere_name_is_shown_to_sip_addresses() -> None:
    play = playing()
    call = dial(play, "callerId='parcel-service'", "<Sip>sip:anna@example.com</Sip>")
    assert play.legs_of(call)[0].call.order.caller == "parcel-service"
    assert call.warned == []


def test_a_reason_of_more_than_fifty_characters_is_warned_of() -> None:
    play = playing()
    assert dial(play, f"callReason='{'x' * 51}'").warned == [12200]


# -- hangupOnStar --


def test_the_star_key_drops_who_was_called_and_the_caller_goes_on() -> None:
    play = playing()
    call = dial(play, "hangupOnStar='true' action='/after'")
    play.pass_time(5)
    call.press("*")
    play.pass_time(0)
    leg = play.legs_of(call)[0]
    assert (leg.status, leg.call.ended_at) == (Status.COMPLETED, play.now)
    play.finish()
    assert call.said == ["After"]
    assert play.actions[0][1]["dial_call_status"] is Status.COMPLETED


def test_the_star_key_before_the_answer_cancels_everybody() -> None:
    play = playing(anna=LATE, bert=LATE)
    call = dial(
        play,
        "hangupOnStar='true' action='/after' sequential='true'",
        f"<Number>{ANNA}</Number><Number>{BERT}</Number>",
    )
    play.pass_time(3)
    call.press("*")
    play.finish()
    assert [each.status for each in play.legs_of(call)] == [Status.CANCELED]
    assert play.actions[0][1]["dial_call_status"] is Status.CANCELED


@pytest.mark.parametrize(("written", "warned"), [("", []), ("hangupOnStar='yes'", [13213])])
def test_without_it_keys_mean_nothing(written: str, warned: list[int]) -> None:
    play = playing()
    call = dial(play, written)
    play.pass_time(5)
    call.press("*#1")
    play.pass_time(2)
    assert play.legs_of(call)[0].status is Status.TALKING
    assert call.warned == warned


def test_other_keys_do_not_drop_anybody() -> None:
    play = playing()
    call = dial(play, "hangupOnStar='true'")
    play.pass_time(5)
    call.press("1#")
    play.pass_time(2)
    assert play.legs_of(call)[0].status is Status.TALKING


# -- answerOnBridge --


def test_an_inbound_call_is_picked_up_when_the_dial_begins() -> None:
    play = playing()
    call = play.arrive(f"<Response><Dial>{ANNA}</Dial></Response>")
    assert call.call.answered_at == call.call.created_at


def test_with_answer_on_bridge_it_rings_on_until_somebody_is_ready() -> None:
    play = playing()
    call = play.arrive(f"<Response><Dial answerOnBridge='true'>{ANNA}</Dial></Response>")
    play.pass_time(2.9)
    assert call.status is Status.RINGING
    play.pass_time(0.1)
    assert call.call.answered_at == call.call.created_at + 3_000
    assert call.of(Kind.CONNECTED) != []
    play.finish()
    assert (call.status, call.of(Kind.PLAYED)) == (Status.COMPLETED, [])


def test_a_caller_who_gives_up_meanwhile_cancels_the_leg() -> None:
    play = playing(anna=NOBODY)
    call = play.arrive(f"<Response><Dial answerOnBridge='true' action='/after'>{ANNA}</Dial></Response>")
    play.pass_time(2)
    call.tell(Leave())
    play.finish()
    assert (call.status, play.legs_of(call)[0].status) == (Status.CANCELED, Status.CANCELED)
    assert play.asked[-1].outcome["dial_call_status"] is Status.CANCELED


def test_nobody_picks_up_when_nobody_is_ready_until_another_verb_speaks() -> None:
    play = playing(anna=BUSY)
    call = play.arrive(f"<Response><Dial answerOnBridge='true'>{ANNA}</Dial><Say>Busy</Say></Response>")
    play.finish()
    assert call.call.answered_at == call.call.created_at + 3_000
    assert call.said == ["Busy"]


# -- record, trim, recordingStatusCallback, recordingTrack --


@pytest.mark.parametrize(
    ("record", "begins", "channels"),
    [
        ("true", 3.0, 1),
        ("record-from-answer", 3.0, 1),
        ("record-from-answer-dual", 3.0, 2),
        ("record-from-ringing", 0.0, 1),
        ("record-from-ringing-dual", 0.0, 2),
    ],
)
def test_the_talk_is_recorded_from_the_answer_or_from_the_ringing_on(
    record: str, begins: float, channels: int
) -> None:
    play = playing()
    call = dial(play, f"record='{record}' ")
    play.finish()
    (it,) = play.recordings.values()
    assert (it.source, it.channels, it.track, it.trim) == (Source.DIAL_VERB, channels, "both", False)
    assert (it.status, it.ms, it.why) == ("completed", round((13 - begins) * 1000), "dial_ended")
    assert [each["state"] for each in call.of(Kind.RECORDED)] == ["started", "finished"]
    assert call.at(Kind.RECORDED) == [begins, 13.0]
    assert call.call.recording == it.id


@pytest.mark.parametrize("track", ["inbound", "outbound"])
def test_one_voice_alone_has_one_channel(track: str) -> None:
    play = playing()
    dial(play, f"record='record-from-answer-dual' recordingTrack='{track}'")
    play.finish()
    (it,) = play.recordings.values()
    assert (it.track, it.channels) == (track, 1)


def test_silence_at_both_ends_is_cut_off_if_wanted() -> None:
    play = playing(anna=Behaviour(greeting="", script=({"wait": 2}, {"say": "Hello"}, {"wait": 3})))
    call = dial(play, "record='record-from-ringing' trim='trim-silence' ringTone='nl' timeLimit='20'")
    play.pass_time(60)
    (it,) = play.recordings.values()
    answered = call.call.answered_at
    assert answered is not None
    assert it.since == answered  # the ringing is heard
    assert it.until == answered + 5_000 + speaking_ms("Hello")


def test_the_action_learns_of_the_recording() -> None:
    play = playing()
    dial(play, "record='true' action='/after'")
    play.finish()
    assert play.actions[0][1]["recording_id"] == next(iter(play.recordings))


def test_an_inbound_call_that_rings_on_is_recorded_from_the_answer() -> None:
    play = playing()
    how = "answerOnBridge='true' record='record-from-ringing'"
    call = play.arrive(f"<Response><Dial {how}>{ANNA}</Dial></Response>")
    play.finish()
    (it,) = play.recordings.values()
    assert it.since == call.call.answered_at


@pytest.mark.parametrize(
    ("written", "warned"),
    [("", []), ("record='do-not-record'", []), ("record='yes'", [12200]), ("record='false'", [12200])],
)
def test_nothing_is_recorded_otherwise(written: str, warned: list[int]) -> None:
    play = playing()
    call = dial(play, written)
    play.finish()
    assert (call.of(Kind.RECORDED), call.warned) == ([], warned)


def test_what_was_recorded_ends_with_the_caller() -> None:
    play = playing()
    call = dial(
        play, "record='true' recordingStatusCallback='/tape' recordingStatusCallbackEvent='completed'"
    )
    play.pass_time(5)
    call.tell(Leave())
    assert [each["state"] for each in call.of(Kind.RECORDED)] == ["started", "finished"]
    assert [(each.news, each.recording.why, each.recording.url) for each in play.news] == [
        (News.COMPLETED, "call_ended", f"{ROOT}tape")
    ]
    assert call.warned == []


def test_nobody_connected_means_nothing_recorded_from_the_answer() -> None:
    play = playing(anna=BUSY)
    call = dial(play, "record='true'")
    play.finish()
    assert call.of(Kind.RECORDED) == []


# -- ringTone --


def test_the_caller_hears_that_it_rings_until_somebody_is_connected() -> None:
    play = playing()
    call = dial(play, "ringTone='nl' timeout='25'")
    play.pass_time(5)
    assert call.of(Kind.PLAYED) == [{"what": "ringback", "ms": 25_000, "tone": "nl"}]
    assert (call.at(Kind.PLAYED), call.at(Kind.HUSHED)) == ([0.0], [3.0])


def test_a_country_without_a_tone_of_its_own_is_warned_of() -> None:
    play = playing()
    assert dial(play, "ringTone='atlantis'").warned == [12200]


# -- several at once --


BOTH = f"<Number>{ANNA}</Number><Number>{BERT}</Number>"


def test_all_are_called_at_once_and_the_first_to_answer_wins() -> None:
    play = playing(anna=LATE)
    call = dial(play, "action='/after'", BOTH)
    play.pass_time(4)
    anna, bert = play.legs_of(call)
    assert anna.call.created_at == bert.call.created_at
    assert (anna.status, bert.status) == (Status.CANCELED, Status.TALKING)
    play.finish()
    assert play.actions[0][1]["dial_call_id"] == bert.id


def test_of_two_who_answer_at_one_moment_one_is_connected() -> None:
    play = playing()
    call = dial(play, "", BOTH)
    play.pass_time(4)
    assert len(call.of(Kind.CONNECTED)) == 1
    assert sorted(each.over for each in play.legs_of(call)) == [False, True]


def test_when_nobody_can_be_had_the_last_failure_counts() -> None:
    play = playing(anna=NOBODY, bert=BUSY)
    dial(play, "action='/after'", BOTH)
    play.finish()
    assert play.actions[0][1]["dial_call_status"] is Status.UNANSWERED


def test_a_failure_of_one_does_not_end_the_ringing_of_the_other() -> None:
    play = playing(anna=BUSY, bert=LATE)
    call = dial(play, "action='/after'", BOTH)
    play.finish()
    assert call.at(Kind.CONNECTED) == [9.0]
    assert play.actions[0][1]["dial_call_status"] is Status.COMPLETED


def test_all_legs_end_with_the_caller() -> None:
    play = playing(anna=LATE, bert=LATE)
    call = dial(play, "", BOTH)
    play.pass_time(3)
    call.tell(Leave())
    play.pass_time(0)
    assert [each.status for each in play.legs_of(call)] == [Status.CANCELED, Status.CANCELED]


# -- sequential --


def test_in_sequence_the_next_is_called_when_one_cannot_be_had() -> None:
    play = playing(anna=BUSY, bert=NOBODY)
    inner = f"{BOTH}<Number>{CARL}</Number>"
    call = dial(play, "sequential='true' timeout='10' action='/after'", inner)
    play.finish()
    legs = play.legs_of(call)
    begun = [(each.call.created_at - call.call.answered_at) / 1000 for each in legs]  # type: ignore[operator]
    assert begun == [0.0, 3.0, 14.0]
    assert [each.status for each in legs] == [Status.BUSY, Status.UNANSWERED, Status.COMPLETED]
    assert len({each.id for each in legs}) == 3
    assert play.actions[0][1]["dial_call_id"] == legs[2].id


def test_in_sequence_nobody_is_called_after_the_one_who_answered() -> None:
    play = playing()
    call = dial(play, "sequential='true'", BOTH)
    play.finish()
    assert [each.call.order.callee for each in play.legs_of(call)] == [ANNA]


def test_two_dials_of_a_call_never_share_a_leg() -> None:
    play = playing(anna=BUSY, bert=BUSY)
    call = dial(play, "", BOTH, more=f"<Dial>{BOTH}</Dial><Dial sequential='true'>{BOTH}</Dial>")
    play.finish()
    assert len({each.id for each in play.legs_of(call)}) == 6


# -- referUrl, referMethod --


def test_attributes_without_effect_are_known() -> None:
    play = playing()
    call = dial(play, "referUrl='/refer' referMethod='GET' recordingStatusCallbackMethod='GET'")
    play.finish()
    assert (call.warned, play.fetched) == ([], ["/"])


# -- content --


def test_nobody_to_call_is_warned_of_and_counts_as_failed() -> None:
    play = playing()
    call = dial(play, "action='/after'", "")
    assert play.actions == [("/after", {"dial_call_status": Status.FAILED, "dial_bridged": False})]
    assert warned_at(call) == [(13223, 1, 11)]


@pytest.mark.parametrize(
    ("number", "callee"),
    [
        ("+31 6 1234 5601", ANNA),
        ("0031612345601", ANNA),
        ("31612345601", ANNA),
        ("tel:+31-6-12345601", ANNA),
        ("+1 (415) 555-2671", "+14155552671"),
    ],
)
def test_a_number_may_be_spelled_as_people_do(number: str, callee: str) -> None:
    play = playing()
    call = dial(play, "", number)
    assert [each.call.order.callee for each in play.legs_of(call)] == [callee]
    assert call.warned == []


@pytest.mark.parametrize(
    ("number", "code"), [("my brother", 13223), ("0612345601", 13224), ("+" + "1" * 16, 13224)]
)
def test_a_number_that_cannot_be_dialled_is_warned_of_and_counts_as_failed(number: str, code: int) -> None:
    play = playing()
    call = dial(play, "action='/after'", number)
    assert (play.legs_of(call), call.warned) == ([], [code])
    assert play.actions[0][1] == {"dial_call_status": Status.FAILED, "dial_bridged": False}


def test_an_unknown_attribute_is_warned_of_with_its_place() -> None:
    play = playing()
    call = dial(play, "colour='blue'")
    assert warned_at(call) == [(12200, 1, 11)]


def test_every_field_of_the_outcome_is_plain() -> None:
    play = playing(anna=REJECTS)
    dial(play, "action='/after'", "<Sip>sip:anna@example.com</Sip>")
    play.finish()
    outcome: dict[str, Any] = play.actions[0][1]
    assert {type(each) for each in outcome.values()} <= {str, int, bool, Status}
