"""Where instructions cannot be had: what is told, who is asked instead, and whether the call goes on."""

from __future__ import annotations

from typing import Any, Final

from telefonie.core.applications import Hook
from telefonie.core.events import Kind
from telefonie.engine.letters import Fault
from tests.dialects.vonage.lives import EVENTS, HOST, SOMEBODY, Country, Town, claims_of
from tests.support.customer import Answer

TALK: Final = '[{"action": "talk", "text": "Hello"}]'
SORRY: Final = '[{"action": "talk", "text": "Sorry"}]'
ANSWER: Final = f"{HOST}/answer"
NOTIFY: Final[dict[str, Any]] = {"action": "notify", "payload": {}, "eventUrl": [f"{HOST}/notified"]}


async def words(town: Town) -> list[str]:
    """What was told and asked, but for the beginning of the call."""
    told = [each.word for each in await town.live()]
    return [each for each in told if each not in ("started", "ringing", "answered")]


async def said(town: Town, call: str) -> list[str]:
    journal = await town.world.journal(call, town.account)
    return [str(each.data["text"]) for each in journal if each.kind is Kind.SAID and "pieces" in each.data]


UNUSABLE: Final = {
    "answered 500": Answer(500),
    "answered 206": Answer(206, document=TALK),
    "It did not work": Answer(None, error=Fault.TIMEOUT),
    "must be a JSON array": Answer(document="<Response><Say>No</Say></Response>"),
    "dance": Answer(document='[{"action": "dance"}]'),
    "text": Answer(document='[{"action": "talk", "text": {"no": "text"}}]'),
}


async def test_the_fallback_is_asked_for_what_the_answer_url_does_not_give(country: Country) -> None:
    for reason, bad in UNUSABLE.items():
        town = await country.town()
        town.pages |= {"/answer": bad, "/fallback": SORRY}
        call = await town.call(answer_url=[ANSWER])
        attempts = 2 if bad.error else 1
        assert await words(town) == [*["answer"] * attempts, "error", "fallback", "completed"], reason
        assert await said(town, call) == ["Sorry"]
        *_, asked, told, fallback, _ = town.told
        assert fallback.content["original_request"] == {"url": ANSWER, "type": "answer"}
        assert reason in fallback.content["reason"] == told.content["reason"]
        assert asked.content.items() <= fallback.content.items()
        claims_of(fallback.letter)


async def test_the_fallback_is_asked_twice_within_the_time_of_its_own_hook(country: Country) -> None:
    town = await country.town(fallback=Hook(f"{HOST}/fallback", "GET", 400, 2_000))
    town.pages |= {"/answer": Answer(404), "/fallback": Answer(503)}
    await town.call(answer_url=[ANSWER])
    assert await words(town) == ["answer", "error", "fallback", "fallback", "error", "completed"]
    asked = [each.letter for each in town.told if each.word == "fallback"]
    assert {(each.method, each.connect_s, each.total_s) for each in asked} == {("GET", 0.4, 2.0)}


async def test_without_a_fallback_the_call_ends_and_its_event_says_why(country: Country) -> None:
    town = await country.town(fallback=Hook())
    town.pages["/answer"] = Answer(404)
    call = await town.call(answer_url=[ANSWER])
    assert await words(town) == ["answer", "error", "completed"]
    assert await said(town, call) == []


async def test_an_empty_array_ends_the_call_and_is_no_error(town: Town) -> None:
    town.pages["/answer"] = "[]"
    await town.call(answer_url=[ANSWER])
    assert await words(town) == ["answer", "completed"]


async def test_in_the_middle_of_a_call_its_actions_go_on(town: Town) -> None:
    town.pages |= {"/notified": Answer(500), "/fallback": Answer(500)}
    call = await town.call(NOTIFY, {"action": "talk", "text": "Next"})
    assert await words(town) == ["notify", "error", "fallback", "error", "completed"]
    assert await said(town, call) == ["Next"]


async def test_in_the_middle_of_a_call_the_fallback_may_bring_others(town: Town) -> None:
    town.pages |= {"/notified": Answer(502), "/fallback": SORRY}
    call = await town.call(NOTIFY, {"action": "talk", "text": "never"})
    assert await words(town) == ["notify", "notify", "error", "fallback", "completed"]
    assert await said(town, call) == ["Sorry"]
    [fallback] = [each for each in town.told if each.word == "fallback"]
    assert fallback.content["original_request"] == {"url": f"{HOST}/notified", "type": "event"}
    assert fallback.content["payload"] == {}


async def test_an_answer_that_never_came_to_a_mere_event_is_no_error(town: Town) -> None:
    town.pages["/events"] = Answer(500)
    await town.call({"action": "talk", "text": "Hello"}, to=SOMEBODY, event_url=[EVENTS])
    assert await words(town) == ["completed"]


async def test_a_file_that_cannot_be_had_is_told_and_the_next_action_runs(town: Town) -> None:
    town.pages["/music.mp3"] = Answer(404)
    stream = {"action": "stream", "streamUrl": [f"{HOST}/music.mp3"]}
    call = await town.call(stream, {"action": "talk", "text": "Next"})
    await town.live()
    [error] = [each for each in town.told if each.word == "error"]
    assert error.content["reason"].startswith(f"{HOST}/music.mp3 answered 404")
    assert await said(town, call) == ["Next"]
