"""The only module that knows Reject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from telefonie.core.call import Direction, Status
from telefonie.flow.deeds import Warn
from telefonie.flow.kinds import one_of
from telefonie.flow.markup import SCHEMA_WARNING, Spot
from telefonie.flow.program import Next, Quit, Scene, Step, Verb
from telefonie.flow.spelling import Field, Language, Reading, Spelling

_REFUSALS: Final = {"rejected": "declined", "busy": "busy"}


@dataclass(frozen=True, slots=True)
class Reject(Verb):
    """Turn down a call that nobody has picked up yet."""

    answers: ClassVar[bool] = False
    name: str
    spot: Spot
    refusal: str  # declined or busy

    def begin(self, scene: Scene) -> Step:
        """At once; once somebody has picked up it is too late."""
        call = scene.call
        if call.status is Status.RINGING and call.order.direction is Direction.INBOUND:
            return Quit(refuse=self.refusal)
        return Next((Warn(SCHEMA_WARNING, "Reject is for inbound calls that are not answered yet"),))


def _reject(reading: Reading) -> Verb:
    return Reject("Reject", reading.spot, _REFUSALS[reading["reason"]])


SPELLINGS: Final = (
    Spelling(
        Language.XML,
        "Reject",
        "Turn an inbound call down, unanswered and unbilled. After a verb that answers it has no effect.",
        (Field("reason", one_of(*_REFUSALS), "rejected", "What the caller gets to know."),),
        _reject,
    ),
)
