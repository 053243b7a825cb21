"""The only module that knows the verbs that wait: Pause, and the action wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from telefonie.flow.kinds import seconds, whole
from telefonie.flow.markup import Spot
from telefonie.flow.program import Alarm, Next, Scene, Step, Verb, Wait
from telefonie.flow.signals import Signal, Woke
from telefonie.flow.spelling import Field, Language, Reading, Spelling

BAD_LENGTH: Final = 13910
LONGEST_SECONDS: Final = 86_400


@dataclass(frozen=True, slots=True)
class Pause(Verb):
    """Say nothing for a while. It does not pick up: as a first verb it lets an inbound call ring on."""

    answers: ClassVar[bool] = False
    whispers: ClassVar[bool] = True
    name: str
    spot: Spot
    ms: int

    def begin(self, scene: Scene) -> Step:
        """Nothing but time passes."""
        return Wait(alarms=(Alarm("over", scene.now + self.ms),)) if self.ms else Next()

    def on(self, scene: Scene, signal: Signal) -> Step | None:  # noqa: ARG002 - it has nothing to remember
        """Time has passed."""
        return Next() if signal == Woke("over") else None


def _pause(reading: Reading) -> Verb:
    return Pause("Pause", reading.spot, reading["length"] * 1000)


def _wait(reading: Reading) -> Verb:
    return Pause("wait", reading.spot, reading["timeout"])


SPELLINGS: Final = (
    Spelling(
        Language.XML,
        "Pause",
        "Wait in silence.",
        (Field("length", whole(0, LONGEST_SECONDS), 1, "Seconds of silence.", BAD_LENGTH),),
        _pause,
    ),
    Spelling(
        Language.JSON,
        "wait",
        "Wait in silence.",
        (
            Field(
                "timeout",
                seconds(0.1, 7_200, clamped=True),
                10_000,
                "Seconds to wait; what is out of bounds is moved to the bound.",
                shown_default="10",
            ),
        ),
        _wait,
    ),
)
