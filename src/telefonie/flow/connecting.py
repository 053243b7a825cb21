"""The only module that says how a JSON connect differs from a Dial: whom it tells, and when it may be answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from telefonie.core.call import Cause, Direction, Status
from telefonie.core.events import Kind
from telefonie.core.phones import Detection
from telefonie.flow.deeds import Deed, Tell
from telefonie.flow.dialed import End
from telefonie.flow.dialing import Dial
from telefonie.flow.endpoints import Endpoint, endpoint
from telefonie.flow.kinds import ANYTHING, FLAG, METHOD, ONE_URL, URL, one_of, whole
from telefonie.flow.kinds import Kind as Holds
from telefonie.flow.program import Load, Next, Scene, Step, Verb
from telefonie.flow.spelling import Field, Reading
from telefonie.flow.targets import (
    ALL_REPORTS,
    BAD_CALLER,
    BAD_LIMIT,
    BAD_METHOD,
    BAD_TIMEOUT,
    BAD_URL,
    CALLER,
    Target,
    dialled,
)

UNKNOWN: Final = "unknown"
LEAST_DIGITS: Final = 7  # of a number in international form
_UNUSED: Final = "Read and checked; it has no effect here."
# With a synchronous connect these may be answered with another document.
_MAY_GO_ON: Final = frozenset({Status.BUSY, Status.FAILED, Status.UNANSWERED, Status.CANCELED})
_JUDGED: Final = (Kind.DETECTED, Kind.BEEPED)


@dataclass(frozen=True, slots=True)
class Connection(Dial):
    """Call one endpoint. What happens to it is told at the events' URL: this one's, or else the call's own."""

    synchronous: bool = False  # that nobody answered is asked about here, in place of being told by the leg
    own_number: bool = False  # shows the number of ours that the call is on

    def shown(self, scene: Scene) -> str:
        """The caller that is shown."""
        order = scene.call.order
        ours = order.callee if order.direction is Direction.INBOUND else order.caller
        if self.own_number:
            return ours
        shown = self.caller or UNKNOWN
        return (dialled(shown)[0] or shown) if order.strict else shown

    def _told_at(self, scene: Scene) -> tuple[str | None, str]:
        return scene.told_at(self.action, self.method)

    def reports(self, scene: Scene, target: Target) -> dict[str, Any]:
        """The leg tells of itself, as the call does whose documents are read strictly; but what may be answered
        to the end of this call is asked by it."""
        order = scene.call.order
        url, method = self._told_at(scene)
        if url is None:
            return {}
        events = order.report_on if order.strict else ALL_REPORTS
        told: dict[str, Any] = {"report_url": url, "report_method": method}
        told["parent_tells"] = self.synchronous
        if target.detection is not None and (target.detection_answers or Kind.DETECTED not in events):
            events = tuple(each for each in events if each not in _JUDGED)
            told |= {"detection_url": url, "detection_answers": target.detection_answers}
        return told | {"report_on": tuple(each for each in events if each is not Kind.DISCONNECTED)}

    @property
    def tells_for_legs(self) -> bool:
        """Whether a leg that nobody answered leaves it to this call to tell so."""
        return self.synchronous

    def conclude(self, scene: Scene, outcome: dict[str, Any], deeds: tuple[Deed, ...]) -> Step:
        """A failure may be answered with other instructions; if it is not, the next one runs."""
        url, method = self._told_at(scene)
        if url and self._asks(outcome):
            return Load(url, method, self.name, outcome, lenient=True, deeds=deeds)
        return Next(deeds)

    def told(self, scene: Scene, outcome: dict[str, Any]) -> tuple[Deed, ...]:
        """What came of it, where nobody waits for an answer."""
        url, method = self._told_at(scene)
        return (Tell(url, method, self.name, outcome),) if url and self._asks(outcome) else ()

    def _asks(self, outcome: Mapping[str, Any]) -> bool:
        """Whether how it ended is asked about: a failure, or that a program has gone."""
        gone = outcome["dial_call_cause"] == Cause.DISCONNECTED.value
        return gone or (self.synchronous and outcome["dial_call_status"] in _MAY_GO_ON)

    def outcome(self, scene: Scene, end: End, tape: str) -> dict[str, Any]:
        """With what there is to say of the leg, which is not asked itself."""
        target = self.targets[end.target]
        told: dict[str, Any] = {"dial_call_cause": end.cause, "dial_call_from": self.shown(scene)}
        if target.socket is None:
            told["dial_call_to"] = target.callee
        else:
            told |= {"dial_call_to": target.socket.uri, "dial_call_headers": dict(target.socket.headers)}
        return {**Dial.outcome(self, scene, end, tape), **told}


