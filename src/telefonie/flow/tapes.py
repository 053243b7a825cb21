"""The only module that says what is remembered of a recording while it goes on: when there was sound, and which words.

Only what is needed while the call lives: the sound itself is composed from the call's facts afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final

from telefonie.core import recordings
from telefonie.core.call import Call
from telefonie.core.events import Actor, Event, Kind
from telefonie.core.hearing import Utterance, Utterances, since, until, utterance
from telefonie.core.phones import TONE_MS, keys_ms
from telefonie.core.recordings import Recording, Source, Status

MOST_WORDS: Final = 200  # sentences that are kept for a transcript
INBOUND: Final = "inbound"  # what the far end says
OUTBOUND: Final = "outbound"  # what it hears
_ENDLESS: Final = 1 << 53


@dataclass(frozen=True, slots=True)
class Report:
    """Who is told the end of a recording in a verb's own words, beside the recording's own news."""

    url: str  # may be relative
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Script:
    """Who is told the words of a recording, and which can be told. The bounds are seconds."""

    url: str
    method: str = "POST"
    track: str = "both"
    shortest: int = 0
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Sound:
    """Something that can be heard on a call from `at` for `ms`, and in which words."""

    track: str
    at: int
    ms: int
    words: Utterances = ()
    late: bool = False  # it is over, or nearly, when it becomes known


@dataclass(frozen=True, slots=True)
class Tape:
    """A recording that goes on."""

    recording: Recording
    base: str | None = None  # of the document that began it
    report: Report | None = None
    script: Script | None = None
    first: int | None = None  # when anything was heard for the first time
    said_until: int = 0  # until when the far end is heard
    heard_until: int = 0  # until when it hears something
    words: tuple[tuple[str, Utterance], ...] = ()  # and whose they are

    @property
    def id(self) -> str:
        """Its recording's."""
        return self.recording.id

    def hears(self, track: str) -> bool:
        """Whether that side is on it, now."""
        return self.recording.status is Status.RUNNING and self.recording.track in ("both", track)


def new(call: Call, recording_id: str, source: Source, now: int, **more: Any) -> Recording:
    """A recording of this call that begins now. One side alone has one channel."""
    order = call.order
    whose: dict[str, Any] = {"application": order.application, "conversation": order.conversation}
    it = Recording(
        recording_id, call.account_id, call.face, call.id, source, now, order.currency, **whose, **more
    )
    return it if it.track == "both" else replace(it, channels=1)


def sound(call: Call, event: Event) -> Sound | None:
    """What can be heard from the moment at which this happens, if anything."""
    find = _SOUNDS.get(event.kind)
    return None if find is None else find(call, event)


def _said(call: Call, event: Event) -> Sound | None:
    data: Mapping[str, Any] = event.data
    if event.actor is Actor.FAR_END:
        return None if call.muted else _overheard(call, event, INBOUND)
    pieces = (utterance(event.at + start, ms, text) for start, ms, text, _ in data.get("pieces", ()))
    words = tuple(each for each in pieces if each is not None)
    return None if _apart(call) else Sound(OUTBOUND, event.at, data["ms"], words)


def _overheard(call: Call, event: Event, track: str = OUTBOUND) -> Sound | None:
    data: Mapping[str, Any] = event.data
    if _apart(call):
        return None
    words = utterance(event.at, data["ms"], data["text"])
    return Sound(track, event.at, data["ms"], (words,) if words else ())


def _played(call: Call, event: Event) -> Sound | None:
    """What has no length is the music of a hold: it goes on until the far end is taken back."""
    data: Mapping[str, Any] = event.data
    if _apart(call) and "ms" in data:
        return None
    track = INBOUND if event.actor is Actor.FAR_END else OUTBOUND
    if "ago" in data:  # what a program says is known a little later; it is heard as its words would be
        return None if call.muted else Sound(track, event.at - data["ago"], data["ms"], late=True)
    return Sound(track, event.at, data.get("ms", _ENDLESS))


def _keys(_: Call, event: Event) -> Sound | None:
    track = INBOUND if event.kind is Kind.PRESSED else OUTBOUND
    return Sound(track, event.at, max(0, keys_ms(str(event.data["digits"])) - TONE_MS))


