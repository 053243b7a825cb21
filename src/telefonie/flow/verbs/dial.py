"""The only module that knows the verbs that call somebody: Dial, and the action connect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from telefonie.core.addresses import canonical
from telefonie.core.recordings import Source
from telefonie.flow import recordings
from telefonie.flow.connecting import CONNECT, connect
from telefonie.flow.dialing import Dial
from telefonie.flow.endpoints import PARTS as ENDPOINT_PARTS
from telefonie.flow.kinds import FLAG, METHOD, URL, one_of, text, whole
from telefonie.flow.markup import SCHEMA_WARNING, Element, shown
from telefonie.flow.nouns import BAD_NUMBER, CALLED, plain, target
from telefonie.flow.nouns import PARTS as CALLED_PARTS
from telefonie.flow.program import Verb
from telefonie.flow.spelling import Field, Language, Reading, Spelling
from telefonie.flow.targets import (
    BAD_CALLER,
    BAD_LIMIT,
    BAD_METHOD,
    BAD_TIMEOUT,
    BAD_URL,
    CALLER,
    Taping,
    Target,
)
from telefonie.flow.verbs import conference, queue

BAD_STAR: Final = 13213
BAD_NESTED: Final = 13215
MOST_TARGETS: Final = 10
LONGEST_SECONDS: Final = 86_400
_COUNTRIES: Final = (
    *("at", "au", "be", "bg", "br", "ch", "cl", "cn", "cz", "de", "dk", "ee", "es", "fi", "fr", "gr", "hu"),
    *("il", "in", "it", "jp", "lt", "mx", "my", "nl", "no", "nz", "ph", "pl", "pt", "ru", "se", "sg", "th"),
    *("tw", "uk", "us", "us-old", "ve", "za"),
)
_RECORD: Final = (
    *("do-not-record", "true", "record-from-answer", "record-from-ringing"),
    *("record-from-answer-dual", "record-from-ringing-dual"),
)
_UNUSED: Final = "Read and checked; it has no effect here."


# -- the XML verb --


_XML: Final = (
    Field("action", URL, None, "Asked what to do next once the Dial has ended.", BAD_URL),
    Field("method", METHOD, "POST", "How `action` is asked.", BAD_METHOD),
    Field("timeout", whole(5, 600), 30, "Seconds of ringing after which nobody is expected.", BAD_TIMEOUT),
    Field("timeLimit", whole(1, LONGEST_SECONDS), 14_400, "Seconds of talk after which it ends.", BAD_LIMIT),
    Field(
        "callerId", CALLER, None, "The caller that is shown.", BAD_CALLER, shown_default="the call's caller"
    ),
    Field("callReason", text(50), "", _UNUSED),
    Field(
        "hangupOnStar", FLAG, default=False, says="The caller's star key drops who was called.", code=BAD_STAR
    ),
    Field("answerOnBridge", FLAG, default=False, says="An inbound call rings on until somebody is ready."),
    Field("record", one_of(*_RECORD), "do-not-record", "Whether the talk is recorded, and from when on."),
    Field("trim", one_of("do-not-trim", recordings.TRIM), "do-not-trim", "Whether silence is cut off."),
    *recordings.callbacks(BAD_URL),
    Field("recordingTrack", one_of("both", "inbound", "outbound"), "both", "Whose voice is recorded."),
    Field("ringTone", one_of(*_COUNTRIES), "", "The country whose ringing the caller hears."),
    Field("sequential", FLAG, default=False, says="Call one after the other, not all at once."),
    Field("referUrl", URL, None, _UNUSED, BAD_URL),
    Field("referMethod", METHOD, "POST", _UNUSED),
    Field("recordingConfigurationId", text(), "", _UNUSED),
    Field("events", text(), "", _UNUSED),
    Field("passports", text(), "", _UNUSED),
)


def _dial(reading: Reading) -> Verb | None:
    nouns = _of_one_kind(reading)
    if nouns and nouns[0].name in _PLACES:
        return _PLACES[nouns[0].name](reading, nouns[0], reading.values)
    targets = tuple(target(each, reading.remarks) for each in nouns) or _plain(reading)
    record = reading["record"]
    return Dial(
        "Dial",
        reading.spot,
        targets,
        caller=_shown(reading, targets),
        ring_ms=reading["timeout"] * 1000,
        limit_ms=reading["timeLimit"] * 1000,
        on_bridge=reading["answerOnBridge"],
        star=reading["hangupOnStar"],
        in_turn=reading["sequential"],
        action=reading["action"] or None,
        method=reading["method"],
        taping=None if record == "do-not-record" else _taping(record, reading),
        tone=reading["ringTone"],
    )


# Nouns that are places to go to, not somebody to be called.
_PLACES: Final[Mapping[str, Callable[[Reading, Element, Mapping[str, Any]], Verb | None]]] = {
    "Conference": conference.noun,
    "Queue": queue.noun,
}
_NOUNS: Final = (*CALLED, *_PLACES)


def _of_one_kind(reading: Reading) -> tuple[Element, ...]:
    """The nouns that count: all that are called, or one place."""
    found = [each for each in reading.element.elements if each.name in _NOUNS]
    if not found:
        return ()
    first = found[0]
    most = MOST_TARGETS if first.name in CALLED else 1
    kept: list[Element] = []
    for each in found:
        same = each.name in CALLED if first.name in CALLED else each.name == first.name
        if not same:
            message = f"<{each.name}> may not stand beside <{first.name}>, so it is passed over"
            reading.warn(message, SCHEMA_WARNING, each.spot)
        elif len(kept) == most:
            reading.warn(f"<Dial> may have at most {most} of <{each.name}>", BAD_NESTED, each.spot)
        else:
            kept.append(each)
    if reading.element.text:
        reading.warn(f"{shown(reading.element.text)} stands beside <{first.name}>, so it is passed over")
    return tuple(kept)


def _plain(reading: Reading) -> tuple[Target, ...]:
    if reading.element.text:
        return (plain(reading.element.text, reading.element, reading.remarks),)
    reading.warn("<Dial> names nobody to be called", BAD_NUMBER)
    return ()


def _shown(reading: Reading, targets: tuple[Target, ...]) -> str | None:
    """The caller that is shown; a mere name only between SIP addresses."""
    caller: str | None = reading["callerId"]
    if caller is None or canonical(caller) is not None or all(each.is_sip for each in targets):
        return caller
    reading.warn("callerId of <Dial> may be a name only where SIP addresses are called", BAD_CALLER)
    return None


def _taping(record: str, reading: Reading) -> Taping:
    channels = 2 if record.endswith("-dual") else 1
    about = {
        "source": Source.DIAL_VERB.value,
        "channels": channels,
        "track": reading["recordingTrack"],
        "trim": reading["trim"] == recordings.TRIM,
        **recordings.told(reading.values),
    }
    return Taping("ringing" in record, about)


SPELLINGS: Final = (
    Spelling(
        Language.XML,
        "Dial",
        "Call somebody, or several, and connect the first who is ready.",
        _XML,
        _dial,
        content=(
            f"a number, or up to {MOST_TARGETS} of {', '.join(f'<{name}>' for name in CALLED)}, "
            f"or one of {', '.join(f'<{name}>' for name in _PLACES)}"
        ),
        nested=_NOUNS,
        parts=(*CALLED_PARTS, conference.PART, queue.PART),
    ),
    Spelling(
        Language.JSON,
        "connect",
        "Call somebody and connect the two. A websocket is written down and counts as connected until the call "
        "ends or its limit is reached; no socket is opened.",
        CONNECT,
        connect,
        content="endpoint of type phone, sip, app, vbc or websocket",
        parts=ENDPOINT_PARTS,
    ),
)
