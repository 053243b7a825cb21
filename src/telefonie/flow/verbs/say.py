"""The only module that knows the verbs that speak: Say, and the action talk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from telefonie.flow.deeds import Hush, Speak
from telefonie.flow.markup import Spot
from telefonie.flow.program import Alarm, Next, Scene, Step, Verb, Wait
from telefonie.flow.signals import Signal, Woke
from telefonie.flow.speech import Plan, say
from telefonie.flow.spelling import TEXT, Field, Language, Reading, Spelling, whole

BAD_VOICE: Final = 13511
BAD_LOOP: Final = 13510
NO_TEXT: Final = 13520
MOST_LOOPS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Say(Verb):
    """Speak a text, as often as asked."""

    whispers: ClassVar[bool] = True
    name: str
    spot: Spot
    text: str
    language: str | None
    voice: str
    loop: int  # 0: until something else happens, at most MOST_LOOPS

    def _plan(self, scene: Scene) -> Plan:
        return say(self.text, self.language or scene.language)

    def begin(self, scene: Scene) -> Step:
        """The first time."""
        return self._speak(scene, 1)

    def _speak(self, scene: Scene, time: int) -> Step:
        plan = self._plan(scene)
        alarm = Alarm("spoken", scene.now + plan.ms)
        return Wait({"time": time}, (alarm,), (Speak(plan, self.voice),))

    def on(self, scene: Scene, signal: Signal) -> Step | None:
        """It has been said: once more, or on."""
        if signal != Woke("spoken"):
            return None
        time = scene.memory["time"]
        return Next() if time >= (self.loop or MOST_LOOPS) else self._speak(scene, time + 1)

    def stop(self, scene: Scene) -> tuple[Hush, ...]:  # noqa: ARG002 - whatever it has said
        """It is cut short."""
        return (Hush(),)


def _say(reading: Reading) -> Verb | None:
    text = reading.element.text
    if not text:
        reading.warn("<Say> has nothing to say, so it is passed over", NO_TEXT)
        return None
    return Say("Say", reading.spot, text, reading["language"], reading["voice"], reading["loop"])


def _talk(reading: Reading) -> Verb | None:
    values: Mapping[str, Any] = reading.values
    return Say("talk", reading.spot, values["text"], values["language"], "", values["loop"])


SPELLINGS: Final = (
    Spelling(
        Language.XML,
        "Say",
        "Speak a text.",
        (
            Field("voice", TEXT, "", "The voice that speaks.", BAD_VOICE),
            Field("language", TEXT, None, "The language it speaks.", BAD_VOICE, shown_default="of the call"),
            Field("loop", whole(0, MOST_LOOPS), 1, "How often; 0 is without end, at most 1000.", BAD_LOOP),
        ),
        _say,
        content="the text, with SSML elements if wanted",
    ),
    Spelling(
        Language.JSON,
        "talk",
        "Speak a text.",
        (
            Field("text", TEXT, "", "What is said.", NO_TEXT, required=True),
            Field("language", TEXT, None, "The language it speaks.", BAD_VOICE, shown_default="of the call"),
            Field("loop", whole(0, MOST_LOOPS), 1, "How often; 0 is without end.", BAD_LOOP),
        ),
        _talk,
    ),
)
