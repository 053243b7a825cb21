"""The only module that says what a call asks with a letter, and what the answer is to the call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from telefonie.engine.letters import Fault, Receipt, Want
from telefonie.engine.retry import Delivered, GiveUp, Retry, Verdict
from telefonie.flow.commands import Fetched, Lost, Page, Sound
from telefonie.flow.effects import Purpose

WANTS: Final = {
    Purpose.INSTRUCTIONS: Want.DOCUMENT,
    Purpose.ACTION: Want.DOCUMENT,
    Purpose.REDIRECT: Want.DOCUMENT,
    Purpose.FALLBACK: Want.DOCUMENT,
    Purpose.BESIDE: Want.DOCUMENT,
    Purpose.EVENT: Want.DOCUMENT,
    Purpose.TELL: Want.NOTHING,
    Purpose.VERDICT: Want.NOTHING,
    Purpose.SOUND: Want.SOUND,
}
# The codes under which customers know what can go wrong when something is fetched.
CODES: Final = {
    Fault.BAD_URL: 11100,
    Fault.BAD_REQUEST: 11100,
    Fault.FORBIDDEN_TARGET: 11205,
    Fault.DNS: 11210,
    Fault.CONNECT: 11205,
    Fault.TLS: 11220,
    Fault.TIMEOUT: 11200,
    Fault.PROTOCOL: 11206,
    Fault.REDIRECTS: 11215,
    Fault.TOO_LARGE: 11750,
    Fault.UNPLAYABLE: 13420,
}
HTTP_FAILED: Final = 11200
GOOD: Final = range(200, 300)  # the statuses of an answer that counts
# Only when no connection came about is the same asked once more; a server that answered has answered.
_ONCE_MORE: Final = frozenset({Fault.CONNECT, Fault.TLS})


@dataclass(frozen=True, slots=True)
class Question:
    """The request `number` of a call."""

    number: int
    purpose: Purpose
    url: str
    method: str


def judge_answer(attempts: int, receipt: Receipt) -> Verdict:
    """Whether an answer counts, or the question is put once more."""
    if not receipt.error:
        return Delivered() if _succeeded(receipt, GOOD) else GiveUp(f"the server answered {receipt.status}")
    if attempts < 2 and Fault(receipt.error) in _ONCE_MORE:
        return Retry(0)
    return GiveUp(receipt.message)


def _succeeded(receipt: Receipt, good: range) -> bool:
    return receipt.status is not None and receipt.status in good


def answer_of(question: Question, receipt: Receipt, good: range = GOOD) -> Fetched:
    """What came, as the call is told it; `good`: with which statuses it counts."""
    result: Page | Sound | Lost
    if receipt.error:
        result = Lost(CODES[Fault(receipt.error)], receipt.message, receipt.status)
    elif receipt.status is None or not _succeeded(receipt, good):
        expected = "2xx" if good == GOOD else f"{good[0]} to {good[-1]}"
        asked = question.url.partition("?")[0]  # what we have added stands behind it
        message = (
            f"{asked} answered {receipt.status}; what is asked for must come with a status of {expected}"
        )
        result = Lost(HTTP_FAILED, message, receipt.status)
    elif question.purpose is Purpose.SOUND:
        result = Sound(receipt.status, receipt.length_ms or 0, receipt.sound)
    else:
        result = Page(receipt.status, receipt.content_type, receipt.raw, receipt.url or question.url)
    told = WANTS[question.purpose] is Want.NOTHING
    return Fetched(question.number, question.url, question.method, round(receipt.took_ms), result, told)
