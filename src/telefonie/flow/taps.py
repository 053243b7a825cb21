"""The only module that knows the nouns that listen in on a call: Stream, Siprec, Transcription and Recording.

What they begin is written down and told; the sound itself goes nowhere from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from telefonie.core.derive import part_id
from telefonie.core.events import Kind as Fact
from telefonie.core.recordings import Source
from telefonie.flow import recordings
from telefonie.flow.asides import Aside
from telefonie.flow.deeds import Deed, Note, StartAside, Tell
from telefonie.flow.kinds import FLAG, METHOD, TEXT, URL, BadValue, Kind, one_of, text
from telefonie.flow.markup import Element
from telefonie.flow.parameters import PARAMETER_PART, read_parameters
from telefonie.flow.program import Scene
from telefonie.flow.spelling import Field, Part, Reading, reach

UNUSED: Final = "Read, and without effect here."
TRACKS: Final = ("inbound_track", "outbound_track", "both_tracks")


def _socket(value: object) -> str:
    url = str(URL.read(value))
    if not url.startswith("wss://"):
        raise BadValue("must be a URL that begins with wss://")
    return url


SOCKET: Final = Kind("URL that begins with wss://", _socket)
NAME: Final = Field("name", TEXT, "", "What Stop calls it.", shown_default="its id")


def unused(*names: str) -> tuple[Field, ...]:
    """Fields that are read and have no effect."""
    return tuple(Field(each, text(), None, UNUSED) for each in names)


def told(url: str, method: str) -> tuple[Field, ...]:
    """Where its beginning and its end are told."""
    return (
        Field(url, URL, None, "Told when it begins and when it ends."),
        Field(method, METHOD, "POST", "How it is told."),
    )


STREAM: Final = (
    NAME,
    Field("url", SOCKET, None, "The socket that the sound would go to; it is not yet opened by this server."),
    Field("track", one_of(*TRACKS), "inbound_track", "Whose sound: the far end's, the platform's, or both."),
    *told("statusCallback", "statusCallbackMethod"),
    *unused("connectorName", "audioFormat", "sampleRate"),
)
SIPREC: Final = (
    NAME,
    Field("connectorName", TEXT, None, "The connector that the sound would go to."),
    Field("track", one_of(*TRACKS), "inbound_track", "Whose sound."),
    *told("statusCallback", "statusCallbackMethod"),
)
TRANSCRIPTION: Final = (
    NAME,
    Field("track", one_of(*TRACKS), "both_tracks", "Whose words."),
    *told("statusCallbackUrl", "statusCallbackMethod"),
    Field("partialResults", FLAG, default=False, says=UNUSED),
    Field("profanityFilter", FLAG, default=True, says=UNUSED),
    Field("enableAutomaticPunctuation", FLAG, default=True, says=UNUSED),
    Field("enableProviderData", FLAG, default=False, says=UNUSED),
    *unused("inboundTrackLabel", "outboundTrackLabel", "languageCode", "transcriptionEngine", "speechModel"),
    *unused("hints", "intelligenceService", "conversationConfiguration", "conversationId"),
)
RECORDING: Final = (
    NAME,
    *recordings.callbacks(),
    Field(
        "trim",
        one_of(recordings.TRIM, "do-not-trim"),
        "do-not-trim",
        "Whether the silence before the first and after the last sound is left out.",
    ),
    Field("track", one_of("inbound", "outbound", "both"), "both", "Whose sound."),
    Field(
        "channels",
        one_of("mono", "dual"),
        "dual",
        "Whether each side has a channel of its own; one track alone has one.",
    ),
    *unused("recordingConfigurationId"),
)
CONFIG: Final = (Field("name", TEXT, "", UNUSED), Field("value", TEXT, "", UNUSED))
NOUNS: Final[Mapping[str, tuple[Field, ...]]] = {
    "Stream": STREAM,
    "Siprec": SIPREC,
    "Transcription": TRANSCRIPTION,
    "Recording": RECORDING,
}
INSIDE: Final[Mapping[str, tuple[str, ...]]] = {"Transcription": ("Config",)}  # beside parameters
PARTS: Final = (
    Part("<Stream>", "Sound for a socket.", STREAM),
    Part("<Siprec>", "Sound for a recorder of somebody else's.", SIPREC),
    Part("<Transcription>", "The words of the call, written down.", TRANSCRIPTION),
    Part("<Config>", "Stands in a Transcription.", CONFIG),
    Part("<Recording>", "A recording of the call.", RECORDING),
    PARAMETER_PART,
)
KINDS: Final[Mapping[str, str]] = {each: each.lower() for each in NOUNS}


@dataclass(frozen=True, slots=True)
class Tap:
    """One of the nouns, as a document has it. `data` is plain JSON: it is kept while it goes on."""

    kind: str
    name: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def begun(self, scene: Scene, number: int) -> Aside:
        """It as it goes on, from now."""
        tap_id = part_id(scene.call.id, self.kind, f"{scene.turn}.{number}")
        return Aside(self.kind, tap_id, scene.now, self.name or tap_id, self.data)


def read_tap(element: Element, reading: Reading) -> Tap | None:
    """A noun; None: it was warned of, and is passed over."""
    values = reach(NOUNS[element.name], element, reading.remarks)
    if values is None:
        return None
    parameters = read_parameters(element, reading.remarks, INSIDE.get(element.name, ()))
    for each in element.elements:
        if each.name == "Config" and element.name == "Transcription":
            reach(CONFIG, each, reading.remarks)
    if element.name == "Stream" and not (values["url"] or values["connectorName"]):
        reading.warn("<Stream> needs a url, so it is passed over", spot=element.spot)
        return None
    return Tap(KINDS[element.name], values["name"], _data(element.name, values, parameters))


def _data(noun: str, values: Mapping[str, Any], parameters: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    if noun == "Recording":
        return {
            "source": Source.START_VERB.value,
            "channels": 2 if values["channels"] == "dual" else 1,
            "track": values["track"],
            "trim": values["trim"] == recordings.TRIM,
            **recordings.told(values),
        }
    callback = "statusCallbackUrl" if noun == "Transcription" else "statusCallback"
    return {
        "url": values.get("url"),
        "track": values["track"],
        "parameters": [list(each) for each in parameters],
        "callback": values[callback],
        "method": values["statusCallbackMethod"],
    }


def begun(scene: Scene, it: Aside) -> tuple[Deed, ...]:
    """From now on it goes on beside the documents."""
    if it.kind == recordings.KIND:
        return recordings.beside(recordings.tape(scene, it.id, it.data), it.name)
    return StartAside(it), *started(it)


def started(it: Aside) -> tuple[Deed, ...]:
    """It has begun: what is written down and told."""
    known = {"url": it.data["url"], "track": it.data["track"], "parameters": dict(it.data["parameters"])}
    shown = {name: value for name, value in known.items() if value}
    return _say(it, "started", shown)


def stopped(it: Aside, now: int, why: str) -> tuple[Deed, ...]:
    """It has ended."""
    return _say(it, "stopped", {"ms": now - it.since, "why": why})


def _say(it: Aside, state: str, more: Mapping[str, Any]) -> tuple[Deed, ...]:
    note = Note(Fact.STREAMED, {"what": it.kind, "state": state, "id": it.id, "name": it.name, **more})
    if it.data["callback"] is None:
        return (note,)
    outcome = {f"{it.kind}_id": it.id, f"{it.kind}_name": it.name, f"{it.kind}_event": state}
    return note, Tell(it.data["callback"], it.data["method"], it.kind, outcome)
