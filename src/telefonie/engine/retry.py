"""The only module that decides whether a letter is delivered, tried again or given up; pure."""

from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final, TypeAlias

from telefonie.engine.letters import Fault, Receipt
from telefonie.engine.ports import Carriage

SCHEDULE: Final = (1.0, 5.0, 30.0, 120.0, 600.0)
LONGEST_WAIT: Final = 600.0
_TOO_MANY_REQUESTS: Final = 429
_HOPELESS: Final = frozenset(
    {
        *(Fault.BAD_URL, Fault.BAD_REQUEST, Fault.FORBIDDEN_TARGET),
        *(Fault.REDIRECTS, Fault.TOO_LARGE, Fault.UNPLAYABLE),
    }
)
# Nobody was reached, or he said nothing: then, and after some answers, one further attempt may help.
_UNHEARD: Final = frozenset({Fault.CONNECT, Fault.TIMEOUT})


@dataclass(frozen=True, slots=True)
class Delivered:
    """The customer has it."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again after so many seconds of the account's time."""

    after_seconds: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """No further attempt; the reason is for people."""

    why: str


Verdict: TypeAlias = Delivered | Retry | GiveUp


def judge(schedule: tuple[float, ...], attempts: int, receipt: Receipt) -> Verdict:
    """What follows from the receipt of the newest of `attempts` attempts (so at least 1)."""
    if not receipt.error and _succeeded(receipt.status):
        return Delivered()
    final = _final(receipt)
    if final:
        return GiveUp(final)
    if attempts > len(schedule):
        return GiveUp(f"{_outcome(receipt)}, and all {attempts} attempts are used up")
    asked = _retry_after(receipt)
    return Retry(schedule[attempts - 1] if asked is None else asked)


def judge_carried(carriage: Carriage, attempts: int, receipt: Receipt) -> Verdict:
    """The same for a letter with manners of its own: it is tried once more at most, and at once."""
    if not receipt.error and receipt.status in carriage.good:
        return Delivered()
    again = Fault(receipt.error) in _UNHEARD if receipt.error else receipt.status in carriage.again_on
    if again and attempts < 2:
        return Retry(0)
    return GiveUp(_outcome(receipt))


def _succeeded(status: int | None) -> bool:
    return status is not None and 200 <= status < 300


def _final(receipt: Receipt) -> str:
    """Why no retry can help, or "" when one may."""
    if receipt.error:
        return receipt.message if Fault(receipt.error) in _HOPELESS else ""
    status = receipt.status
    if status is None or status == _TOO_MANY_REQUESTS or status >= 500:
        return ""
    if 300 <= status < 400:
        return f"{_outcome(receipt)}: redirects are not followed, set the final URL instead"
    return f"{_outcome(receipt)}, which is final: only 429, 5xx and connection errors are retried"


def _outcome(receipt: Receipt) -> str:
    if receipt.error:
        return receipt.message
    return f"the receiver answered {receipt.status}"


def _retry_after(receipt: Receipt) -> float | None:
    """The wait that the receiver asked for, cut to 0..600 s; None when it asked for none we can read."""
    asked = _header(receipt, "retry-after")
    if asked.isascii() and asked.isdecimal():
        # The length is looked at first: Python refuses to read numbers of thousands of digits.
        return LONGEST_WAIT if len(asked) > 9 else min(float(asked), LONGEST_WAIT)
    moment = _moment(asked)
    if moment is None:
        return None
    # The receiver's own Date is preferred, so that a wrong clock on either side does not matter.
    answered = _moment(_header(receipt, "date"))
    if answered is None:
        answered = receipt.sent_at + receipt.took_ms / 1000
    return min(max(moment - answered, 0.0), LONGEST_WAIT)


def _header(receipt: Receipt, name: str) -> str:
    return next((value.strip() for key, value in receipt.response_headers if key.lower() == name), "")


def _moment(text: str) -> float | None:
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
        # "-0000" gives a naive value; HTTP dates are UTC whatever they claim to lack.
        return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
    except (ValueError, OverflowError):
        return None
