"""The only module that tells what the reserved numbers do, by having a call to each of them live its life."""

from __future__ import annotations

from collections.abc import Callable

from docs.generator.markdown import code, table
from telefonie.core import phones
from telefonie.core.call import Call, Direction, Order
from telefonie.core.calls import ENDED, alarm, apply, place
from telefonie.core.commands import Wake
from telefonie.core.phones import ANSWERED, Behaviour, Outcome
from telefonie.dialects.telefonie.wording import STATUS

_WHO = {
    Outcome.HUMAN: "a person",
    Outcome.MACHINE: "an answering machine",
    Outcome.FAX: "a fax",
    Outcome.BUSY: "busy",
    Outcome.NO_ANSWER: "nobody answers",
    Outcome.REJECTED: "declines",
    Outcome.UNAVAILABLE: "is not to be found",
    Outcome.FAILED: "cannot be reached",
}


def table_of_numbers() -> str:
    """The ten kinds, with the moments of a call to each, in seconds after its creation."""
    heads = ("`d`", "a number of it", "far end", "rings", "answers", "ends", "`status`")
    return table(heads, [_row(digit) for digit in range(10)])


def _row(digit: int) -> tuple[str, ...]:
    number = f"+12025550{100 + 10 * digit}"
    phone = phones.reserved(number)
    if phone is None:
        raise ValueError(f"{number} is not reserved")
    call = _lived(Order(Direction.OUTBOUND, "+12025550100", number, "0", "USD", phone=phone))
    moments = [_seconds(each) for each in (call.rang_at, call.answered_at, call.ended_at)]
    return (str(digit), code(number), _described(phone), *moments, code(STATUS[call.status]))


def _lived(order: Order) -> Call:
    call = place("", "", "", order, 0).call
    while call.status not in ENDED:
        due, _ = alarm(call)
        if due is None:
            raise ValueError("a call without a plan never ends")
        call = apply(call, Wake(), due).call
    return call


def _described(phone: Behaviour) -> str:
    words = [_WHO[phone.outcome]]
    traits: list[tuple[bool, Callable[[], str]]] = [
        (phone.outcome is Outcome.MACHINE, lambda: "with a beep" if phone.beep else "without a beep"),
        (phone.answers_after > phones.DEFAULT.answers_after, lambda: "slow to answer"),
        (phone.outcome in ANSWERED and phone.hangs_up_after is not None, lambda: "who hangs up soon"),
    ]
    return ", ".join(words + [word() for fits, word in traits if fits])


def _seconds(moment: int | None) -> str:
    return "" if moment is None else f"{moment / 1000:g}"
