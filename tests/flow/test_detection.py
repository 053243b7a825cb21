"""Who picked up: the document waits for the verdict, or is told of it."""

from __future__ import annotations

import pytest

from telefonie.core.commands import Redirect
from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour, Detection, Heard, Outcome
from telefonie.core.speaking import speaking_ms
from telefonie.flow.effects import Purpose
from tests.support.play import Play, Played

HELLO = "<Response><Say>Hello</Say></Response>"
MACHINE = Behaviour(outcome=Outcome.MACHINE, greeting="You have reached nobody.")
BEEPS = Behaviour(outcome=Outcome.MACHINE, greeting="Please speak after the tone, thank you.", beep=True)
HUMAN = Behaviour()
FAX = Behaviour(outcome=Outcome.FAX)
SILENT = Behaviour(greeting="")


def dialled(play: Play, phone: Behaviour, detection: Detection, **order: object) -> Played:
    play.pages.setdefault("/", HELLO)
    call = play.place(phone=phone, detection=detection, **order)
    play.pass_time(3)  # it rings after one second and is answered after two more
    assert call.call.answered_at == play.now
    return call


@pytest.mark.parametrize(
    ("phone", "heard", "after"),
    [
        (HUMAN, Heard.HUMAN, 2.0),
        (MACHINE, Heard.MACHINE, 4.0),
        (FAX, Heard.FAX, 2.5),
        (SILENT, Heard.UNKNOWN, 5.0),
    ],
)
def test_the_document_is_asked_with_the_verdict(phone: Behaviour, heard: Heard, after: float) -> None:
    play = Play()
    call = dialled(play, phone, Detection.FIRST_VERDICT)
    assert play.asked == []
    play.pass_time(10)
    assert call.at(Kind.DETECTED) == [after]
    assert [(each.purpose, each.call.heard, each.at) for each in play.asked] == [
        (Purpose.INSTRUCTIONS, heard, call.call.answered_at + round(after * 1000))  # type: ignore[operator]
    ]


def test_at_a_beep_the_document_is_asked_when_the_beep_is_over() -> None:
    play = Play()
    call = dialled(play, BEEPS, Detection.GREETING_END)
    play.pass_time(30)
    ready = max(4_000, speaking_ms(str(BEEPS.greeting)) + 500) / 1000
    assert call.at(Kind.DETECTED) == [ready]
    assert [each["what"] for each in call.of(Kind.PLAYED)] == ["beep"]
    assert call.said == ["Hello"]


def test_aside_the_document_is_asked_at_once_and_the_verdict_is_told_later() -> None:
    play = Play({"/": "<Response><Say>Hello</Say><Pause length='9'/></Response>"})
    call = dialled(
        play,
        MACHINE,
        Detection.FIRST_VERDICT,
        detection_aside=True,
        detection_url="https://app.test/amd",
        report_url="https://app.test/events",
        report_on=(Kind.DETECTED, Kind.ENDED),
    )
    play.pass_time(1)
    assert [(each.purpose, each.call.heard) for each in play.asked] == [(Purpose.INSTRUCTIONS, None)]
    play.finish()
    told = [each for each in play.asked if each.purpose is Purpose.VERDICT]
    assert [(each.url, each.outcome["answered_by"]) for each in told] == [
        ("https://app.test/amd", Heard.MACHINE)
    ]
    assert call.said == ["Hello"]


def test_every_later_report_repeats_the_verdict() -> None:
    play = Play()
    dialled(
        play,
        HUMAN,
        Detection.FIRST_VERDICT,
        report_url="https://app.test/events",
        report_on=(Kind.ANSWERED, Kind.DETECTED, Kind.ENDED),
    )
    play.finish()
    assert [(each.event.kind, each.call.heard) for each in play.reported] == [
        (Kind.ANSWERED, None),
        (Kind.DETECTED, Heard.HUMAN),
        (Kind.ENDED, Heard.HUMAN),
    ]


def test_who_leaves_before_the_verdict_is_asked_nothing() -> None:
    play = Play()
    dialled(play, Behaviour(hangs_up_after=1_000), Detection.FIRST_VERDICT)
    play.finish()
    assert play.asked == []


def test_who_was_sent_elsewhere_before_the_verdict_stays_there() -> None:
    play = Play(
        {"/": "<Response><Say>never</Say></Response>", "/b": "<Response><Pause length='9'/></Response>"}
    )
    call = play.call(detection=Detection.FIRST_VERDICT)
    play.pass_time(1)
    call.tell(Redirect("https://app.test/b", "POST"))
    play.pass_time(20)
    assert (play.fetched, call.steps, call.at(Kind.DETECTED)) == (["/b"], ["Pause"], [2.0])
