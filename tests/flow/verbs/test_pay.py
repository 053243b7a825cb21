"""Pay, and the action pay: no payment is taken, and the app is told so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from telefonie.core.events import Kind
from tests.support.play import ROOT, Play, Played

DONE = "<Response><Say>Done</Say></Response>"
TALK = {"action": "talk", "text": "Next"}


def pay(attributes: str, inside: str = "") -> tuple[Play, Played]:
    """A call that wants to be paid, played to its end."""
    play = Play({"/done": DONE})
    call = play.call(f"<Response><Pay {attributes}>{inside}</Pay><Say>Next</Say></Response>")
    play.finish()
    return play, call


def pay_action(answer: str | None = None, /, **options: Any) -> tuple[Play, Played]:
    play = Play() if answer is None else Play({"/paid": answer})
    call = play.call(
        json.dumps([{"action": "pay", **options}, TALK]), report_url=options.pop("report_url", None)
    )
    play.finish()
    return play, call


def test_the_action_is_told_at_once_that_no_payment_is_taken() -> None:
    play, call = pay("action='/done' paymentConnector='Default' chargeAmount='20.45'")
    outcome = {"result": "payment_not_supported", "payment_connector": "Default", "charge_amount": "20.45"}
    assert play.actions == [("/done", outcome)]
    assert (play.asked[-1].method, play.asked[-1].verb) == ("POST", "Pay")
    assert (call.said, call.warned, call.at(Kind.SAID)[-1]) == (["Done"], [12200], 0.0)


def test_the_method_of_the_action() -> None:
    assert pay("action='/done' method='GET'")[0].asked[-1].method == "GET"


def test_without_an_action_the_next_verb_runs() -> None:
    play, call = pay("")
    assert (call.said, play.fetched) == (["Next"], ["/"])


@pytest.mark.parametrize(
    "attribute",
    [
        "input='dtmf'",
        "bankAccountType='consumer-savings'",
        "statusCallback='/status'",
        "statusCallbackMethod='GET'",
        "timeout='9'",
        "maxAttempts='3'",
        "securityCode='false'",
        "postalCode='94109'",
        "minPostalCodeLength='4'",
        "paymentMethod='ach-debit'",
        "tokenType='one-time'",
        "currency='eur'",
        "description='Lunch'",
        "validCardTypes='visa jcb'",
        "language='nl-NL'",
    ],
)
def test_every_other_attribute_is_read_and_changes_nothing(attribute: str) -> None:
    play, call = pay(f"action='/done' {attribute}")
    assert play.actions == [("/done", {"result": "payment_not_supported"})]
    assert (play.fetched, call.warned) == (["/", "/done"], [12200])


@pytest.mark.parametrize(
    "wrong", ["timeout='x'", "tokenType='gold'", "paymentMethod='cash'", "method='PUT'", "amount='1'"]
)
def test_wrong_attributes_are_warned_of(wrong: str) -> None:
    play, call = pay(f"action='/done' {wrong}")
    assert (call.warned, len(play.actions)) == ([12200, 12200], 1)


def test_prompts_and_parameters_are_read_and_not_spoken() -> None:
    prompt = "<Prompt for='payment-card-number' attempt='1 2' cardType='visa'><Say>Your card</Say></Prompt>"
    _, call = pay("action='/done'", f"{prompt}<Parameter name='a' value='b'/>")
    assert (call.said, call.warned) == (["Done"], [12200])
    assert pay("", "<Prompt mood='calm'/><Say>no</Say>")[1].warned[:2] == [12200, 12200]


def test_the_action_pay_tells_its_event_and_goes_on() -> None:
    play, call = pay_action("", amount=9.99, eventUrl=[f"{ROOT}paid"])
    assert play.actions == [("/paid", {"result": "payment_not_supported"})]
    assert call.said == ["Next"]


def test_an_array_in_the_answer_takes_over() -> None:
    answer = json.dumps([{"action": "talk", "text": "Other"}])
    _, call = pay_action(answer, amount=9.99, eventUrl=[f"{ROOT}paid"])
    assert call.said == ["Other"]


def test_its_other_options() -> None:
    more: dict[str, Any] = {
        "currency": "eur",
        "prompts": [{"type": "CardNumber"}],
        "voice": {"language": "nl", "style": 1},
    }
    play, call = pay_action("", amount=1, eventUrl=[f"{ROOT}paid"], eventMethod="GET", **more)
    assert (play.asked[-1].method, call.warned) == ("GET", [12200])


def test_without_an_event_url_the_calls_own_is_told() -> None:
    play = Play({"/events": ""})
    call = play.call(json.dumps([{"action": "pay", "amount": 1}, TALK]), report_url=f"{ROOT}events")
    play.finish()
    assert ([path for path, _ in play.actions], call.said) == (["/events"], ["Next"])
    play, call = pay_action(amount=1)
    assert (play.actions, call.said) == ([], ["Next"])


@pytest.mark.parametrize("wrong", [{}, {"amount": 0}, {"amount": "much"}])
def test_it_needs_an_amount(wrong: dict[str, Any]) -> None:
    play, call = pay_action(None, eventUrl=[f"{ROOT}paid"], **wrong)
    assert (play.actions, call.steps, call.warned) == ([], ["talk"], [12200])
