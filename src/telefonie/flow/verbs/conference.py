"""The only module that knows how a call meets others in a room: Dial's Conference, and the action conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from telefonie.core.recordings import News
from telefonie.core.room import Did, Terms
from telefonie.flow.conferring import Conference
from telefonie.flow.kinds import (
    FLAG,
    METHOD,
    ONE_URL,
    TEXT,
    URL,
    BadValue,
    Kind,
    list_of,
    one_of,
    text,
    whole,
    words,
)
from telefonie.flow.lobby import LONGEST_NAME, MOST, Ways
from telefonie.flow.markup import Element
from telefonie.flow.program import Verb
from telefonie.flow.spelling import Field, Language, Part, Reading, Spelling, reach

BAD_MUTED, BAD_END, BAD_START, BAD_WAIT_URL, BAD_WAIT_METHOD, BAD_BEEP = range(13230, 13236)
BAD_NAME: Final = 13237
BAD_COACH: Final = 13240

# -- as a noun of Dial --

_PLAIN: Final = (
    Field("muted", FLAG, default=False, says="Whether the others do not hear it.", code=BAD_MUTED),
    Field("beep", one_of("true", "false", "onEnter", "onExit"), "true", "When a tone is heard.", BAD_BEEP),
    Field(
        "startConferenceOnEnter",
        FLAG,
        default=True,
        says="Whether its coming may start the room.",
        code=BAD_START,
    ),
    Field("endConferenceOnExit", FLAG, default=False, says="Whether its going ends the room.", code=BAD_END),
    Field("participantLabel", text(128), "", "A name of its own, which nobody else in the room may have."),
    Field(
        "waitUrl",
        URL,
        None,
        "What is heard until the room starts; empty: silence.",
        BAD_WAIT_URL,
        shown_default="music",
    ),
    Field("waitMethod", METHOD, "POST", "How that is asked for.", BAD_WAIT_METHOD),
    Field("maxParticipants", whole(2, MOST), MOST, "How many the room takes, if this call is the first."),
)


def _call_id(value: object) -> str:
    found = str(text(36).read(value))
    if len(found) != 36 or found.count("-") != 4:
        raise BadValue("must be the id of a call")
    return found


_COACH: Final = Field("coach", Kind("id of a call", _call_id), "", "The one call that hears it.", BAD_COACH)
_NO_EFFECT: Final = (
    Field("jitterBufferSize", one_of("large", "medium", "small", "off"), "large", "Without effect here."),
    Field("region", TEXT, "", "Without effect here."),
    Field("eventCallbackUrl", URL, "", "Without effect here."),
    Field("recordingConfigurationId", TEXT, "", "Without effect here."),
)
# The words by which reports are asked for, and what they mean. Who speaks is not reported.
REPORTS: Final[Mapping[str, tuple[Did, ...]]] = {
    "start": (Did.STARTED,),
    "end": (Did.ENDED,),
    "join": (Did.JOINED,),
    "leave": (Did.LEFT,),
    "mute": (Did.MUTED, Did.UNMUTED),
    "hold": (Did.HELD, Did.UNHELD),
    "modify": (Did.MODIFIED,),
    "speaker": (),
    "announcement": (Did.ANNOUNCED,),
}
NEWS: Final[Mapping[str, News]] = {
    "in-progress": News.STARTED,
    "completed": News.COMPLETED,
    "absent": News.FAILED,
}
_FROM_START: Final = "record-from-start"
_TRIMMED: Final = "trim-silence"
_FIRST: Final = "That of the call which is the first counts."
_TERMS: Final = (
    Field(
        "record", one_of("do-not-record", _FROM_START), "do-not-record", f"Whether it is recorded. {_FIRST}"
    ),
    Field("trim", one_of(_TRIMMED, "do-not-trim"), _TRIMMED, "Silence at the recording's ends."),
    Field("statusCallback", URL, "", f"Told what happens in the room. {_FIRST}"),
    Field("statusCallbackMethod", METHOD, "POST", "How that is told."),
    Field("statusCallbackEvent", words(*REPORTS), (), "Of what it is told; of speakers it is not."),
    Field("recordingStatusCallback", URL, "", "Told of the recording.", shown_default="statusCallback"),
    Field("recordingStatusCallbackMethod", METHOD, "POST", "How that is told."),
    Field("recordingStatusCallbackEvent", words(*NEWS), ("completed",), "Of what of it."),
)
FIELDS: Final = (*_PLAIN, _COACH, *_NO_EFFECT, *_TERMS)
PART: Final = Part("<Conference>", "A room: its name. It stands alone in a Dial.", FIELDS)
_BEEP: Final = {"true": "both", "false": "none", "onEnter": "enter", "onExit": "exit"}


def noun(reading: Reading, element: Element, dial: Mapping[str, Any]) -> Verb | None:
    """The noun of a Dial, with what Dial says: action, method, hangupOnStar, timeLimit (seconds)."""
    values = reach(FIELDS, element, reading.remarks)
    if values is None:
        return None
    room = element.text
    if not room or len(room) > LONGEST_NAME:
        reading.warn(
            f"<Conference> needs a name of at most {LONGEST_NAME} characters", BAD_NAME, element.spot
        )
        return None
    ways = Ways(
        values["startConferenceOnEnter"],
        values["endConferenceOnExit"],
        values["muted"],
        values["maxParticipants"],
        values["participantLabel"],
        _BEEP[values["beep"]],
        coach=values["coach"],
    )
    return Conference(
        reading.spelling.name,
        reading.spot,
        room,
        "",
        ways,
        values["waitUrl"],
        values["waitMethod"],
        dial["hangupOnStar"],
        dial["timeLimit"] * 1000,
        dial["action"] or None,
        dial["method"],
        terms=_terms(values),
    )


def _terms(values: Mapping[str, Any]) -> Terms:
    words_of, news = values["statusCallbackEvent"], values["recordingStatusCallbackEvent"]
    return Terms(
        values["statusCallback"] or None,
        values["statusCallbackMethod"],
        tuple(did for word in words_of for did in REPORTS[word]),
        values["record"] == _FROM_START,
        trim=values["trim"] == _TRIMMED,
        recording_url=values["recordingStatusCallback"] or None,
        recording_method=values["recordingStatusCallbackMethod"],
        recording_on=tuple(NEWS[word] for word in news),
    )


# -- as an action --


def _conversation(reading: Reading) -> Verb | None:
    if reading["mute"] and "canSpeak" in reading.given:
        reading.warn("conversation has mute and canSpeak, so mute is passed over")
    speak, hear = reading["canSpeak"], reading["canHear"]
    muted = speak == () if "canSpeak" in reading.given else reading["mute"]
    ways = Ways(
        reading["startOnEnter"],
        reading["endOnExit"],
        muted,
        beep="none",
        quorum=1,
        heard_by=speak or None,
        hears=hear,
    )
    room = Conference(
        reading.spelling.name,
        reading.spot,
        reading["name"],
        "",
        ways,
        reading["musicOnHoldUrl"],
        "GET",
        terms=Terms(
            record=reading["record"],
            recording_url=reading["eventUrl"] or None,
            recording_method=reading["eventMethod"],
            recording_on=(News.COMPLETED, News.FAILED),
        ),
        told_with_call=True,
    )
    return room if room.room else None


_LEGS: Final = list_of(text(64), 50)
SPELLINGS: Final = (
    Spelling(
        Language.JSON,
        "conversation",
        "Meet others in a room.",
        (
            Field("name", text(LONGEST_NAME), "", "The room.", required=True),
            Field(
                "musicOnHoldUrl", ONE_URL, "", "What is heard until the room starts.", shown_default="silence"
            ),
            Field("startOnEnter", FLAG, default=True, says="Whether its coming starts the room."),
            Field("endOnExit", FLAG, default=False, says="Whether its going ends the room."),
            Field("record", FLAG, default=False, says="Whether the room is recorded."),
            Field("canSpeak", _LEGS, None, "The calls that hear it; none if empty.", shown_default="all"),
            Field("canHear", _LEGS, None, "The calls that it hears; none if empty.", shown_default="all"),
            Field("mute", FLAG, default=False, says="Whether the others do not hear it."),
            Field("eventUrl", ONE_URL, "", "Asked to take note of the recording."),
            Field("eventMethod", METHOD, "POST", "How that is asked."),
        ),
        _conversation,
    ),
)
