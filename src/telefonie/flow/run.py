"""The only module that says where a call stands in its documents: a stack of frames, the last one at work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, TypeAlias

from telefonie.flow import sounding, tapes
from telefonie.flow.asides import Aside
from telefonie.flow.conferring import invitation
from telefonie.flow.content import Document, Form
from telefonie.flow.program import Alarm, Base, Program
from telefonie.flow.read import read
from telefonie.flow.sounding import Coming, Interjection, Sounding
from telefonie.flow.tapes import Sound, Tape

INVITATION: Final = "invitation"  # no customer's document: its text is the id of a room, which is entered


@dataclass(frozen=True, slots=True)
class Source:
    """A document as it came: it is read anew wherever the call goes on. `url` "": it was handed in."""

    form: str
    text: str
    url: str = ""
    method: str = "POST"

    @property
    def program(self) -> Program:
        """What it says; whoever stored it has seen that it can be read."""
        if self.form == INVITATION:
            return invitation(self.text)
        return read(Document(Form(self.form), self.text), self.url)

    @property
    def base(self) -> Base | None:
        """Where relative URLs lead from."""
        return Base(self.url, self.method) if self.url else None


@dataclass(frozen=True, slots=True)
class Asking:
    """A document under way; `lenient`: without it the next verb runs."""

    number: int
    purpose: str
    url: str
    base: str | None
    lenient: bool = False
    verb: str | None = None  # whose outcome it asks about, for the fallback of a strict call
    outcome: Mapping[str, Any] | None = None


NOTHING: Final = Source("json", "[]")


@dataclass(frozen=True, slots=True)
class Frame:
    """One document at work. Frames above it run beside the verb at which it stands."""

    source: Source = NOTHING
    index: int = 0
    ticket: int = 0  # names the verb under way
    memory: Mapping[str, Any] | None = None  # None: the verb at `index` has not begun
    alarms: tuple[Alarm, ...] = ()
    asking: Asking | None = None
    media: tuple[tuple[int, str], ...] = ()  # files under way: number of the request, and the verb's tag
    whisper: bool = False
    failing: bool = False  # the platform's own words on a document that failed: then the call ends
    only: tuple[str, ...] = ()  # the verbs that it may have, if not all
    code: int = 0  # of the warning about others


SentOn: TypeAlias = tuple[str, str, str | None]  # URL, method, or the document itself
CONSENT: Final = "consent"  # the alarm of the question whether the call may be recorded
INTERJECTED: Final = "interjected"  # the alarm of what is said or played into the call


@dataclass(frozen=True, slots=True)
class Asked:
    """The far end is asked whether the call may be recorded; nothing of a document begins before that is settled."""

    until: int
    silent: int  # when the announcement has been said
    sent_on: SentOn | None = None  # where the call was sent meanwhile


@dataclass(frozen=True, slots=True)
class Run:
    """Where a call stands."""

    frames: tuple[Frame, ...] = ()
    turn: int = 0  # names verbs, requests, legs and messages of this call
    documents: int = 0
    streak: int = 0  # documents in a row that took no time
    loaded_at: int = 0
    link_call: str = ""  # who hears the far end
    link_room: str = ""
    detached: bool = False  # it was a leg of another call, or called into a room, and has gone its own way
    asides: tuple[Aside, ...] = ()  # what goes on beside the documents, until the call ends
    tapes: tuple[Tape, ...] = ()  # recordings of the call that go on
    said_until: int = 0  # until when the far end is heard
    heard_until: int = 0  # until when it hears something
    asked: Asked | None = None
    refused: bool = False  # the far end did not want to be recorded
    lost: int = 0  # how far the clock of sound is behind, when nothing is said into the call
    sounding: tuple[Sounding, ...] = ()  # what documents let the far end hear
    interjection: Interjection | None = None  # what is heard instead
    coming: Coming | None = None  # a file that will be
    ears: tuple[int, ...] = ()  # requests that told of events, whose answers may be documents

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """What all verbs under way want to be woken for, when a question is settled, and an interjection over."""
        bells = tuple(
            alarm for frame in self.frames for each in frame.alarms if (alarm := self.alarm(each)) is not None
        )
        if self.asked is not None:
            bells = (Alarm(CONSENT, self.asked.until), *bells)
        it = self.interjection
        return bells if it is None else (Alarm(INTERJECTED, it.until, guard=not it.loops), *bells)

    def alarm(self, it: Alarm) -> Alarm | None:
        """A verb's alarm by the account's clock; None: it rings when the clock of sound goes on, not before."""
        if not it.sounds or (self.interjection is None and not self.lost):
            return it
        return None if self.interjection is not None else replace(it, at=it.at + self.lost)

    def sound_at(self, now: int) -> int:
        """The moment on the clock of sound."""
        return now - self.lost if self.interjection is None else self.interjection.stands


def on_tape(run: Run, sound: Sound, now: int) -> Run:
    """Something is heard on the call."""
    until: Any = {tapes.UNTIL[sound.track]: max(getattr(run, tapes.UNTIL[sound.track]), sound.at + sound.ms)}
    return replace(run, tapes=tuple(tapes.heard(each, sound, now) for each in run.tapes), **until)


def hushed(run: Run, now: int) -> Run:
    """What the far end hears has stopped."""
    cut = tuple(tapes.hushed(each, now) for each in run.tapes)
    return replace(run, heard_until=min(run.heard_until, now), tapes=cut)


# -- as stored: documents stand apart, since they are long and seldom change --

_PLAIN: Final = ("index", "ticket", "whisper", "failing", "only", "code")
_NO_FRAME: Final = Frame()
_NO_RUN: Final = Run()
_RUN: Final = (
    *("turn", "documents", "streak", "loaded_at", "link_call", "link_room", "detached", "refused"),
    *("said_until", "heard_until", "lost"),
)


def packed(run: Run) -> dict[str, Any]:
    """A run as plain values, without its documents."""
    out: dict[str, Any] = {
        name: getattr(run, name) for name in _RUN if getattr(run, name) != getattr(_NO_RUN, name)
    }
    if run.asides:
        out["asides"] = [asdict(each) for each in run.asides]
    if run.asked:
        out["asked"] = [run.asked.until, run.asked.silent, run.asked.sent_on]
    if run.tapes:
        out["tapes"] = [tapes.packed(each) for each in run.tapes]
    out |= sounding.packed(run.sounding, run.interjection, run.coming)
    if run.ears:
        out["ears"] = list(run.ears)
    out["frames"] = [_packed_frame(each) for each in run.frames]
    return out


def _packed_frame(frame: Frame) -> dict[str, Any]:
    out: dict[str, Any] = {
        name: getattr(frame, name) for name in _PLAIN if getattr(frame, name) != getattr(_NO_FRAME, name)
    }
    if frame.memory is not None:
        out["memory"] = dict(frame.memory)
    if frame.alarms:
        out["alarms"] = [
            [each.name, each.at, each.guard, each.sounds] if each.sounds else [each.name, each.at, each.guard]
            for each in frame.alarms
        ]
    if frame.asking is not None:
        asking = frame.asking
        out["asking"] = [asking.number, asking.purpose, asking.url, asking.base, asking.lenient]
        if asking.verb is not None:
            out["asking"] += [asking.verb, asking.outcome]
    if frame.media:
        out["media"] = [list(each) for each in frame.media]
    return out


def sources(run: Run) -> list[list[str]]:
    """The documents of its frames as plain values."""
    return [[each.source.form, each.source.text, each.source.url, each.source.method] for each in run.frames]


def unpacked(found: Mapping[str, Any], documents: list[list[str]]) -> Run:
    """What `packed` and `sources` made."""
    given = dict(found)
    frames = tuple(
        _unpacked_frame(frame, Source(*source))
        for frame, source in zip(given.pop("frames"), documents, strict=True)
    )
    asides = tuple(Aside(**each) for each in given.pop("asides", ()))
    asked = _unpacked_asked(given.pop("asked", None))
    taped = tuple(tapes.unpacked(each) for each in given.pop("tapes", ()))
    given |= sounding.unpacked(given)
    ears = tuple(given.pop("ears", ()))
    return replace(_NO_RUN, frames=frames, asides=asides, tapes=taped, asked=asked, ears=ears, **given)


def _unpacked_asked(found: list[Any] | None) -> Asked | None:
    if found is None:
        return None
    until, silent, sent_on = found
    if sent_on is None:
        return Asked(until, silent)
    url, method, document = sent_on
    return Asked(until, silent, (url, method, document))


def _unpacked_frame(found: Mapping[str, Any], source: Source) -> Frame:
    given = dict(found)
    alarms = tuple(Alarm(*each) for each in given.pop("alarms", ()))
    under_way = given.pop("asking", None)
    asking = None if under_way is None else Asking(*under_way)
    media = tuple((number, tag) for number, tag in given.pop("media", ()))
    only = tuple(given.pop("only", ()))
    return Frame(source, alarms=alarms, asking=asking, media=media, only=only, **given)
