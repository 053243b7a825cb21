"""The only module that says how a simulated far end behaves: what comes of ringing, and when it leaves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from telefonie.core.speaking import speaking_ms


class Outcome(StrEnum):
    """What comes of ringing there."""

    HUMAN = "human"
    MACHINE = "machine"
    FAX = "fax"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    UNAVAILABLE = "unavailable"
    FAILED = "failed"


class Heard(StrEnum):
    """The verdict of answering-machine detection."""

    HUMAN = "human"
    MACHINE = "machine"
    FAX = "fax"
    UNKNOWN = "unknown"


MACHINES: Final = (Heard.MACHINE, Heard.FAX)


class Detection(StrEnum):
    """How long detection listens: to a first verdict, or to the end of a machine's greeting."""

    FIRST_VERDICT = "first_verdict"
    GREETING_END = "greeting_end"


Step: TypeAlias = Mapping[str, object]

ANSWERED: Final = frozenset({Outcome.HUMAN, Outcome.MACHINE, Outcome.FAX})
PATIENCE_MS: Final = 10_000  # a far end whose leg has no document says its piece and leaves
TONE_MS: Final = 100  # a key's tone, and the silence after it
BEEP_MS: Final = 500
PAUSES: Final[Mapping[str, int]] = {"w": 500, "W": 1_000, "p": 500}  # that stand among keys which are sent


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One phone's character. Times are milliseconds; `None` means 'as everybody does'."""

    outcome: Outcome = Outcome.HUMAN
    rings_after: int = 1_000
    answers_after: int = 2_000
    greeting: str | None = None
    beep: bool = False
    hangs_up_after: int | None = None
    consents: bool = True
    script: tuple[Step, ...] = ()


DEFAULT: Final = Behaviour()

_BY_DIGIT: Final = (
    DEFAULT,
    Behaviour(hangs_up_after=3_000),
    Behaviour(outcome=Outcome.BUSY),
    Behaviour(outcome=Outcome.NO_ANSWER),
    Behaviour(outcome=Outcome.REJECTED),
    Behaviour(outcome=Outcome.FAILED),
    Behaviour(outcome=Outcome.MACHINE),
    Behaviour(outcome=Outcome.MACHINE, beep=True),
    Behaviour(answers_after=20_000),
    Behaviour(outcome=Outcome.FAX),
)
# The ranges that regulators keep for fiction, so that no test can ever name a real person's phone.
_RESERVED: Final = re.compile(r"\+?(?:1[2-9][0-9]{2}55501|4477009000)([0-9])[0-9]")


def reserved(number: str) -> Behaviour | None:
    """The behaviour that a reserved number stands for, or None for every other number."""
    found = _RESERVED.fullmatch(number)
    return _BY_DIGIT[int(found[1])] if found else None


def greeting_of(phone: Behaviour) -> str:
    """What is said on answering."""
    if phone.greeting is not None:
        return phone.greeting
    match phone.outcome:
        case Outcome.MACHINE:
            return "Hello, you have reached my voicemail. Please leave a message after the tone."
        case Outcome.HUMAN:
            return "Hello?"
        case Outcome.FAX | Outcome.BUSY | Outcome.NO_ANSWER:
            return ""
        case Outcome.REJECTED | Outcome.UNAVAILABLE | Outcome.FAILED:
            return ""


def verdict(phone: Behaviour, detection: Detection) -> tuple[int, Heard]:
    """When after the answer detection has made up its mind, and what it says."""
    if phone.outcome is Outcome.FAX:
        return 2_500, Heard.FAX
    greeting = speaking_ms(greeting_of(phone))
    if not greeting:
        return 5_000, Heard.UNKNOWN
    if phone.outcome is not Outcome.MACHINE:
        return 2_000, Heard.HUMAN
    if detection is Detection.FIRST_VERDICT:
        return 4_000, Heard.MACHINE
    end_of_message = BEEP_MS if phone.beep else 1_200
    return max(4_000, greeting + end_of_message), Heard.MACHINE


def beep(phone: Behaviour, judged: int, patience: int) -> tuple[int, bool]:
    """When after the answer a machine has beeped, or is not waited for any longer, and which of the two.

    `judged`: when it was known to be a machine; from then on it is waited for `patience`.
    """
    beeped = speaking_ms(greeting_of(phone)) + BEEP_MS
    comes = phone.beep and phone.outcome is Outcome.MACHINE and beeped <= judged + patience
    return (max(judged, beeped), True) if comes else (judged + patience, False)


def keys_ms(keys: str) -> int:
    """How long it takes to send these keys, with the pauses among them."""
    return sum(PAUSES.get(each, 2 * TONE_MS) for each in keys)


def leaves_after(phone: Behaviour) -> int:
    """When after the answer a far end that has nobody to talk with hangs up by itself."""
    return PATIENCE_MS if phone.hangs_up_after is None else phone.hangs_up_after
