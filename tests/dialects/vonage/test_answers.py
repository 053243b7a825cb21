"""An application is asked what a call shall hear, by its hook's method, and told all that is known of the call."""

from __future__ import annotations

import pytest

from telefonie.core.applications import Hook
from telefonie.core.commands import Redirect
from telefonie.core.events import Kind
from tests.dialects.vonage.lives import HOST, OURS, SOMEBODY, Country, Told, Town, claims_of
from tests.support.customer import Answer

TALK = '[{"action": "talk", "text": "Hello"}]'
ANSWER = f"{HOST}/answer"


def asked(told: list[Told]) -> Told:
    """The one request for instructions."""
    [found] = [each for each in told if each.word == "answer"]
    return found


async def said(town: Town, call: str) -> list[str]:
    journal = await town.world.journal(call, town.account)
    return [str(each.data["text"]) for each in journal if each.kind is Kind.SAID and "pieces" in each.data]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_who_picks_up_is_asked_for_and_hears_what_is_answered(country: Country, method: str) -> None:
    town = await country.town()
    town.pages["/answer"] = TALK
    call = await town.call(answer_url=[f"{ANSWER}?mine=1"], answer_method=method)
    told = asked(await town.live())
    mine = {"mine": "1"} if method == "GET" else {}
    assert dict(told.content) == {
        **mine,
        "from": OURS,
        "to": SOMEBODY,
        "uuid": call,
        "conversation_uuid": told.content["conversation_uuid"],
        "endpoint_type": "phone",
        "region_url": "https://api-us-3.vonage.com",
    }
    assert (told.letter.method, told.letter.url.startswith(f"{ANSWER}?mine=1")) == (method, True)
    assert told.letter.body == "" or method == "POST"
    assert await said(town, call) == ["Hello"]
    claims_of(told.letter)


async def test_an_answer_is_waited_for_as_long_as_its_hook_says(country: Country) -> None:
    slow = Hook(ANSWER, "GET", connect_ms=300, total_ms=1_000)
    town = await country.town(answer=slow, event=Hook(f"{HOST}/e", "POST", connect_ms=700, total_ms=9_000))
    town.pages["/answer"] = TALK
    await town.call(answer_url=[ANSWER])
    times = {each.word: (each.letter.connect_s, each.letter.total_s) for each in await town.live()}
    assert times["answer"] == (0.3, 1.0)
    assert times["completed"] == (0.7, 9.0)


async def test_the_region_of_the_application_says_where_its_calls_are_steered(country: Country) -> None:
    hosts = {
        "": "api-us-3",
        "na-east": "api-us-3",
        "na-west": "api-us-4",
        "eu-east": "api-eu-4",
        "eu-west": "api-eu-3",
        "apac-sng": "api-ap-3",
        "apac-australia": "api-ap-4",
    }
    found = {}
    for region in hosts:
        town = await country.town(region=region or None)
        await town.call(answer_url=[ANSWER])
        found[region] = asked(await town.live()).content["region_url"]
    assert found == {region: f"https://{host}.vonage.com" for region, host in hosts.items()}


async def test_who_calls_in_is_asked_for_with_an_id_without_dashes(town: Town) -> None:
    town.pages["/answer"] = TALK
    call = await town.called()
    told = await town.live()
    content = asked(told).content
    assert [each.word for each in told if each.content is not content] == [
        *("started", "ringing", "answered", "completed"),
    ]
    assert content["uuid"] == call.replace("-", "")
    assert (content["from"], content["to"], content["endpoint_type"]) == (SOMEBODY, OURS, "phone")
    assert {each.content["uuid"] for each in told} == {content["uuid"]}
    assert {each.content["direction"] for each in told if each.word != "answer"} == {"inbound"}
    assert len({each.content["conversation_uuid"] for each in told}) == 1


async def test_headers_of_sip_come_along_but_for_the_clouds_own(town: Town) -> None:
    town.pages["/answer"] = TALK
    headers = {"X-Order": "7", "X-Nexmo-Id": "no", "User-to-User": "abc;encoding=hex", "Subject": "no"}
    await town.called("sip:kim@example.com", headers=headers)
    content = asked(await town.live()).content
    assert {name: value for name, value in content.items() if name.startswith("SipHeader_")} == {
        "SipHeader_X-Order": "7",
        "SipHeader_User-to-User": "abc;encoding=hex",
    }
    assert (content["from"], content["endpoint_type"]) == ("sip:kim@example.com", "sip")


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_user_of_the_customers_own_program_calls_by_name(country: Country, method: str) -> None:
    town = await country.town(method)
    town.pages["/answer"] = TALK
    await town.called("app:alice", metadata={"order": "7"})
    content = asked(await town.live()).content
    assert "from" not in content
    assert (content["from_user"], content["endpoint_type"]) == ("alice", "app")
    assert content["custom_data"] == ('{"order":"7"}' if method == "GET" else {"order": "7"})


async def test_a_call_that_is_sent_on_asks_the_other_place_with_the_same(town: Town) -> None:
    town.pages |= {"/other": TALK}
    call = await town.call({"action": "wait", "timeout": 60})
    await town.pass_time(5)
    await town.tell(call, Redirect(f"{HOST}/other", "GET"))
    told = asked(await town.live())
    assert (told.letter.method, told.path, told.content["uuid"]) == ("GET", "/other", call)
    assert await said(town, call) == ["Hello"]


async def test_a_server_that_is_busy_is_asked_once_more(country: Country) -> None:
    town = await country.town()
    await _answers(country, Answer(503), Answer(document=TALK))
    call = await town.call(answer_url=[ANSWER])
    told = [each for each in await town.live() if each.word == "answer"]
    assert len(told) == 2
    assert len({claims_of(each.letter)["jti"] for each in told}) == 2
    assert await said(town, call) == ["Hello"]


async def _answers(country: Country, *answers: Answer) -> None:
    """The answer hook answers like this, one after the other."""
    coming = iter(answers)
    usual = country.answer
    country.world.customer.mood = lambda letter: (
        next(coming) if letter.url.startswith(ANSWER) else usual(letter)
    )
