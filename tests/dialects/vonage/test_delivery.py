"""How events are delivered: signed if the application wants it, within the hook's time, once more where it may help."""

from __future__ import annotations

from telefonie.core.accounts import Number
from telefonie.core.applications import Hook
from telefonie.dialects.vonage import FACE
from telefonie.engine.letters import Fault
from tests.dialects.vonage.lives import EVENTS, HOST, OURS, Country, Town, claims_of
from tests.support.customer import Answer

FAILED = "447700900050"  # of this number one event is told, and then that it failed


async def test_an_application_may_do_without_signatures(country: Country) -> None:
    town = await country.town(signed=False)
    await town.call(to=FAILED, answer_url=[HOST])
    told = await town.live()
    assert [each.word for each in told] == ["started", "failed", "completed"]
    assert {each.letter.headers for each in told} == {()}
    assert {each.letter.secrets for each in told} == {()}


async def test_a_secret_that_was_changed_signs_what_is_sent_afterwards(town: Town) -> None:
    call = await town.call(to=FAILED, answer_url=[HOST])
    await town.pass_time(0)
    await town.world.engine.applications.rotate(town.account.id, town.application.id, "", secret="x" * 32)
    [first] = await town.world.deliveries(call, town.account)
    await town.world.engine.mailroom.replay(town.account.id, first.id)
    await town.pass_time(0)
    before, after = town.told
    assert claims_of(before.letter)["jti"] != claims_of(after.letter, "x" * 32)["jti"]


async def test_one_extra_attempt_at_an_event_where_it_may_help(country: Country) -> None:
    twice = [Answer(status) for status in (429, 502, 503, 504)]
    twice += [Answer(None, error=fault) for fault in (Fault.TIMEOUT, Fault.CONNECT)]
    once = [Answer(status) for status in (206, 301, 400, 404, 500)]
    once += [Answer(None, error=fault) for fault in (Fault.TLS, Fault.DNS, Fault.BAD_URL, Fault.PROTOCOL)]
    for answer in (*twice, *once):
        town = await country.town()
        town.pages["/events"] = answer
        call = await town.call(to=FAILED, answer_url=[HOST])
        await town.pass_time(0)
        [delivery] = await town.world.deliveries(call, town.account)
        assert delivery.attempts == len(town.told) == (2 if answer in twice else 1), answer
        assert delivery.state == ("delivered" if answer.status == 206 else "failed")


async def test_the_next_event_does_not_wait_for_one_that_was_given_up(town: Town) -> None:
    town.pages["/events"] = Answer(500)
    await town.call(to="447700900020", answer_url=[HOST])
    assert [each.word for each in await town.live()] == ["started", "ringing", "busy", "completed"]


async def test_the_verdict_that_ends_a_call_is_told_before_the_end(town: Town) -> None:
    machine, person = "447700900060", "447700900000"
    stay = {"action": "wait", "timeout": 20}
    for mode in ("default", "detect", "detect_beep"):
        wish = {"behavior": "hangup", "mode": mode}
        await town.call(stay, to=machine, advanced_machine_detection=wish)
        before = len(town.told)
        told = (await town.live())[before:]
        assert [each.word for each in told] == ["started", "ringing", "answered", "machine", "completed"]
        assert "call_uuid" in told[3].content
    await town.call(stay, to=person, advanced_machine_detection={"behavior": "hangup"})
    assert [each.word for each in (await town.live())[-2:]] == ["human", "completed"]


async def test_what_the_customer_answers_to_a_status_is_of_no_account(town: Town) -> None:
    town.pages["/events"] = '[{"action": "talk", "text": "never"}]'
    call = await town.call({"action": "wait", "timeout": 1})
    await town.live()
    journal = await town.world.journal(call, town.account)
    assert "never" not in str([dict(each.data) for each in journal])


async def test_an_event_goes_to_the_applications_hook_unless_the_call_has_one(country: Country) -> None:
    town = await country.town(event=Hook(f"{HOST}/hook", "GET"))
    await town.call(to=FAILED, answer_url=[HOST])
    await town.call(to=FAILED, answer_url=[HOST], event_url=None, event_method=None)
    paths = [(each.letter.method, each.path) for each in await town.live() if each.word == "started"]
    assert paths == [("POST", "/events"), ("GET", "/hook")]


async def test_a_get_is_signed_over_no_body_and_keeps_its_own_query(country: Country) -> None:
    town = await country.town("GET")
    await town.call(to=FAILED, answer_url=[HOST], event_url=[f"{EVENTS}?shop=7"])
    told = await town.live()
    assert {each.content["shop"] for each in told} == {"7"}
    assert {each.content["headers"] for each in told} == {"{}"}
    for each in told:
        empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        assert claims_of(each.letter)["payload_hash"] == empty
    assert "start_time" not in told[-1].content  # nobody answered: what is null is left out


async def test_a_call_without_an_application_is_told_unsigned(town: Town) -> None:
    """A number may lead to this API by itself."""
    await town.called(number=Number(town.account.id, f"+{OURS}", report_url=EVENTS, face=FACE))
    told = await town.live()
    assert [each.word for each in told][:2] == ["started", "ringing"]
    assert {each.letter.headers for each in told} == {()}
    assert {(each.letter.connect_s, each.letter.total_s) for each in told} == {(1.0, 10.0)}


async def test_deliveries_are_known_by_the_words_of_their_events(town: Town) -> None:
    await town.call(to=FAILED, answer_url=[HOST])
    await town.live()
    found = await town.world.deliveries(account=town.account)
    assert [each.event for each in found] == ["started", "failed", "completed"]
