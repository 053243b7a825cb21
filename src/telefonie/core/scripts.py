"""The only module that runs a far end's script: what each step does, and when its moment has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, cast

from telefonie.core import hearing
from telefonie.core.acting import CONFIDENCE, FarEnd, plan, speak, tones, tones_ms
from telefonie.core.acts import Heard, Holds, Missed
from telefonie.core.phones import Step
from telefonie.core.speaking import ENGLISH

OTHERWISE_MS: Final = 1_000  # so long after the last word it is clear that the right ones were not among them


def advance(far: FarEnd, now: int) -> FarEnd:
    """Do all steps of the script whose moment has come."""
    while (moment := script_due(far)) is not None:
        if moment > now or (far.leaves is not None and moment > far.leaves):
            break
        far = _resolve(far) if far.listening else _do(far)
    return far


def script_due(far: FarEnd) -> int | None:
    """When the script goes on; None: when it has ended, or waits for words that nobody has said."""
    if not far.script:
        return None
    if not far.listening:
        return far.ready
    decided = _decided(far)
    return decided.at if decided else None


def _decided(far: FarEnd) -> Heard | Missed | None:
    """What comes of the waiting for words, as far as is known what will be said."""
    wanted, pattern = _wanted(far.script[0])
    found = hearing.first_match(far.heard, wanted, pattern=pattern)
    lost = hearing.silence(far.heard, OTHERWISE_MS) if "otherwise" in far.script[0] else None
    earliest = max(far.now, far.ready)
    if found is not None:
        return Heard(max(found[0], earliest), wanted, found[1])
    return None if lost is None else Missed(max(lost, earliest), wanted)


def _resolve(far: FarEnd) -> FarEnd:
    decided = _decided(far)
    if decided is None:
        return far
    then = far.script[0].get("otherwise" if isinstance(decided, Missed) else "steps", ())
    script = *cast("tuple[Step, ...]", then), *far.script[1:]
    return replace(plan(far, decided), script=script, ready=decided.at, listening=False)


def _wanted(step: Step) -> tuple[str, bool]:
    words = step["when_heard"]
    if isinstance(words, Mapping):
        return str(words.get("pattern", words.get("text"))), "pattern" in words
    return str(words), False


def _do(far: FarEnd) -> FarEnd:
    step = far.script[0]
    word = next(each for each in _DOING if each in step)
    return _DOING[word](far, step)


def _next(far: FarEnd, ready: int) -> FarEnd:
    return replace(far, script=far.script[1:], ready=ready)


def _wait(far: FarEnd, step: Step) -> FarEnd:
    return _next(far, far.ready + _ms(step["wait"]))


def _say(far: FarEnd, step: Step) -> FarEnd:
    language, confidence = step.get("language", ENGLISH), step.get("confidence", CONFIDENCE)
    far = speak(far, far.ready, str(step["say"]), str(language), float(cast(float, confidence)))
    return _next(far, max(far.ready, far.mouth))


def _press(far: FarEnd, step: Step) -> FarEnd:
    digits = str(step["press"])
    return _next(tones(far, far.ready, digits), far.ready + tones_ms(digits))


def _hold(far: FarEnd, step: Step) -> FarEnd:
    back = far.ready + _ms(step["hold"])
    return _next(plan(far, Holds(far.ready, on=True), Holds(back, on=False)), back)


def _hang_up(far: FarEnd, _: Step) -> FarEnd:
    return replace(far, script=(), leaves=far.ready)


def _listen(far: FarEnd, _: Step) -> FarEnd:
    return replace(far, listening=True, heard=hearing.since(far.heard, far.ready))


_DOING: Final[Mapping[str, Callable[[FarEnd, Step], FarEnd]]] = {
    "wait": _wait,
    "say": _say,
    "press": _press,
    "hold": _hold,
    "hangup": _hang_up,
    "when_heard": _listen,
}


def _ms(seconds: object) -> int:
    return round(1000 * cast(float, seconds))
