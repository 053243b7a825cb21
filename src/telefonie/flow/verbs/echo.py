"""The only module that knows Echo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from telefonie.flow.deeds import Hush, Speak
from telefonie.flow.markup import Spot
from telefonie.flow.program import Scene, Step, Verb, Wait
from telefonie.flow.signals import Signal, SpeechBegan
from telefonie.flow.speech import Piece, Plan
from telefonie.flow.spelling import Language, Reading, Spelling


@dataclass(frozen=True, slots=True)
class Echo(Verb):
    """Give back to the far end what it says, until it hangs up or the call goes on with another document."""

    name: str
    spot: Spot

    def begin(self, scene: Scene) -> Step:  # noqa: ARG002 - whatever the scene is
        """Listen."""
        return Wait()

    def on(self, scene: Scene, signal: Signal) -> Step | None:
        """Words come back while they are said."""
        if not isinstance(signal, SpeechBegan):
            return None
        said = signal.spoken
        plan = Plan((Piece(said.text, 0, said.ms, said.language),), said.ms)
        return Wait({"until": scene.now + said.ms}, deeds=(Speak(plan),))

    def stop(self, scene: Scene) -> tuple[Hush, ...]:
        """What is just coming back is cut short."""
        return (Hush(),) if scene.memory.get("until", 0) > scene.now else ()


def _echo(reading: Reading) -> Verb:
    return Echo("Echo", reading.spot)


SPELLINGS: Final = (
    Spelling(
        Language.XML,
        "Echo",
        "Give back what the far end says, until it hangs up or the call is redirected.",
        (),
        _echo,
    ),
)