# -- how the action is read --


def _one(value: object) -> object:
    return ONE_URL.read(value) if isinstance(value, list) else URL.read(value)


_MODES: Final[Mapping[str, tuple[Detection, bool]]] = {
    "default": (Detection.FIRST_VERDICT, True),
    "detect": (Detection.FIRST_VERDICT, False),
    "detect_beep": (Detection.FIRST_VERDICT, False),
}
_ADVANCED: Final = "advancedMachineDetection"
_BEHAVIOUR: Final = one_of("continue", "hangup")
_TONE: Final = Holds("URL, or array with one URL", _one)
CONNECT: Final = (
    Field("endpoint", ANYTHING, None, "Who is called: an array with one object.", required=True),
    Field("from", CALLER, None, "The caller that is shown.", BAD_CALLER, shown_default=UNKNOWN),
    Field("randomFromNumber", FLAG, default=False, says="Show the number of the app's that this call is on."),
    Field("eventType", one_of("synchronous"), None, "A failure may be answered with other instructions."),
    Field("timeout", whole(1, 7_200), 60, "Seconds of ringing after which nobody is expected.", BAD_TIMEOUT),
    Field("limit", whole(1, 7_200), 7_200, "Seconds of talk after which it ends.", BAD_LIMIT),
    Field("machineDetection", _BEHAVIOUR, None, "Listen whether a person answers; hangup drops a machine."),
    Field("behavior", _BEHAVIOUR, "continue", "What becomes of a machine.", within=_ADVANCED),
    Field("mode", one_of(*_MODES), "detect", "Whether the call waits for the verdict.", within=_ADVANCED),
    Field("beepTimeout", whole(30, 120), 45, "Seconds for a machine's beep.", within=_ADVANCED),
    Field("beep_timeout", whole(30, 120), 45, "The same, as some packages spell it.", within=_ADVANCED),
    Field("ringbackTone", _TONE, None, "A sound that the caller hears meanwhile.", BAD_URL),
    Field("eventUrl", ONE_URL, None, "Who is told of it.", BAD_URL, shown_default="the call's own"),
    Field("eventMethod", METHOD, "POST", "How a failure is asked about.", BAD_METHOD),
)


def connect(reading: Reading) -> Verb | None:
    """The action connect; None: it names nobody."""
    found = endpoint(reading.node.members["endpoint"], reading.remarks)
    if found is None:
        return None
    return Connection(
        "connect",
        reading.spot,
        (_listening(found.end, reading),),
        caller=_from(reading),
        own_number=reading["randomFromNumber"] and reading["from"] is None,
        ring_ms=reading["timeout"] * 1000,
        limit_ms=reading["limit"] * 1000,
        action=reading["eventUrl"],
        method=reading["eventMethod"],
        tone_url=_tone(reading, found),
        synchronous=reading["eventType"] is not None,
    )


def _from(reading: Reading) -> str:
    if reading["randomFromNumber"] and reading["from"] is not None:
        reading.warn("connect may have from or randomFromNumber, not both; from counts", BAD_CALLER)
    found: str = reading["from"] or UNKNOWN
    # JSON documents write international numbers without the plus.
    return f"+{found}" if found.isdecimal() and len(found) >= LEAST_DIGITS else found


def _tone(reading: Reading, found: Endpoint) -> str | None:
    return reading["ringbackTone"] or found.tone_url


def _listening(target: Target, reading: Reading) -> Target:
    """The same, with detection if it is wished for; the advanced wish counts before the plain one."""
    if any(each.startswith(_ADVANCED) for each in reading.given):
        return _advanced(target, reading)
    if reading["machineDetection"] is None:
        return target
    detection, aside = _MODES["default"]
    drops = reading["machineDetection"] == "hangup"
    return replace(target, detection=detection, detection_aside=aside, drops_machines=drops)


def _advanced(target: Target, reading: Reading) -> Target:
    """Each verdict may be answered; a beep is waited for, unless the first verdict is enough."""
    mode = reading[f"{_ADVANCED}.mode"]
    detection, aside = _MODES[mode]
    spelled = "beep_timeout" if f"{_ADVANCED}.beep_timeout" in reading.given else "beepTimeout"
    return replace(
        target,
        detection=detection,
        detection_aside=aside,
        drops_machines=reading[f"{_ADVANCED}.behavior"] == "hangup",
        beep_ms=0 if mode == "detect" else reading[f"{_ADVANCED}.{spelled}"] * 1000,
        detection_answers=True,
    )
