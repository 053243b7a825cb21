"""The only module that keeps what a far end is about to do: planned acts, one mouth, the keys under its fingers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from telefonie.core.acts import Act, Finished, Pressed, Says, packed_act, unpacked_act
from telefonie.core.hearing import Utterance, Utterances
from telefonie.core.phones import TONE_MS, Step
from telefonie.core.speaking import speaking_ms

CONFIDENCE: Final = 0.9  # of what is recognised, where nobody says otherwise


@dataclass(frozen=True, slots=True)
class FarEnd:
    """Where it stands. Moments are milliseconds of the account's clock."""

    now: int  # up to here everything was handed out
    script: tuple[Step, ...] = ()  # what is still to be done, the current step first
    ready: int = 0  # when the current step begins, or began
    listening: bool = False  # the current step waits for words, since `ready`
    mouth: int = 0  # speaks until then
    fingers: int = 0  # keys pressed by hand go on until then
    leaves: int | None = None
    planned: tuple[Act, ...] = ()  # in order
    heard: Utterances = ()
    gone: bool = False


def plan(far: FarEnd, *acts: Act) -> FarEnd:
    """Each at its moment, after what was planned for the same before."""
    planned = list(far.planned)
    for act in acts:
        planned.insert(bisect_right(planned, act.at, key=lambda each: each.at), act)
    return replace(far, planned=tuple(planned))


def speak(
    far: FarEnd, at: int, text: str, language: str, confidence: float, *, greeting: bool = False
) -> FarEnd:
    """Say it as soon as the mouth is free; what cannot be pronounced is not said."""
    ms = speaking_ms(text, language)
    if not ms:
        return far
    start = max(at, far.mouth)
    says = Says(start, text, language, confidence, ms, greeting)
    finished = Finished(start + ms, text, language, confidence, ms, greeting)
    return replace(plan(far, says, finished), mouth=finished.at)


def tones(far: FarEnd, at: int, digits: str) -> FarEnd:
    """Press these keys, one after the other."""
    return plan(far, *(Pressed(at + tones_ms(digits[:done]), key) for done, key in enumerate(digits.upper())))


def tones_ms(digits: str) -> int:
    """How long that takes: each tone, and the silence after it."""
    return 2 * TONE_MS * len(digits)


def packed(far: FarEnd) -> dict[str, Any]:
    """As plain JSON, without what is as usual."""
    found: dict[str, Any] = {
        each.name: getattr(far, each.name)
        for each in fields(FarEnd)
        if getattr(far, each.name) != each.default
    }
    if far.script:
        found["script"] = list(far.script)
    if far.planned:
        found["planned"] = [packed_act(each) for each in far.planned]
    if far.heard:
        found["heard"] = [[each.at, each.ms, each.text] for each in far.heard]
    return found


def unpacked(found: Mapping[str, Any]) -> FarEnd:
    """What `packed` made."""
    given = dict(found)
    given["script"] = tuple(given.get("script", ()))
    given["planned"] = tuple(unpacked_act(each) for each in given.get("planned", ()))
    given["heard"] = tuple(Utterance(*each) for each in given.get("heard", ()))
    return FarEnd(**given)