def _apart(call: Call) -> bool:
    """Whether the far end hears music or nothing, and nobody hears it."""
    return call.held or call.away


_SOUNDS: Final = {
    Kind.SAID: _said,
    Kind.OVERHEARD: _overheard,
    Kind.PLAYED: _played,
    Kind.PRESSED: _keys,
    Kind.KEYS_SENT: _keys,
}
SILENCES: Final = frozenset({Kind.HUSHED, Kind.HELD, Kind.UNHELD})  # what the far end heard stops


def heard(tape: Tape, it: Sound, now: int) -> Tape:
    """Something is heard on it; if it began before, then from now on."""
    if not tape.hears(it.track):
        return tape
    name = UNTIL[it.track]
    until: Any = {name: max(getattr(tape, name), it.at + it.ms)}
    begun = max(it.at, tape.recording.since) if it.late else now
    first = begun if tape.first is None else tape.first
    return replace(tape, first=first, words=_noted(tape, it, now), **until)


UNTIL: Final = {INBOUND: "said_until", OUTBOUND: "heard_until"}


def _noted(tape: Tape, it: Sound, now: int) -> tuple[tuple[str, Utterance], ...]:
    if tape.script is None or tape.script.track not in ("both", it.track):
        return tape.words
    known = {(track, each.at + each.ms) for track, each in tape.words}
    new = ((it.track, each) for each in since(it.words, now) if (it.track, each.at + each.ms) not in known)
    return (*tape.words, *new)[:MOST_WORDS]


def hushed(tape: Tape, now: int) -> Tape:
    """What the far end heard has stopped: words that were not spoken are no part of it."""
    return _cut(replace(tape, heard_until=min(tape.heard_until, now)), now, OUTBOUND)


def paused(tape: Tape, now: int) -> Tape:
    """Nothing is recorded for a while, whoever is speaking."""
    said, heard = min(tape.said_until, now), min(tape.heard_until, now)
    return _cut(replace(tape, said_until=said, heard_until=heard), now, INBOUND, OUTBOUND)


def _cut(tape: Tape, now: int, *tracks: str) -> Tape:
    if not tape.words:
        return tape
    left = [(track, until((each,), now) if track in tracks else (each,)) for track, each in tape.words]
    return replace(tape, words=tuple((track, each) for track, said in left for each in said))


def kept(tape: Tape, now: int) -> tuple[int, int]:
    """From when to when it reaches if it ends now, without the silence that is cut off."""
    begun = tape.recording.since
    if not tape.recording.trim:
        return begun, now
    return (
        (begun, begun)
        if tape.first is None
        else (tape.first, min(max(tape.said_until, tape.heard_until), now))
    )


def text(tape: Tape, now: int) -> str:
    """The words until now, in the order in which they began."""
    said = sorted((each for _, each in paused(tape, now).words), key=lambda each: each.at)
    return " ".join(each.text for each in said)


# -- as stored --

_BESIDE: Final = ("base", "report", "script", "first", "said_until", "heard_until")
_USUAL: Final = {each.name: each.default for each in fields(Tape)}


def packed(tape: Tape) -> dict[str, Any]:
    """A tape as plain values."""
    out: dict[str, Any] = {"recording": recordings.packed(tape.recording)}
    for name in _BESIDE:
        value = getattr(tape, name)
        if value != _USUAL[name]:
            out[name] = value
    for name in ("report", "script"):
        if name in out:
            out[name] = asdict(out[name])
    if tape.words:
        out["words"] = [[track, each.at, each.ms, each.text] for track, each in tape.words]
    return out


def unpacked(found: Mapping[str, Any]) -> Tape:
    """What `packed` made."""
    given = dict(found)
    recording = recordings.unpacked(given.pop("recording"))
    if "report" in given:
        given["report"] = Report(**given["report"])
    if "script" in given:
        given["script"] = Script(**given["script"])
    words = tuple((track, Utterance(*said)) for track, *said in given.pop("words", ()))
    return Tape(recording, words=words, **given)
