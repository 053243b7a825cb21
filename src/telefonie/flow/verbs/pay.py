"""The only module that knows the verbs that take payments, which this server does not: Pay, and the action pay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from telefonie.flow.deeds import Warn
from telefonie.flow.kinds import (
    ANYTHING,
    FLAG,
    METHOD,
    ONE_URL,
    TEXT,
    URL,
    decimal,
    list_of,
    one_of,
    whole,
    words,
)
from telefonie.flow.markup import SCHEMA_WARNING, Spot
from telefonie.flow.parameters import PARAMETER_PART, read_parameters
from telefonie.flow.program import Load, Next, Scene, Step, Verb
from telefonie.flow.spelling import Field, Language, Part, Reading, Spelling, reach

NOT_SUPPORTED: Final = "payment_not_supported"
NOT_TAKEN: Final = "payments are not taken here, so nothing is asked of the far end"
UNUSED: Final = "Read, and without effect here."


@dataclass(frozen=True, slots=True)
class Pay(Verb):
    """Report at once that no payment can be taken."""

    name: str
    spot: Spot
    url: str | None  # of the action; None: the next verb, or for an action where the call's events go
    method: str
    lenient: bool  # an answer is welcome, but not needed
    asked: Mapping[str, Any] = field(default_factory=dict)  # what was to be paid, for the report

    def begin(self, scene: Scene) -> Step:
        """At once."""
        url, method = scene.told_at(self.url, self.method) if self.lenient else (self.url, self.method)
        deeds = (Warn(SCHEMA_WARNING, NOT_TAKEN),)
        if url is None:
            return Next(deeds)
        outcome = {"result": NOT_SUPPORTED, **self.asked}
        return Load(url, method, self.name, outcome, self.lenient, deeds)


PROMPT: Final = (
    Field("for", TEXT, None, UNUSED),
    Field("errorType", TEXT, None, UNUSED),
    Field("cardType", TEXT, None, UNUSED),
    Field("attempt", TEXT, None, UNUSED),
    Field("requireMatchingInputs", FLAG, default=False, says=UNUSED),
)


def _pay(reading: Reading) -> Pay:
    values = reading.values
    read_parameters(reading.element, reading.remarks, ("Prompt",))
    for each in reading.element.elements:
        if each.name == "Prompt":
            reach(PROMPT, each, reading.remarks)
    asked = {"payment_connector": values["paymentConnector"], "charge_amount": values["chargeAmount"]}
    known = {name: value for name, value in asked.items() if value is not None}
    return Pay("Pay", reading.spot, values["action"], values["method"], lenient=False, asked=known)


def _pay_action(reading: Reading) -> Pay:
    return Pay("pay", reading.spot, reading["eventUrl"], reading["eventMethod"], lenient=True)


SPELLINGS: Final = (
    Spelling(
        Language.XML,
        "Pay",
        "Take a payment. This server takes none: nothing is asked of the far end, and the action is told so at once"
        f" (`result` is {NOT_SUPPORTED}).",
        (
            Field("action", URL, None, "Asked what came of it.", shown_default="the next verb"),
            Field("method", METHOD, "POST", "How the action is asked."),
            Field("input", one_of("dtmf"), "dtmf", UNUSED),
            Field("bankAccountType", TEXT, "consumer-checking", UNUSED),
            Field("statusCallback", URL, None, UNUSED),
            Field("statusCallbackMethod", METHOD, "POST", UNUSED),
            Field("timeout", whole(1, 600), 5, UNUSED),
            Field("maxAttempts", whole(1, 10), 1, UNUSED),
            Field("securityCode", FLAG, default=True, says=UNUSED),
            Field("postalCode", TEXT, "true", UNUSED),
            Field("minPostalCodeLength", whole(0, 100), 0, UNUSED),
            Field("paymentConnector", TEXT, None, "Told again to the action."),
            Field("paymentMethod", one_of("credit-card", "ach-debit"), "credit-card", UNUSED),
            Field("tokenType", one_of("one-time", "reusable", "payment-method"), "reusable", UNUSED),
            Field("chargeAmount", TEXT, None, "Told again to the action."),
            Field("currency", TEXT, "usd", UNUSED),
            Field("description", TEXT, None, UNUSED),
            Field(
                "validCardTypes",
                words(
                    "visa",
                    "mastercard",
                    "amex",
                    "maestro",
                    "discover",
                    "optima",
                    "jcb",
                    "diners-club",
                    "enroute",
                ),
                ("visa", "mastercard", "amex"),
                UNUSED,
            ),
            Field("language", TEXT, "en-US", UNUSED),
        ),
        _pay,
        content="Prompt and Parameter elements; read, and without effect",
        nested=("Prompt", "Parameter"),
        parts=(Part("<Prompt>", "What would be asked.", PROMPT), PARAMETER_PART),
    ),
    Spelling(
        Language.JSON,
        "pay",
        f"Take a payment. This server takes none: the event says so at once (`result` is {NOT_SUPPORTED}).",
        (
            Field("amount", decimal(0.01, 1_000_000), None, "What is to be paid.", required=True),
            Field("currency", TEXT, "usd", UNUSED),
            Field(
                "eventUrl", ONE_URL, None, "Told what came of it.", shown_default="where the call's events go"
            ),
            Field("eventMethod", METHOD, "POST", "How it is told."),
            Field("prompts", list_of(ANYTHING, 20), (), UNUSED),
            Field("language", TEXT, "en-US", UNUSED, within="voice"),
            Field("style", whole(0, 100), 0, UNUSED, within="voice"),
        ),
        _pay_action,
    ),
)
