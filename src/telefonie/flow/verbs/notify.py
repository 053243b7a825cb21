"""The only module that knows the action notify, which tells the app something of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from telefonie.flow.kinds import METHOD, ONE_URL, BadValue, Kind
from telefonie.flow.markup import Spot
from telefonie.flow.program import Load, Scene, Step, Verb
from telefonie.flow.spelling import Field, Language, Reading, Spelling


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadValue("must be an object")
    return value


OBJECT: Final = Kind("object", _object)


@dataclass(frozen=True, slots=True)
class Notify(Verb):
    """Tell the app, and run what it answers, if it answers anything."""

    name: str
    spot: Spot
    payload: Mapping[str, Any]
    url: str
    method: str

    def begin(self, scene: Scene) -> Step:  # noqa: ARG002 - whatever the scene is
        """At once."""
        return Load(self.url, self.method, self.name, {"payload": self.payload}, lenient=True)


def _notify(reading: Reading) -> Notify:
    return Notify("notify", reading.spot, reading["payload"], reading["eventUrl"], reading["eventMethod"])


SPELLINGS: Final = (
    Spelling(
        Language.JSON,
        "notify",
        "Tell the app something of its own. An array of actions in the answer takes the place of the rest; without one,"
        " or when nothing can be had, the next action runs.",
        (
            Field("payload", OBJECT, None, "What is told, just as it stands here.", required=True),
            Field("eventUrl", ONE_URL, None, "Who is told.", required=True),
            Field("eventMethod", METHOD, "POST", "How it is told."),
        ),
        _notify,
    ),
)
