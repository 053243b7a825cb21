"""The only module that says what a verb that listens has got so far, and how that is reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from telefonie.core import hearing
from telefonie.flow import prompts as nested
from telefonie.flow.deeds import Deed
from telefonie.flow.program import Alarm, Memory, Wait
from telefonie.flow.signals import Spoken


@dataclass(frozen=True, slots=True)
class Keys:
    """How keys are listened for."""

    wait: int  # milliseconds for the first key, and for each after it
    most: int = 0  # 0: no limit
    finish: str = ""  # the key that ends it and is no part of it


@dataclass(frozen=True, slots=True)
class Speech:
    """How speech is listened for; times in milliseconds."""

    wait: int  # for the first word
    silence: int  # after the last one
    longest: int
    language: str | None  # None: that of the call
    partial_url: str | None = None  # told while somebody speaks
    partial_method: str = "POST"
    saves: bool = False  # what was said can be heard afterwards


@dataclass(frozen=True, slots=True)
class Report:
    """Where the outcome goes."""

    url: str | None
    method: str = "POST"
    even_empty: bool = False  # also when nothing was pressed or said
    full: bool = False  # with all that was recognised, and why it ended
    lenient: bool = False  # an empty answer lets the next verb run; without a URL, the call's own is told


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered while it waits."""

    playing: Mapping[str, Any] | None = None  # where the prompts stand; None: they are over
    digits: str = ""
    speaking: Mapping[str, Any] | None = None  # the sentence under way
    heard: tuple[tuple[str, float], ...] = ()  # sentences, and how sure
    bells: tuple[tuple[str, int], ...] = ()
    told: int = 0  # partial results so far
    tape: str = ""  # the recording of what is said

    @property
    def spoken_to(self) -> bool:
        """Whether somebody has begun to speak: then keys do not count any more."""
        return self.speaking is not None or bool(self.heard)

    def ring(self, **bells: int) -> State:
        """With these alarms, and no others."""
        return replace(self, bells=tuple(bells.items()))

    def rung(self, name: str) -> State:
        """After this alarm."""
        return replace(self, bells=tuple(each for each in self.bells if each[0] != name))

    def waiting(self, *deeds: Deed) -> Wait:
        """Wait on like this."""
        found = {name: value for name, value in asdict(self).items() if value not in (None, "", (), 0)}
        alarms = tuple(Alarm(name, at) for name, at in self.bells)
        if self.playing is not None:
            alarms = (*alarms, *nested.unpacked(self.playing).alarms)
        return Wait(found, alarms, deeds)


def unpacked(memory: Memory) -> State:
    """What `waiting` remembered."""
    found = dict(memory)
    found["heard"] = tuple((text, sure) for text, sure in found.get("heard", ()))
    found["bells"] = tuple((name, at) for name, at in found.get("bells", ()))
    return State(**found)


def so_far(state: State, now: int) -> str:
    """The whole words of the sentence under way that have been said."""
    if state.speaking is None:
        return ""
    spoken = Spoken(**state.speaking)
    said = hearing.utterance(spoken.at, spoken.ms, spoken.text)
    return " ".join(each.text for each in hearing.until((said,) if said else (), now))


def _joined(state: State) -> tuple[tuple[str, float], ...]:
    """All that was said as one result; it is as sure as the average of its sentences."""
    if not state.heard:
        return ()
    sure = sum(each for _, each in state.heard) / len(state.heard)
    return ((" ".join(text for text, _ in state.heard), round(sure, 4)),)


def outcome_of(
    keys: Keys | None, speech: Speech | None, state: State, how: Mapping[str, Any], *, full: bool
) -> dict[str, Any]:
    """What is reported, by neutral names; `full`: with all that was recognised, and why it ended."""
    outcome: dict[str, Any] = {}
    if keys is not None and (full or not state.heard):
        outcome["digits"] = state.digits
        outcome["finished_on_key"] = how.get("finished_on_key", "")
        outcome["timed_out"] = how.get("timed_out", False)
    if speech is not None and state.heard:
        text, sure = _joined(state)[0]
        outcome |= {"speech_result": text, "confidence": sure, "language": speech.language}
    if speech is not None and full:
        outcome["results"] = [{"text": text, "confidence": sure} for text, sure in _joined(state)]
        if reason := how.get("timeout_reason", "start_timeout" if how.get("timed_out") else ""):
            outcome["timeout_reason"] = reason
    return outcome


def fact_of(state: State, how: Mapping[str, Any]) -> dict[str, Any]:
    """What the timeline says of it."""
    fact: dict[str, Any] = {"digits": state.digits} if state.digits else {}
    for text, sure in _joined(state):
        fact |= {"speech": text, "confidence": sure}
    if how.get("timed_out"):
        fact["timed_out"] = True
    return fact
