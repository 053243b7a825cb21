"""The only module that knows Hangup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from telefonie.flow.markup import Spot
from telefonie.flow.program import Quit, Scene, Step, Verb
from telefonie.flow.spelling import Language, Reading, Spelling


@dataclass(frozen=True, slots=True)
class Hangup(Verb):
    """End the call. An unanswered inbound call is picked up first, so it ends as completed."""

    answers: ClassVar[bool] = True
    whispers: ClassVar[bool] = True
    name: str
    spot: Spot

    def begin(self, scene: Scene) -> Step:  # noqa: ARG002 - whatever the scene is
        """At once."""
        return Quit()


def _hangup(reading: Reading) -> Verb:
    return Hangup("Hangup", reading.spot)


SPELLINGS: Final = (Spelling(Language.XML, "Hangup", "End the call.", (), _hangup),)
