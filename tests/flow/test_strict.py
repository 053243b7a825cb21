"""Where documents are read strictly: a JSON array that is understood as a whole, or the fallback, or the end."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from telefonie.core.call import Cause, Status
from telefonie.core.commands import Redirect
from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour, Detection, Outcome
from telefonie.flow.commands import Lost, Page
from telefonie.flow.effects import Purpose
from telefonie.flow.pages import MOST_DOCUMENTS
from tests.support.play import JSON, Play, Played, page

FALLBACK: Final = "https://app.test/fallback"
EVENTS: Final = "https://app.test/events"


def talk(text: str, **more: Any) -> dict[str, Any]:
    return {"action": "talk", "text": text, **more}


def listen(**more: Any) -> dict[str, Any]:
    return {"action": "input", "type": ["dtmf"], "dtmf": {"maxDigits": 1}, "eventUrl": [EVENTS], **more}


def strict(document: str | Page | Lost, play: Play | None = None, **order: Any) -> Played:
    """A call whose documents are read strictly."""
    play = play or Play()
    play.pages["/"] = document
    return play.call(strict=True, **order)


def unusable(call: Played) -> list[tuple[str, str]]:
    """What could not be used: what it was asked for, and why."""
    return [(str(each["purpose"]), str(each["reason"])) for each in call.of(Kind.UNUSABLE)]


# -- what is refused --

REFUSED: Final[dict[str, str | Page]] = {
    "must be a JSON array": "<Response><Say>Hello</Say></Response>",
    "must be a JSON array of actions": page("<html><br></html>", content_type="text/html"),
    "must be an array of actions": page("{}", content_type=JSON),
    "a comma or ] is missing": page('[{"action": "talk", "text": "x"}', content_type=JSON),
    "there is no action 'dance'": json.dumps([talk("Hello"), {"action": "dance"}]),
    "did you mean talk": json.dumps([{"action": "Talk", "text": "x"}]),
    "needs text": json.dumps([talk("Hello"), {"action": "talk"}]),
    "text of talk must be text": json.dumps([{"action": "talk", "text": ["x"]}]),
    "must be an array with exactly one URL": json.dumps(
        [{"action": "stream", "streamUrl": "https://a.test/x"}]
    ),
    "loop of talk must be a number": json.dumps([talk("x", loop="often")]),
    "bargeIn of talk must be true or false": json.dumps([talk("x", bargeIn="maybe")]),
    "must be one of dtmf, speech": json.dumps([listen(type=["thought"])]),
    "dtmf of input must be an object": json.dumps([listen(dtmf=5)]),
    "an item must be an object": json.dumps([talk("x"), "talk"]),
    "the type of an endpoint": json.dumps([{"action": "connect", "endpoint": [{"type": "pigeon"}]}]),
    "exactly one object": json.dumps([{"action": "connect", "endpoint": []}]),
    "may have at most 1500": json.dumps([talk("x" * 1_501)]),
    "conversationId": json.dumps([{"action": "transfer"}]),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_not_understood_is_refused_as_a_whole_and_the_call_ends_without_a_word(why: str) -> None:
    call = strict(REFUSED[why])
    assert (call.status, call.call.cause, call.said) == (Status.COMPLETED, Cause.DOCUMENT_FAILED, [])
    ((purpose, reason),) = unusable(call)
    assert (purpose, why.replace("'", "") in reason.replace("'", "")) == ("instructions", True), reason


@pytest.mark.parametrize(
    "action",
    [
        talk("Hello", loop="1", level="0.5", style="4", premium="true", bargeIn="false"),
        talk("Hello", voiceName="Joey", language="en-US"),
        talk("Hello", colour="red"),  # what is not known is passed over
        talk("Hello", style=500),  # what is out of bounds has its default
        talk("Hello", level=-1.0, provider="Google", providerOptions={}),
    ],
)
def test_what_packages_send_is_understood(action: dict[str, Any]) -> None:
    call = strict(json.dumps([action]))
    assert (call.said, unusable(call)) == (["Hello"], [])


def test_what_a_cloud_moves_to_its_bounds_is_moved() -> None:
    call = strict(json.dumps([{"action": "wait", "timeout": 0}, {"action": "wait", "timeout": "9999"}]))
    call.play.pass_time(7_200)
    assert call.at(Kind.STEPPED) == [0.0, 0.1]
    assert not unusable(call)


def test_other_calls_go_on_with_what_can_be_understood() -> None:
    play = Play()
    call = play.call(json.dumps([talk("Hello"), {"action": "dance"}]))
    assert (call.said, call.of(Kind.UNUSABLE)) == (["Hello"], [])


def test_an_empty_array_ends_the_call() -> None:
    call = strict("[]")
    assert (call.status, call.call.cause) == (Status.COMPLETED, Cause.HUNG_UP)


def test_sound_is_no_document() -> None:
    assert unusable(strict(Page(200, "audio/wav", b"RIFF", "")))


def test_a_document_that_was_handed_in_is_read_just_so() -> None:
    play = Play({"/fallback": json.dumps([talk("Fallback")])})
    call = play.call(strict=True, document='[{"action": "dance"}]', fallback_url=FALLBACK)
    assert (call.said, len(unusable(call))) == (["Fallback"], 1)


def test_so_is_one_that_was_handed_in_later() -> None:
    call = strict(json.dumps([talk("Hello")]))
    call.tell(Redirect("", "", "<Response/>"))
    assert (call.over, len(unusable(call))) == (True, 1)


def test_an_incoming_call_that_gets_no_document_fails() -> None:
    play = Play({"/": Lost(11200, "nothing", 500)})
    call = play.arrive(strict=True)
    assert (call.status, call.call.cause, call.call.answered_at) == (
        Status.FAILED,
        Cause.DOCUMENT_FAILED,
        None,
    )


@pytest.mark.parametrize(
    "first",
    [
        {"action": "wait", "timeout": 5},
        {"action": "connect", "endpoint": [{"type": "phone", "number": "31201110001"}]},
        {"action": "notify", "payload": {}, "eventUrl": [EVENTS]},
    ],
)
def test_an_incoming_call_is_answered_by_its_first_instruction(first: dict[str, Any]) -> None:
    play = Play({"/": json.dumps([first, talk("Hello")]), "/events": ""})
    call = play.arrive(strict=True)
    assert call.call.answered_at == call.call.created_at


@pytest.mark.parametrize("action", [listen(), {"action": "pay", "amount": 1}])
def test_what_an_action_came_to_goes_where_the_calls_events_go_and_as_they_do(action: dict[str, Any]) -> None:
    play = Play({"/own": ""})
    told = {name: value for name, value in action.items() if name != "eventUrl"}
    call = strict(json.dumps([told]), play, report_url="https://app.test/own", report_method="GET")
    play.finish()
    (asked,) = [each for each in play.asked if each.purpose is Purpose.ACTION]
    assert (asked.url, asked.method, call.over) == ("https://app.test/own", "GET", True)


def test_keys_that_are_told_one_by_one_go_there_too() -> None:
    play = Play({"/own": ""})
    document = [{"action": "input", "mode": "asynchronous"}, {"action": "wait", "timeout": 9}]
    call = strict(json.dumps(document), play, report_url="https://app.test/own", report_method="GET")
    call.press("1")
    play.finish()
    (asked,) = [each for each in play.asked if each.purpose is Purpose.TELL]
    assert (asked.url, asked.method) == ("https://app.test/own", "GET")


# -- the fallback --


@pytest.mark.parametrize("bad", [Lost(11200, "Connection closed."), "<Response/>"])
def test_the_fallback_is_told_what_was_wrong(bad: str | Lost) -> None:
    play = Play({"/fallback": json.dumps([talk("Fallback")])})
    call = strict(bad, play, fallback_url=FALLBACK, fallback_method="GET")
    asked = play.asked[-1]
    assert (asked.purpose, asked.method, asked.url) == (Purpose.FALLBACK, "GET", FALLBACK)
    assert (asked.error_url, asked.error_purpose) == ("https://app.test/", "instructions")
    assert asked.error_reason == unusable(call)[0][1]
    assert call.said == ["Fallback"]


def test_without_anything_usable_there_either_the_call_ends() -> None:
    play = Play({"/fallback": "<Response/>"})
    call = strict(Lost(11200, "nothing"), play, fallback_url=FALLBACK)
    assert (call.said, call.call.cause) == ([], Cause.DOCUMENT_FAILED)
    assert [purpose for purpose, _ in unusable(call)] == ["instructions", "fallback"]
    assert [each.purpose for each in play.asked] == [Purpose.INSTRUCTIONS, Purpose.FALLBACK]


def test_what_an_action_came_to_is_asked_at_the_fallback_too_with_all_that_was_said_of_it() -> None:
    play = Play({"/events": Lost(11200, "nothing"), "/fallback": json.dumps([talk("Fallback")])})
    call = strict(json.dumps([listen(), talk("Next")]), play, fallback_url=FALLBACK)
    call.press("7")
    play.pass_time(1)
    asked = play.asked[-1]
    assert (asked.error_purpose, asked.error_url, asked.verb) == ("action", EVENTS, "input")
    assert (asked.outcome["digits"], asked.error_reason) == ("7", "nothing")
    assert call.said == ["Fallback"]


@pytest.mark.parametrize("there", ["", "<Response/>", Lost(11200, "nothing")])
def test_without_anything_usable_there_what_runs_goes_on(there: str | Lost) -> None:
    play = Play({"/events": page("thanks", content_type="text/plain"), "/fallback": there})
    call = strict(json.dumps([listen(), talk("Next")]), play, fallback_url=FALLBACK)
    call.press("7")
    play.pass_time(1)
    assert call.said == ["Next"]


@pytest.mark.parametrize("answer", ["", Page(204, "", b"", "")])
def test_an_empty_answer_to_what_an_action_came_to_is_no_failure(answer: str | Page) -> None:
    play = Play({"/events": answer})
    call = strict(json.dumps([listen(), talk("Next")]), play, fallback_url=FALLBACK)
    call.press("7")
    play.pass_time(1)
    assert (call.said, unusable(call), len(play.asked)) == (["Next"], [], 2)


def test_a_notification_that_cannot_be_made_lets_the_next_action_run() -> None:
    play = Play({"/events": Lost(11200, "nothing")})
    notify = {"action": "notify", "payload": {"a": 1}, "eventUrl": [EVENTS]}
    call = strict(json.dumps([notify, talk("Next")]), play)
    assert (call.said, unusable(call)) == (["Next"], [("action", "nothing")])


def test_a_leg_with_a_document_that_cannot_be_used_is_not_connected() -> None:
    play = Play({"/on": "<Response/>"})
    end = {"type": "phone", "number": "31201110001", "onAnswer": {"url": "https://app.test/on"}}
    call = strict(json.dumps([{"action": "connect", "endpoint": [end]}, talk("Next")]), play)
    play.finish()
    (leg,) = play.legs_of(call)
    assert (leg.call.order.strict, leg.call.cause, call.of(Kind.CONNECTED)) == (
        True,
        Cause.DOCUMENT_FAILED,
        [],
    )
    assert call.said == ["Next"]


def test_a_call_may_run_so_many_documents_and_no_more() -> None:
    play = Play()
    again = {"action": "notify", "payload": {}, "eventUrl": ["https://app.test/"]}
    call = strict(json.dumps([again]), play)
    play.pass_time(7_200)
    assert len(call.of(Kind.STEPPED)) == MOST_DOCUMENTS
    assert (call.over, len(unusable(call))) == (True, 1)


# -- events that may be answered --

MACHINE: Final = Behaviour(outcome=Outcome.MACHINE, beep=True)


def judged(phone: Behaviour, answers: dict[str, Any], **order: Any) -> tuple[Play, Played]:
    """A call that is judged, and whose verdicts are answered."""
    play = Play({"/": json.dumps([talk("Document " * 40)])})

    def answer(ask: Any) -> Any:
        word = {None: "verdict", True: "beep", False: "no beep"}[ask.outcome.get("beep")]
        return answers.get(word, "")

    play.pages["/events"] = answer
    detection = {"detection": Detection.FIRST_VERDICT, "detection_url": EVENTS, "detection_answers": True}
    call = play.call(phone=phone, strict=True, report_method="GET", **{**detection, **order})
    play.pass_time(120)
    return play, call


def events(play: Play) -> list[tuple[str, str, Any]]:
    """What was asked about."""
    asked = (each for each in play.asked if each.purpose is Purpose.EVENT)
    return [(each.method, str(each.outcome["answered_by"]), each.outcome.get("beep")) for each in asked]


def test_a_verdict_is_told_and_an_empty_answer_changes_nothing() -> None:
    play, call = judged(Behaviour(), {}, detection_aside=True)
    assert events(play) == [("GET", "human", None)]
    assert len(call.said) == 1


@pytest.mark.parametrize(
    "useless", ["thanks", "{}", "<Response><Say>x</Say></Response>", Lost(11200, "nothing")]
)
def test_so_does_one_that_is_no_array(useless: str | Lost) -> None:
    answer = page(useless, content_type="text/plain") if isinstance(useless, str) else useless
    play, call = judged(Behaviour(), {"verdict": answer}, detection_aside=True, fallback_url=FALLBACK)
    assert (len(call.said), unusable(call), call.warned) == (1, [], [])
    assert Purpose.FALLBACK not in [each.purpose for each in play.asked]


def test_an_array_that_is_not_understood_is_said_to_be_so_and_changes_nothing() -> None:
    _, call = judged(Behaviour(), {"verdict": '[{"action": "dance"}]'}, detection_aside=True)
    assert len(call.said) == 1
    assert [purpose for purpose, _ in unusable(call)] == ["event"]


def test_an_array_takes_the_place_of_what_runs() -> None:
    _, call = judged(MACHINE, {"verdict": json.dumps([talk("Hello, machine")])}, detection_aside=True)
    assert [each.split()[0] for each in call.said] == ["Document", "Hello,"]
    assert call.at(Kind.HUSHED) == [4.0]


def test_the_beep_may_be_answered_too() -> None:
    answers = {"beep": json.dumps([talk("After the beep")])}
    play, call = judged(MACHINE, answers, detection_aside=True, beep_ms=45_000)
    assert events(play) == [("GET", "machine", None), ("GET", "machine", True)]
    assert call.said[-1] == "After the beep"
    assert call.at(Kind.SAID)[-1] == call.at(Kind.BEEPED)[0]


def test_who_waits_for_the_beep_begins_with_it() -> None:
    play, call = judged(MACHINE, {}, beep_ms=45_000)
    (beeped,) = call.at(Kind.BEEPED)
    machine_beep = call.at(Kind.PLAYED)[0] + 0.5
    assert (beeped, call.at(Kind.STEPPED)) == (machine_beep, [machine_beep])
    assert len(events(play)) == 2


def test_without_a_beep_it_is_not_waited_for_longer_than_was_said() -> None:
    play, call = judged(Behaviour(outcome=Outcome.MACHINE), {}, beep_ms=45_000)
    assert call.of(Kind.BEEPED) == [{"beep": False}]
    assert call.at(Kind.BEEPED) == call.at(Kind.STEPPED) == [49.0]
    assert events(play)[1] == ("GET", "machine", False)


def test_nobody_waits_for_the_beep_of_a_person() -> None:
    play, call = judged(Behaviour(), {}, beep_ms=45_000)
    assert (call.at(Kind.STEPPED), call.of(Kind.BEEPED), len(events(play))) == ([2.0], [], 1)


def test_a_call_may_end_on_a_machine_which_is_told_in_its_order_since_no_answer_counts_any_more() -> None:
    told = {"report_url": EVENTS, "report_on": (Kind.ENDED,)}
    play, call = judged(MACHINE, {}, drops_machines=True, beep_ms=45_000, **told)
    assert (call.at(Kind.ENDED), call.status, call.said) == ([4.0], Status.COMPLETED, [])
    assert events(play) == []
    assert [each.event.kind for each in play.reported] == [Kind.DETECTED, Kind.ENDED]


def test_but_not_on_a_person() -> None:
    _, call = judged(Behaviour(), {}, drops_machines=True)
    assert len(call.said) == 1
