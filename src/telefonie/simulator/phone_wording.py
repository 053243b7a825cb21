"""The only module that words how a phone behaves."""

from __future__ import annotations

from telefonie.core.phones import Behaviour, reserved
from telefonie.simulator import words

Json = dict[str, object]


def behaviour(phone: Behaviour) -> Json:
    """How a far end behaves; what is left to custom is left out."""
    known: Json = {
        "outcome": words.OUTCOME[phone.outcome].value,
        "rings_after": phone.rings_after / 1000,
        "answers_after": phone.answers_after / 1000,
        "greeting": phone.greeting,
        "beep": phone.beep,
        "hangs_up_after": None if phone.hangs_up_after is None else phone.hangs_up_after / 1000,
        "consents": phone.consents,
        "script": [dict(step) for step in phone.script],
    }
    return {name: value for name, value in known.items() if value is not None}


def phone(number: str, it: Behaviour, *, custom: bool) -> Json:
    """A phone: its number as people write it, and how it behaves."""
    return {
        "number": spelled(number),
        "reserved": reserved(number) is not None,
        "custom": custom,
    } | behaviour(it)


def spelled(number: str) -> str:
    """A canonical number as people write it."""
    return f"+{number}" if number.isdigit() else number
