"""What the recording of a call consists of: channel 0 is what its far end says, channel 1 what it hears."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from telefonie.core.commands import HangUp, Hold, Mute, Redirect
from telefonie.core.composing import transcript
from telefonie.core.events import Actor
from telefonie.core.phones import Behaviour, Outcome, Step
from telefonie.core.recordings import Source
from telefonie.core.score import Words, packed
from telefonie.core.speaking import speaking_ms
from telefonie.flow.commands import Sound
from tests.support import scores
from tests.support.meetings import Meetings
from tests.support.play import EMPTY, Play, Played
from tests.support.scores import Shown, shown

SILENT = Behaviour(greeting="")
LINE = "aa bb cc dd"  # 11 characters, 660 ms: 60 each
FILE = "a1/sounds/5e"


def played(
    document: str, *, script: Iterable[Step] = (), phone: Behaviour = SILENT, **pages: Any
) -> tuple[Play, Played]:
    """A call that has begun."""
    play = Play({f"/{name}": each for name, each in pages.items()})
    inside = document if document.startswith("[") else f"<Response>{document}</Response>"
    return play, play.call(inside, script=script, phone=phone)


def parts(document: str, **more: Any) -> list[Shown]:
    """The recording of a call that goes its own way."""
    play, call = played(document, **more)
    play.finish()
    return shown(scores.of(play, scores.whole(call)))


def test_what_the_far_end_says_and_what_it_hears_have_a_channel_each() -> None:
    found = parts(f"<Pause length='1'/><Say>{LINE}</Say>", script=[{"say": "yes"}])
    assert found == [(0, 0, 180, "yes"), (1, 1_000, 1_660, LINE)]


def test_each_sentence_has_its_own_moment_language_and_voice() -> None:
    play, call = played("<Say voice='woman' language='nl-NL'>Dag. Tot ziens.</Say>")
    play.finish()
    first = speaking_ms("Dag.", "nl-NL")
    found = scores.of(play, scores.whole(call)).parts
    assert [(each.at, each.sound.text) for each in found] == [(0, "Dag."), (first, "Tot ziens.")]  # type: ignore[union-attr]
    assert {(each.sound.language, each.sound.voice) for each in found} == {("nl-NL", "woman")}  # type: ignore[union-attr]


def test_keys_are_tones_of_a_tenth_of_a_second() -> None:
    found = parts("<Pause length='3'/>", script=[{"wait": 1}, {"press": "12"}, {"press": "#"}])
    assert found == [(0, 1_000, 1_100, "key 1"), (0, 1_200, 1_300, "key 2"), (0, 1_400, 1_500, "key #")]


def test_keys_that_are_sent_have_pauses_among_them() -> None:
    assert parts("<Play digits='1w2W3'/>") == [
        (1, 0, 100, "key 1"),
        (1, 700, 800, "key 2"),
        (1, 1_900, 2_000, "key 3"),
    ]


def test_keys_that_were_ordered_with_the_call_are_heard_as_it_is_answered() -> None:
    play = Play()
    call = play.call("<Response><Pause length='2'/></Response>", phone=SILENT, keys="w5")
    play.finish()
    assert shown(scores.of(play, scores.whole(call))) == [(1, 500, 600, "key 5")]


def test_a_machine_says_its_greeting_and_beeps() -> None:
    machine = Behaviour(outcome=Outcome.MACHINE, greeting="hello", beep=True)
    assert parts("<Pause length='3'/>", phone=machine) == [(0, 0, 300, "hello"), (0, 300, 800, "beep")]


def test_files_are_heard_as_often_as_they_are_played() -> None:
    found = parts("<Play loop='2'>music</Play>", music=Sound(200, 4_000, FILE))
    assert found == [(1, 0, 4_000, f"file {FILE}"), (1, 4_000, 8_000, f"file {FILE}")]


def test_a_file_that_was_not_kept_is_silence() -> None:
    assert parts("<Play>music</Play><Say>aa</Say>", music=Sound(200, 4_000)) == [(1, 4_000, 4_120, "aa")]


def test_a_key_cuts_a_prompt_short_and_the_words_that_were_out_are_known() -> None:
    gather = f"<Gather numDigits='1' action='done'><Say>{LINE}</Say></Gather>"
    pause = "<Response><Pause length='1'/></Response>"
    found = parts(gather, script=[{"wait": 0.4}, {"press": "1"}], done=pause)
    assert found == [(1, 0, 400, "aa bb"), (0, 400, 500, "key 1")]


def test_of_a_key_that_ends_the_call_nothing_is_heard() -> None:
    gather = "<Gather numDigits='1' action='done'/>"
    assert parts(gather, script=[{"wait": 1}, {"press": "1"}], done="<Response/>") == []


def test_the_end_of_the_call_cuts_everybody() -> None:
    play, call = played(f"<Say>{LINE}</Say>", script=[{"say": LINE}])
    play.pass_time(0.4)
    call.tell(HangUp(Actor.CUSTOMER))
    assert shown(scores.of(play, scores.whole(call))) == [(0, 0, 400, "aa bb"), (1, 0, 400, "aa bb")]


def test_another_document_cuts_what_was_said() -> None:
    play, call = played("<Say>aa bb cc dd</Say>", other="<Response><Say>ee</Say></Response>")
    play.pass_time(0.2)
    call.tell(Redirect("https://app.test/other", "POST"))
    play.finish()
    assert shown(scores.of(play, scores.whole(call))) == [(1, 0, 200, "aa"), (1, 200, 320, "ee")]


def test_an_echo_is_heard_while_it_is_spoken() -> None:
    found = parts("<Echo/>", script=[{"wait": 1}, {"say": "aa"}, {"wait": 1}, {"hangup": True}])
    assert found == [(0, 1_000, 1_120, "aa"), (1, 1_000, 1_120, "aa")]


# -- muted, held, away --


def test_who_is_muted_is_not_heard_while_he_is() -> None:
    play, call = played("<Pause length='3'/>", script=[{"say": LINE}, {"press": "1"}])
    play.pass_time(0.2)
    call.tell(Mute(on=True))
    play.pass_time(0.2)
    call.tell(Mute(on=False))
    play.finish()
    assert shown(scores.of(play, scores.whole(call))) == [
        (0, 0, 200, "aa"),
        (0, 400, 660, "dd +400"),
        (0, 660, 760, "key 1"),
    ]


def test_keys_of_who_is_muted_are_not_heard_either() -> None:
    play, call = played("<Pause length='3'/>", script=[{"wait": 1}, {"press": "1"}])
    call.tell(Mute(on=True))
    play.finish()
    assert shown(scores.of(play, scores.whole(call))) == []


def test_who_is_held_hears_music_and_nothing_else_and_is_not_heard() -> None:
    play, call = played(f"<Say>{LINE}</Say><Pause length='2'/>", script=[{"say": LINE}])
    play.pass_time(0.2)
    call.tell(Hold(on=True))
    play.pass_time(0.2)
    call.tell(Hold(on=False))
    play.finish()
    assert shown(scores.of(play, scores.whole(call))) == [
        (0, 0, 200, "aa"),
        (1, 0, 200, "aa"),
        (1, 200, 400, "music"),
        (0, 400, 660, "dd +400"),
        (1, 400, 660, "dd +400"),
    ]


def test_music_on_hold_does_not_stop_with_a_prompt_that_is_cut() -> None:
    play, call = played(f"<Say>{LINE}</Say>", other="<Response><Pause length='1'/></Response>")
    call.tell(Hold(on=True))
    play.pass_time(0.3)
    call.tell(Redirect("https://app.test/other", "POST"))
    play.finish()
    assert shown(scores.of(play, scores.whole(call))) == [(1, 0, 1_300, "music")]


def test_who_holds_the_line_hears_nothing_and_is_not_heard() -> None:
    play, call = played("<Say>aa bb</Say><Pause length='2'/>", script=[{"hold": 1}, {"say": "cc"}])
    play.finish()
    assert shown(scores.of(play, scores.whole(call))) == [(0, 1_000, 1_120, "cc")]


# -- connected with another call --


def dialled(
    script: Iterable[Step] = (), theirs: Iterable[Step] = (), **attributes: str
) -> tuple[Play, Played]:
    """A call that has dialled, and is connected at the third second; both stay silent unless told otherwise."""
    play = Play()
    play.phones["+31612345678"] = Behaviour(greeting="", script=tuple(theirs))
    wishes = " ".join(f"{name}='{value}'" for name, value in attributes.items())
    document = f"<Response><Dial {wishes}>+31612345678</Dial></Response>"
    return play, play.call(document, script=script, phone=SILENT)


def test_until_somebody_answers_it_rings_as_it_does_in_that_country() -> None:
    play, call = dialled(theirs=[{"wait": 1}, {"hangup": True}], ringTone="nl")
    play.finish()
    assert shown(scores.of(play, scores.whole(call))) == [(1, 0, 3_000, "ringback nl")]


def test_two_who_are_connected_hear_each_other() -> None:
    play, call = dialled(
        [{"wait": 4}, {"say": "aa"}], [{"wait": 2}, {"say": "bb"}, {"press": "5"}, {"hangup": True}]
    )
    play.finish()
    (leg,) = play.legs_of(call)
    mine = [(1, 0, 3_000, "ringback"), (0, 4_000, 4_120, "aa"), (1, 5_000, 5_120, "bb")]
    assert shown(scores.of(play, scores.whole(call))) == [*mine, (1, 5_120, 5_220, "key 5")]
    assert shown(scores.of(play, scores.whole(leg))) == [
        (1, 1_000, 1_120, "aa"),
        (0, 2_000, 2_120, "bb"),
        (0, 2_120, 2_220, "key 5"),
    ]


def test_who_was_speaking_already_is_heard_from_the_connection_on() -> None:
    play, call = dialled([{"wait": 2.8}, {"say": LINE}], [{"wait": 2}, {"hangup": True}])
    play.finish()
    (leg,) = play.legs_of(call)
    assert shown(scores.of(play, scores.whole(leg))) == [(1, 0, 460, "cc dd +200")]


def test_whoever_is_muted_or_held_is_not_heard_by_the_other() -> None:
    play, call = dialled([{"wait": 4}, {"say": LINE}], [{"wait": 4}, {"hangup": True}])
    (leg,) = play.legs_of(call)
    play.pass_time(4.2)
    call.tell(Mute(on=True))
    play.pass_time(0.2)
    call.tell(Mute(on=False))
    play.finish()
    assert shown(scores.of(play, scores.whole(leg))) == [
        (1, 1_000, 1_200, "aa"),
        (1, 1_400, 1_660, "dd +400"),
    ]


def test_who_is_held_does_not_hear_the_other_and_the_other_hears_nothing() -> None:
    play, call = dialled(
        [{"wait": 4}, {"say": "aa"}], [{"wait": 1}, {"say": "bb"}, {"wait": 2}, {"hangup": True}]
    )
    (leg,) = play.legs_of(call)
    play.pass_time(3.5)
    call.tell(Hold(on=True))
    play.pass_time(1.5)
    call.tell(Hold(on=False))
    play.finish()
    held = (1, 3_500, 5_000, "music")
    assert shown(scores.of(play, scores.whole(call))) == [(1, 0, 3_000, "ringback"), held]
    assert shown(scores.of(play, scores.whole(leg))) == [(0, 1_000, 1_120, "bb")]


def test_after_they_have_parted_nobody_hears_the_other() -> None:
    star: list[Step] = [{"wait": 4}, {"press": "*"}, {"wait": 1}, {"say": "aa"}]
    play, call = dialled(star, [{"say": " ".join([LINE] * 9)}], hangupOnStar="true", action="/on")
    play.pages["/on"] = "<Response><Pause length='5'/></Response>"
    play.finish()
    (leg,) = play.legs_of(call)
    heard = shown(scores.of(play, scores.whole(call)))
    at, end = next(each[1:3] for each in heard if each[3].startswith(LINE))
    assert (at, end) == (3_000, 4_000)
    assert [each for each in shown(scores.of(play, scores.whole(leg))) if each[0] == 1] == []


def test_a_leg_that_goes_its_own_way_no_longer_hears_its_caller() -> None:
    play, call = dialled([{"wait": 4}, {"say": "aa"}, {"wait": 2}, {"say": "bb"}, {"wait": 1}, {"say": "cc"}])
    play.pages["/other"] = "<Response><Pause length='9'/></Response>"
    (leg,) = play.legs_of(call)
    play.pass_time(5)
    leg.tell(Redirect("https://app.test/other", "POST"))
    play.finish()
    assert shown(scores.of(play, scores.whole(leg))) == [(1, 1_000, 1_120, "aa")]


# -- which side, and on how many channels --


def spoken() -> tuple[Play, Played]:
    play, call = played("<Say>bb</Say><Pause length='1'/>", script=[{"say": "aa"}])
    play.finish()
    return play, call


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, [(0, 0, 120, "aa"), (1, 0, 120, "bb")]),
        ({"channels": 1}, [(0, 0, 120, "aa"), (0, 0, 120, "bb")]),
        ({"track": "inbound"}, [(0, 0, 120, "aa")]),
        ({"track": "outbound"}, [(0, 0, 120, "bb")]),
        ({"source": Source.RECORD_VERB, "channels": 1}, [(0, 0, 120, "aa")]),
        ({"source": Source.RECORD_ACTION, "channels": 5}, [(0, 0, 120, "aa"), (1, 0, 120, "bb")]),
    ],
)
def test_one_side_alone_has_one_channel(more: dict[str, Any], found: list[Shown]) -> None:
    play, call = spoken()
    it = scores.of(play, scores.whole(call, **more))
    assert shown(it) == found
    assert it.channels == 1 + max(channel for channel, *_ in found)


def test_the_words_that_a_verb_reports_are_those_of_the_transcript() -> None:
    wishes = "action='/done' timeout='2' transcribe='true' transcribeCallback='/words'"
    said: list[Step] = [{"say": LINE}, {"wait": 0.5}, {"press": "1"}, {"wait": 1}, {"say": "ee ff"}]
    document = f"<Say>gg</Say><Record {wishes} finishOnKey='*'/>"
    play, _ = played(document, script=said, done="<Response/>", words=EMPTY)
    play.finish()
    (it,) = play.recordings.values()
    (told,) = (each.outcome for each in play.asked if each.verb == "transcription")
    lines = transcript(scores.of(play, it))
    assert told["transcription_text"] == " ".join(each.text for each in lines) == "ee ff"


def test_two_hours_of_waiting_are_two_parts() -> None:
    play, call = played("<Say>aa</Say><Enqueue>line</Enqueue>")
    play.meet = Meetings()
    play.pass_time(7_200)
    call.tell(HangUp(Actor.CUSTOMER))
    found = scores.of(play, scores.whole(call))
    assert shown(found) == [(1, 0, 120, "aa"), (1, 120, 7_200_000, "music")]


def test_two_hours_of_talk_take_no_more_room_than_their_words() -> None:
    play, call = played(f"<Say loop='1000'>{' '.join([LINE] * 100)}</Say>")
    play.pass_time(7_200)
    call.tell(HangUp(Actor.CUSTOMER))
    found = scores.of(play, scores.whole(call))
    assert len(found.parts) == -(-7_200_000 // speaking_ms(" ".join([LINE] * 100)))
    words = sum(len(each.sound.text) for each in found.parts if isinstance(each.sound, Words))
    assert len(json.dumps(packed(found))) < words + 250 * len(found.parts)


def test_what_the_far_end_says_needs_nobody_elses_journal() -> None:
    play, call = dialled([{"say": "aa"}], [{"say": "bb"}, {"hangup": True}])
    play.finish()
    own = {call.id: scores.journals(play)[call.id]}
    assert shown(scores.score(scores.whole(call, track="inbound"), own)) == [(0, 0, 120, "aa")]
