"""The only module that says what the person at the other end does next: a script, two hands, one mouth.

A far end plans acts and hands them out when their moment has come (`wake`). Its script runs step by step;
what is done by hand runs beside it, but there is one mouth, so speech waits for speech.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from telefonie.core import hearing
from telefonie.core.acting import CONFIDENCE, FarEnd, packed, plan, speak, tones, tones_ms, unpacked
from telefonie.core.acts import Act, Beeped, Finished, HangsUp, Heard, Holds, Missed, Pressed, Says
from telefonie.core.errors import Conflict
from telefonie.core.phones import BEEP_MS, PATIENCE_MS, Behaviour, Outcome, greeting_of
from telefonie.core.scripts import advance, script_due
from telefonie.core.speaking import ENGLISH

MOST_PLANNED: Final = 500


def begin(phone: Behaviour, now: int, *, inbound: bool, patient: bool) -> FarEnd:
    """It picks up, or its own call was answered. Impatient ones without a script leave after a while."""
    leaves = phone.hangs_up_after
    if leaves is None and not patient and not phone.script:
        leaves = PATIENCE_MS
    far = FarEnd(now, phone.script, ready=now, leaves=None if leaves is None else now + leaves)
    if inbound:
        return far
    far = speak(far, now, greeting_of(phone), ENGLISH, CONFIDENCE, greeting=True)
    if phone.beep and phone.outcome is Outcome.MACHINE:
        beeps = max(now, far.mouth)
        far = replace(plan(far, Beeped(beeps, BEEP_MS)), mouth=beeps + BEEP_MS)
    return far


def due(far: FarEnd) -> int | None:
    """When to wake it next; None: it does nothing more by itself."""
    moments = [far.planned[0].at if far.planned else None, script_due(far), far.leaves]
    return min((each for each in moments if each is not None), default=None)


def wake(far: FarEnd, now: int) -> tuple[FarEnd, tuple[Act, ...]]:
    """Everything that it does up to this moment, in order."""
    now = max(now, far.now)
    far = advance(far, now)
    if far.leaves is not None and far.leaves <= now:
        acts = *_until(far.planned, far.leaves), HangsUp(far.leaves)
        return FarEnd(now, gone=True), acts
    acts = _until(far.planned, now)
    return _tidy(replace(far, now=now, planned=far.planned[len(acts) :])), acts


def hear(far: FarEnd, at: int, ms: int, text: str) -> FarEnd:
    """Something is said to it, from `at` on for `ms`. Several may speak at once."""
    far = advance(far, at)
    said = hearing.utterance(at, ms, text)
    if said is None or not listens(far):
        return far
    if far.listening:
        said = next(iter(hearing.since((said,), far.ready)), None)
    heard = far.heard if far.listening else hearing.under_way(far.heard, at)
    return replace(far, heard=hearing.with_more(heard, said)) if said else far


def hush(far: FarEnd, now: int) -> FarEnd:
    """What is being said to it is cut off: it never hears the words that were not spoken."""
    far = advance(far, now)
    return replace(far, heard=hearing.until(far.heard, now))


def say(far: FarEnd, now: int, text: str, language: str = ENGLISH, confidence: float = CONFIDENCE) -> FarEnd:
    """Speak by hand, as soon as the mouth is free."""
    return _by_hand(far, now, lambda one, at: speak(one, at, text, language, confidence))


def press(far: FarEnd, now: int, digits: str) -> FarEnd:
    """Press keys by hand, after those that are being pressed by hand."""

    def keys(one: FarEnd, at: int) -> FarEnd:
        start = max(at, one.fingers)
        return replace(tones(one, start, digits), fingers=start + tones_ms(digits))

    return _by_hand(far, now, keys)


def hold(far: FarEnd, now: int, on: bool) -> FarEnd:  # noqa: FBT001 - the one thing that it says
    """Put the line on hold by hand, or take it back."""
    return _by_hand(far, now, lambda one, at: plan(one, Holds(at, on)))


def speaking(far: FarEnd, now: int) -> Says | None:
    """What it is saying at this moment."""
    for act in advance(far, now).planned:
        if isinstance(act, Finished) and act.at - act.ms <= now < act.at:
            return Says(act.at - act.ms, act.text, act.language, act.confidence, act.ms, act.greeting)
    return None


def listens(far: FarEnd) -> bool:
    """Whether words said to it can make a difference, now or later."""
    return any("when_heard" in step for step in far.script)


def _by_hand(far: FarEnd, now: int, doing: Callable[[FarEnd, int], FarEnd]) -> FarEnd:
    if far.gone:
        return far
    now = max(now, far.now)
    planned = doing(advance(far, now), now)
    if len(planned.planned) > MOST_PLANNED:
        raise Conflict("far_end_busy", "The far end has not yet done what it was told before.")
    return planned


def _until(planned: tuple[Act, ...], now: int) -> tuple[Act, ...]:
    return planned[: bisect_right(planned, now, key=lambda each: each.at)]


def _tidy(far: FarEnd) -> FarEnd:
    """Without what can make no difference any more."""
    heard = far.heard if far.listening else hearing.under_way(far.heard, far.now)
    return replace(
        far,
        ready=far.ready if far.script else 0,
        mouth=far.mouth if far.mouth > far.now else 0,
        fingers=far.fingers if far.fingers > far.now else 0,
        heard=heard if listens(far) else (),
    )


__all__ = [
    "Act",
    "Beeped",
    "FarEnd",
    "Finished",
    "HangsUp",
    "Heard",
    "Holds",
    "Missed",
    "Pressed",
    "Says",
    "begin",
    "due",
    "hear",
    "hold",
    "hush",
    "listens",
    "packed",
    "press",
    "say",
    "speaking",
    "unpacked",
    "wake",
]
