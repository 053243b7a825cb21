"""Consent before a recording: who is told, who may refuse, and how it is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest

from telefonie.core.call import Status
from telefonie.core.commands import Answer, Redirect
from telefonie.core.errors import Conflict
from telefonie.core.events import Actor, Kind
from telefonie.core.phones import Behaviour, Detection
from telefonie.core.recordings import Wanted
from telefonie.core.speaking import primary
from telefonie.flow.commands import StartRecording
from telefonie.flow.consent import ANNOUNCEMENTS, KEY, LATE_MS, announcement
from tests.support.play import Play, Played

HELLO: Final = "<Response><Say>Hello</Say><Pause length='30'/></Response>"
QUIET: Final = Behaviour(greeting="")
DUTCH: Final = announcement("nl-NL")
SPOKEN: Final = DUTCH.ms / 1000
SETTLED: Final = SPOKEN + LATE_MS / 1000


def recorded(document: str = HELLO, consent: str = "announce", **order: Any) -> tuple[Play, Played]:
    """A call that is to be recorded, just answered."""
    play = Play()
    chosen = {"phone": QUIET, "language": "nl-NL", "record": True, "consent": consent, **order}
    return play, play.call(document, **chosen)


def known(call: Played) -> list[Mapping[str, Any]]:
    """What is known of its consent."""
    return call.of(Kind.CONSENTED)


def test_who_is_recorded_hears_of_it_first_and_the_document_waits_for_the_answer() -> None:
    play, call = recorded()
    play.pass_time(SETTLED - 0.001)
    assert call.said == [DUTCH.text]
    assert (known(call), call.steps, play.fetched) == ([], [], [])
    play.pass_time(0.001)
    assert known(call) == [{"given": True, "how": "announced"}]
    assert call.at(Kind.CONSENTED) == [SETTLED]
    assert call.said == [DUTCH.text, "Hello"]
    assert play.fetched == ["/"]


@pytest.mark.parametrize("after", [0.2, SPOKEN - 0.001, SPOKEN + 0.001, SETTLED])
def test_the_key_that_is_named_refuses_during_the_announcement_and_shortly_after_it(after: float) -> None:
    play, call = recorded(script=[{"wait": after}, {"press": KEY}])
    play.pass_time(after)
    assert known(call) == [{"given": False, "how": "key"}]
    assert call.at(Kind.CONSENTED, Actor.FAR_END) == [after]
    assert call.at(Kind.HUSHED) == ([after] if after < SPOKEN else [])
    assert call.said == [DUTCH.text, "Hello"]
    play.finish()
    assert call.status is Status.COMPLETED
    assert len(known(call)) == 1


def test_a_key_that_comes_later_is_the_documents() -> None:
    gather = "<Response><Gather action='/got' numDigits='1' timeout='5'/></Response>"
    play, call = recorded(gather, script=[{"wait": SETTLED + 0.1}, {"press": KEY}])
    play.finish()
    assert known(call) == [{"given": True, "how": "announced"}]
    assert [outcome["digits"] for _, outcome in play.actions] == [KEY]


def test_other_keys_mean_nothing_and_reach_nobody() -> None:
    gather = "<Response><Gather action='/got' numDigits='2' timeout='2'/><Say>Nothing</Say></Response>"
    play, call = recorded(gather, script=[{"press": "1#"}, {"wait": SPOKEN}, {"press": "*"}])
    play.finish()
    assert known(call) == [{"given": True, "how": "announced"}]
    assert [each["digits"] for each in call.of(Kind.PRESSED)] == ["1", "#", "*"]
    assert (play.actions, call.said[-1]) == ([], "Nothing")


def test_a_far_end_that_does_not_consent_hears_the_announcement_out_and_is_not_recorded() -> None:
    play, call = recorded(phone=Behaviour(greeting="", consents=False))
    play.pass_time(SPOKEN)
    assert known(call) == [{"given": False, "how": "behaviour"}]
    assert call.at(Kind.CONSENTED, Actor.FAR_END) == [SPOKEN]
    assert call.said == [DUTCH.text, "Hello"]


def test_a_script_hears_the_announcement() -> None:
    play, call = recorded(script=[{"when_heard": "druk dan nu op 9", "steps": [{"press": "9"}]}])
    play.finish()
    assert known(call) == [{"given": False, "how": "key"}]


def test_consent_that_is_assumed_takes_no_time() -> None:
    play, call = recorded(consent="assume", phone=Behaviour(greeting="", consents=False))
    assert known(call) == [{"given": True, "how": "assumed"}]
    assert call.at(Kind.CONSENTED) == [0]
    play.pass_time(0.1)
    assert call.said == ["Hello"]


@pytest.mark.parametrize("order", [{"consent": "never"}, {"record": False}])
def test_without_a_recording_or_where_it_is_not_asked_nothing_is_said_of_consent(
    order: dict[str, Any],
) -> None:
    play, call = recorded(**order)
    play.finish()
    assert known(call) == []
    assert call.said == ["Hello"]


@pytest.mark.parametrize(
    ("language", "spoken"),
    [
        ("nl-BE", "nl"),
        ("fr-BE", "fr"),
        ("de-AT", "de"),
        ("en-GB", "en"),
        ("es-ES", "es"),
        ("it-IT", "it"),
        ("pt-PT", "pt"),
        ("pl-PL", "pl"),
        ("fi-FI", "en"),
    ],
)
def test_the_announcement_is_in_the_language_of_the_call_or_in_english(language: str, spoken: str) -> None:
    _, call = recorded(language=language)
    (said,) = call.of(Kind.SAID, Actor.PLATFORM)
    assert said["text"] == ANNOUNCEMENTS[spoken]
    assert KEY in said["text"]
    assert primary(said["language"]) == spoken
    assert said["language"] == (language if primary(language) == spoken else "en-US")


def test_a_call_that_comes_in_is_picked_up_before_it_is_asked_and_its_verbs_wait() -> None:
    play = Play()
    call = play.arrive(
        "<Response><Pause length='2'/><Gather action='/got' numDigits='1'/></Response>",
        script=[{"wait": 0.5}, {"press": "5"}, {"wait": SETTLED}, {"press": "7"}],
        record=True,
        consent="announce",
        language="nl-NL",
    )
    play.pass_time(2)
    assert (call.status, call.said, call.steps) == (Status.TALKING, [DUTCH.text], ["Pause"])
    play.pass_time(SETTLED)
    assert known(call) == [{"given": True, "how": "announced"}]
    assert call.steps == ["Pause", "Gather"]
    play.finish()
    assert [outcome["digits"] for _, outcome in play.actions] == ["7"]


def test_a_call_that_is_picked_up_by_hand_waits_with_the_document_that_comes_meanwhile() -> None:
    play = Play()
    play.slow["/"] = 3_000
    call = play.arrive(HELLO, record=True, consent="announce", language="nl-NL")
    play.pass_time(1)
    call.tell(Answer())
    play.pass_time(SETTLED - 0.001)
    assert call.said == [DUTCH.text]
    play.pass_time(0.001)
    assert call.said == [DUTCH.text, "Hello"]


def test_a_call_that_is_sent_elsewhere_meanwhile_goes_there_afterwards() -> None:
    play, call = recorded()
    play.pages["/other"] = "<Response><Say>Other</Say></Response>"
    play.pass_time(1)
    call.tell(Redirect("https://app.test/wrong", "GET"))
    call.tell(Redirect("https://app.test/other", "GET"))
    assert play.fetched == []
    play.pass_time(SETTLED)
    assert known(call) == [{"given": True, "how": "announced"}]
    assert (play.fetched, call.said) == (["/other"], [DUTCH.text, "Other"])


def test_a_call_that_is_handed_a_document_meanwhile_runs_it_afterwards() -> None:
    play, call = recorded()
    call.tell(Redirect("", "POST", '[{"action":"talk","text":"Other"}]'))
    play.finish()
    assert call.said == [DUTCH.text, "Other"]


@pytest.mark.parametrize("aside", [False, True])
def test_detection_and_consent_are_both_waited_for(aside: bool) -> None:  # noqa: FBT001 - what is tried
    machine = Behaviour(greeting="", outcome=Behaviour().outcome)
    play, call = recorded(phone=machine, detection=Detection.FIRST_VERDICT, detection_aside=aside)
    play.pass_time(5)  # of a silent one the verdict comes after five seconds
    assert (len(call.of(Kind.DETECTED)), call.steps) == (1, [])
    play.pass_time(SETTLED)
    assert call.said == [DUTCH.text, "Hello"]
    assert call.of(Kind.STEPPED)[0]["verb"] == "Say"


def test_who_leaves_meanwhile_has_said_nothing() -> None:
    play, call = recorded(phone=Behaviour(greeting="", hangs_up_after=1_000))
    play.finish()
    assert (call.status, known(call), play.fetched) == (Status.COMPLETED, [], [])


def test_the_customer_is_told_in_order() -> None:
    told = (Kind.ANSWERED, Kind.CONSENTED, Kind.ENDED)
    play, _ = recorded(report_url="https://app.test/told", report_on=told)
    play.finish()
    assert [each.event.kind for each in play.reported] == list(told)
    assert [each.sequence for each in play.reported] == [0, 1, 2]


# -- recordings that are asked for while the call is under way --


def test_while_it_is_asked_and_after_it_refused_nobody_starts_a_recording_of_it() -> None:
    play, call = recorded(script=[{"wait": 1}, {"press": KEY}])
    for seconds, why in ((0.5, "is being asked"), (1, "did not agree")):
        play.pass_time(seconds)
        with pytest.raises(Conflict, match=why) as refused:
            play.tell(call.id, StartRecording(Wanted()))
        assert refused.value.slug == "no_consent"
    play.finish()
    assert play.recordings == {}


def test_who_agreed_may_be_recorded_once_more() -> None:
    play, call = recorded()
    play.pass_time(SETTLED)
    play.tell(call.id, StartRecording(Wanted()))
    assert len(play.recordings) == 2
