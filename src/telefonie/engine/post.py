"""The only module that packs a notice into a job and unpacks it into a letter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin, urlsplit

from telefonie.core import messages as core
from telefonie.core.derive import derived, fetch_id, report_id
from telefonie.core.effects import Lane, Notify, NotifyRecording, NotifyRoom
from telefonie.core.meetings import place_of
from telefonie.core.messages import Enter
from telefonie.core.recordings import Recording
from telefonie.engine.letters import Letter, Want
from telefonie.engine.ports import Carriage, Draft, Face, Manner
from telefonie.engine.questions import WANTS, Question
from telefonie.flow.effects import Ask, Post, Purpose
from telefonie.store.claims import Held
from telefonie.store.codec import dump, load
from telefonie.store.lanes import Outgoing
from telefonie.store.messages import Message


@dataclass(frozen=True, slots=True)
class Packed:
    """What a job holds of a letter."""

    event: str
    event_id: str
    method: str
    url: str
    body: str
    sequence: int | None  # its place in the lane
    created_at: int
    replay_of: str | None = None
    number: int | None = None  # of the call's request; None for a notice
    purpose: str = ""
    of_room: bool = False  # its lane is that of a room, not of a call
    manner: Manner | None = None  # how it is carried, where not like everybody's

    @property
    def question(self) -> Question | None:
        """What is asked with it, if the call waits for what comes; sent again by hand, nobody waits."""
        if self.number is None or self.replay_of is not None:
            return None
        return Question(self.number, Purpose(self.purpose), self.url, self.method)


_ABOUT: Final = tuple(name for name in Packed.__slots__ if name != "body")
_SELDOM: Final = {"replay_of": None, "number": None, "purpose": "", "of_room": False, "manner": None}


def pack(packed: Packed) -> str:
    """The text of the job: a line about the letter, beginning with its event, by which deliveries are
    searched; then the letter's body as it is, since to spell it anew inside JSON costs twice as much."""
    about = {name: getattr(packed, name) for name in _ABOUT}
    seldom = {name for name, usual in _SELDOM.items() if about[name] == usual}
    return dump({name: about[name] for name in _ABOUT if name not in seldom}) + "\n" + packed.body


def unpack(text: str) -> Packed:
    """What was packed."""
    about, _, body = text.partition("\n")
    found = load(about)
    if "manner" in found:
        found["manner"] = Manner(*found["manner"])
    return Packed(body=body, **found)


def outgoing(notice: Notify, face: Face) -> Outgoing | None:
    """A notice, worded by the call's face, as a letter in the call's lane; None: the face has no word for it."""
    call = notice.call
    lane = Lane(call.account_id, call.face, call.id, notice.place)
    return in_lane(lane, face.report(notice, report_id(call.id, notice.place)), notice.event.at)


def about_recording(notice: NotifyRecording, face: Face) -> Outgoing | None:
    """How a recording gets on, in the lane of the call or room that it was made of."""
    event_id = report_id(notice.lane.subject, notice.lane.place)
    there = replace(notice, recording=absolute(notice.recording, notice.base))
    of_room = notice.recording.room_id is not None
    return in_lane(notice.lane, face.report_recording(there, event_id), notice.at, of_room=of_room)


def absolute(recording: Recording, base: str | None) -> Recording:
    """The same recording with a URL that leads somewhere from anywhere."""
    if base is None or recording.url is None:
        return recording
    return replace(recording, url=resolved(base, recording.url))


def about_room(notice: NotifyRoom, face: Face) -> Outgoing | None:
    """What happened in a room, in the room's lane."""
    event_id = report_id(notice.lane.subject, notice.lane.place)
    return in_lane(notice.lane, face.report_room(notice, event_id), notice.fact.at, of_room=True)


def in_lane(lane: Lane, draft: Draft | None, at: int, *, of_room: bool = False) -> Outgoing | None:
    """A letter at its place in a lane. Where a place stays empty, the next letter waits for none before it."""
    if draft is None:
        return None
    event_id = report_id(lane.subject, lane.place)
    packed = Packed(
        draft.event,
        event_id,
        draft.method,
        draft.url,
        draft.body,
        lane.place,
        at,
        of_room=of_room,
        manner=draft.manner,
    )
    return Outgoing(
        id=event_id,
        previous=report_id(lane.subject, lane.place - 1) if lane.place else None,
        account_id=lane.account_id,
        call_id=lane.subject,
        gate=gate(lane.account_id, draft.url),
        body=pack(packed),
        due_at=at,
    )


def question(ask: Ask, face: Face) -> Outgoing:
    """A request of a call: in no lane, since a dead callback must not keep the call waiting."""
    call = ask.call
    url = resolved(ask.base, ask.url)
    event_id = fetch_id(call.id, ask.number)
    if ask.purpose is Purpose.SOUND:
        draft = Draft("call.media", ask.method, url, "")
    else:
        draft = face.ask(replace(ask, url=url), event_id)
    packed = Packed(
        draft.event,
        event_id,
        draft.method,
        draft.url,
        draft.body,
        None,
        ask.at,
        number=ask.number,
        purpose=ask.purpose.value,
        manner=draft.manner,
    )
    return Outgoing(
        id=event_id,
        previous=None,
        account_id=call.account_id,
        call_id=call.id,
        gate=f"{gate(call.account_id, draft.url)} asked",
        body=pack(packed),
        due_at=ask.at,
    )


def resolved(base: str | None, url: str) -> str:
    """Where a URL leads from there; what cannot be a URL stays as it is, and the postman says so."""
    try:
        return urljoin(base, url) if base else url
    except ValueError:
        return url


def complete(content: core.Message) -> core.Message:
    """The same message with URLs that lead somewhere from anywhere."""
    if not isinstance(content, Enter) or content.base is None:
        return content
    urls = {name: resolved(content.base, url) for name in _URLS if (url := content.terms.get(name))}
    return replace(content, terms={**content.terms, **urls}, base=None)


_URLS: Final = ("report_url", "recording_url")


def message(sent: Post) -> Message:
    """What a call tells another, or a room or queue of its account."""
    call, content = sent.call, complete(sent.message)
    to_meeting = sent.to is None
    subject = sent.to or place_of(call.account_id, content).subject
    return Message(
        derived(call.id, f"message:{sent.number}"), call.account_id, subject, to_meeting, sent.at, content
    )


def letter(held: Held, packed: Packed, secrets: tuple[str, ...], carriage: Carriage | None = None) -> Letter:
    """A letter, ready for the postman."""
    want = WANTS[Purpose(packed.purpose)] if packed.purpose else Want.NOTHING
    unsigned = want is Want.SOUND or carriage is not None
    signing = () if unsigned else secrets
    plain = Letter(
        packed.event_id, held.account_id, packed.method, packed.url, packed.body, signing, want=want
    )
    if carriage is None:
        return plain
    return replace(plain, headers=carriage.headers, connect_s=carriage.connect_s, total_s=carriage.total_s)


@lru_cache(maxsize=4096)
def gate(account_id: str, url: str) -> str:
    """Whose server a letter goes to: one customer's slow server must not keep others waiting."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return f"{account_id} nowhere"
    return f"{account_id} {parts.scheme}://{parts.netloc.rpartition('@')[2]}"
