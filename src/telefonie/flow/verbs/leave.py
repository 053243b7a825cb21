"""The only module that knows Leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from telefonie.flow.markup import Spot
from telefonie.flow.program import Return, Scene, Step, Verb
from telefonie.flow.spelling import Language, Reading, Spelling


@dataclass(frozen=True, slots=True)
class Leave(Verb):
    """Leave the queue in whose waiting document this stands; elsewhere it does nothing."""

    answers: ClassVar[bool] = False
    name: str
    spot: Spot

    def begin(self, scene: Scene) -> Step:  # noqa: ARG002 - whatever the scene is
        """At once."""
        return Return()


def _leave(reading: Reading) -> Verb:
    return Leave("Leave", reading.spot)


SPELLINGS: Final = (Spelling(Language.XML, "Leave", "Leave the queue that the call waits in.", (), _leave),)
