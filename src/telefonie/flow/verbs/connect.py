"""The only module that knows Connect, which hands the call over to something that is no phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from telefonie.core.call import Status
from telefonie.flow import taps
from telefonie.flow.asides import Aside
from telefonie.flow.deeds import Deed, Warn
from telefonie.flow.kinds import METHOD, URL
from telefonie.flow.markup import SCHEMA_WARNING, Element, Spot
from telefonie.flow.parameters import PARAMETER_PART, read_parameters
from telefonie.flow.program import Load, Next, Scene, Step, Verb, Wait
from telefonie.flow.recorder import torn
from telefonie.flow.spelling import Field, Language, Part, Reading, Spelling, reach
from telefonie.flow.taps import SOCKET, Tap, unused

NOT_SERVED: Final = "this server has nothing to connect a call to {} with, so it ends at once"


@dataclass(frozen=True, slots=True)
class Connect(Verb):
    """Hand the call over, for as long as it lasts."""

    name: str
    spot: Spot
    tap: Tap
    lasts: bool  # else there is nothing here that it could be handed over to
    action: str | None  # None: the next verb
    method: str

    def begin(self, scene: Scene) -> Step:
        """It lasts until the call ends or goes on with another document."""
        it = self.tap.begun(scene, 0)
        if self.lasts:
            return Wait({"id": it.id, "since": scene.now}, deeds=taps.started(it))
        deeds = (Warn(SCHEMA_WARNING, NOT_SERVED.format(f"a {it.kind.replace('_', ' ')}")),)
        if self.action is None:
            return Next(deeds)
        outcome = {"connect_status": Status.FAILED, "connect_to": it.kind}
        return Load(self.action, self.method, self.name, outcome, deeds=deeds)

    def stop(self, scene: Scene) -> tuple[Deed, ...]:
        """Torn out."""
        memory = scene.memory
        it = Aside(self.tap.kind, memory["id"], memory["since"], self.tap.name or memory["id"], self.tap.data)
        return taps.stopped(it, scene.now, torn(scene))


RELAY: Final = (
    Field(
        "url", SOCKET, None, "The socket of what talks to the caller; it is not yet opened.", required=True
    ),
    *unused("language", "ttsLanguage", "transcriptionLanguage", "ttsProvider", "voice"),
    *unused("transcriptionProvider", "speechModel", "profanityFilter", "dtmfDetection", "welcomeGreeting"),
    *unused("partialPrompts", "welcomeGreetingInterruptible", "interruptible", "preemptible", "hints"),
    *unused("intelligenceService", "reportInputDuringAgentSpeech", "elevenlabsTextNormalization"),
    *unused("interruptSensitivity", "debug", "backgroundNoiseReduction", "speechTimeout", "events"),
    *unused("deepgramSmartFormat", "ignoreBackchannel", "partialPromptOnHangup", "eagerEotThreshold"),
    *unused("asrSmartFormat", "ttsTextNormalization", "ttsLanguageTextNormalization", "includeInPrompt"),
    *unused("elevenlabsLanguageTextNormalization", "customerName", "applicationReconnect"),
    *unused("echoPromptFiltering", "turnDetection"),
)
OTHERS: Final = {
    "VirtualAgent": unused(
        *("connectorName", "language", "sentimentAnalysis", "statusCallback", "statusCallbackMethod")
    ),
    "Room": unused("name", "participantIdentity"),
    "Autopilot": unused("name"),
    "Conversation": unused(
        *("serviceInstanceSid", "inboundAutocreation", "routingAssignmentTimeout", "inboundTimeout", "url"),
        *("method", "record", "trim", "recordingStatusCallback", "recordingStatusCallbackMethod"),
        *("recordingStatusCallbackEvent", "statusCallback", "statusCallbackMethod", "statusCallbackEvent"),
    ),
    "AiSession": unused("aiConnector", "aiSessionConfiguration"),
    "ConversationRelaySession": unused("connector", "sessionConfiguration"),
}
FIELDS: Final = {"ConversationRelay": RELAY, **OTHERS}
NOUNS: Final = ("Stream", *FIELDS)
KINDS: Final = {
    "Stream": "stream",
    "ConversationRelay": "conversation_relay",
    "VirtualAgent": "virtual_agent",
    "Room": "room",
    "Autopilot": "autopilot",
    "Conversation": "conversation",
    "AiSession": "ai_session",
    "ConversationRelaySession": "conversation_relay_session",
}
LANGUAGE: Final = unused(
    *("code", "ttsProvider", "voice", "transcriptionProvider", "speechModel", "hints"),
    *("asrSmartFormat", "ttsTextNormalization", "ttsLanguageTextNormalization"),
)
INSIDE: Final[Mapping[str, Mapping[str, tuple[Field, ...]]]] = {
    "ConversationRelay": {"Language": LANGUAGE},
    "VirtualAgent": {"Config": taps.CONFIG},
}
PARTS: Final = (
    Part("<Stream>", "As in Start.", ()),
    Part("<ConversationRelay>", "A program that talks with the caller.", RELAY),
    Part("<Language>", "Stands in a ConversationRelay.", LANGUAGE),
    *(Part(f"<{name}>", "Read; there is none here.", fields) for name, fields in OTHERS.items()),
    Part("<Config>", "Stands in a VirtualAgent.", taps.CONFIG),
    PARAMETER_PART,
)


def _connect(reading: Reading) -> Connect | None:
    nouns = [each for each in reading.element.elements if each.name in NOUNS]
    if not reading.element.elements:
        reading.warn("<Connect> has nothing to connect with, so it is passed over")
    for each in nouns[1:]:
        reading.warn(f"<Connect> has one noun, so this <{each.name}> is passed over", spot=each.spot)
    tap = _tap(nouns[0], reading) if nouns else None
    if tap is None:
        return None
    lasts = nouns[0].name not in OTHERS
    return Connect("Connect", reading.spot, tap, lasts, reading["action"], reading["method"])


def _tap(element: Element, reading: Reading) -> Tap | None:
    if element.name == "Stream":
        return _two_way(taps.read_tap(element, reading), element, reading)
    values = reach(FIELDS[element.name], element, reading.remarks)
    inside = INSIDE.get(element.name, {})
    parameters = read_parameters(element, reading.remarks, tuple(inside))
    for each in element.elements:
        if each.name in inside:
            reach(inside[each.name], each, reading.remarks)
    if values is None:
        return None
    data = {
        "url": values.get("url"),
        "track": "",
        "parameters": [list(each) for each in parameters],
        "callback": None,
        "method": "POST",
    }
    return Tap(KINDS[element.name], "", data)


def _two_way(tap: Tap | None, element: Element, reading: Reading) -> Tap | None:
    if tap is None or tap.data["track"] == "inbound_track":
        return tap
    message = "track of a <Stream> in <Connect> must be inbound_track, so it is"
    reading.warn(message, spot=element.spot)
    return Tap(tap.kind, tap.name, {**tap.data, "track": "inbound_track"})


SPELLINGS: Final = (
    Spelling(
        Language.XML,
        "Connect",
        "Hand the call over to a two-way stream or a conversation relay until the call ends or goes on with another"
        " document: it is accepted, written down and told of, but no socket is opened yet, and no sound is sent."
        " Anything else fails at once, with `connect_status` failed.",
        (
            Field("action", URL, None, "Asked when it is over.", shown_default="the next verb"),
            Field("method", METHOD, "POST", "How the action is asked."),
        ),
        _connect,
        content="one of Stream, ConversationRelay, VirtualAgent, Room, Autopilot, Conversation, AiSession,"
        " ConversationRelaySession; of a Stream only the inbound track",
        nested=NOUNS,
        parts=PARTS,
    ),
)
