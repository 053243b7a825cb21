"""The only module that packs a notice into a job and unpacks it into a letter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from telefonie.core.effects import Notify
from telefonie.engine.derive import report_id
from telefonie.engine.letters import Letter
from telefonie.engine.ports import Face
from telefonie.store.claims import Held
from telefonie.store.codec import dump, load
from telefonie.store.lanes import Outgoing


@dataclass(frozen=True, slots=True)
class Packed:
    """What a job holds of a letter."""

    event: str
    event_id: str
    method: str
    url: str
    body: str
    sequence: int | None
    created_at: int
    replay_of: str | None = None


_ABOUT: Final = tuple(name for name in Packed.__slots__ if name != "body")


def pack(packed: Packed) -> str:
    """The text of the job: a line about the letter, beginning with its event, by which deliveries are
    searched; then the letter's body as it is, since to spell it anew inside JSON costs twice as much."""
    return dump({name: getattr(packed, name) for name in _ABOUT}) + "\n" + packed.body


def unpack(text: str) -> Packed:
    """What was packed."""
    about, _, body = text.partition("\n")
    return Packed(body=body, **load(about))


def outgoing(notice: Notify, face: Face) -> Outgoing:
    """A notice, worded by the call's face, as a letter in the call's lane."""
    call = notice.call
    event_id = report_id(call.id, notice.sequence)
    draft = face.report(notice, event_id)
    packed = Packed(
        draft.event, event_id, draft.method, draft.url, draft.body, notice.sequence, notice.event.at
    )
    return Outgoing(
        id=event_id,
        previous=report_id(call.id, notice.sequence - 1) if notice.sequence else None,
        account_id=call.account_id,
        call_id=call.id,
        gate=gate(call.account_id, draft.url),
        body=pack(packed),
        due_at=notice.event.at,
    )


def letter(held: Held, packed: Packed, secrets: tuple[str, ...]) -> Letter:
    """A letter, ready for the postman."""
    return Letter(packed.event_id, held.account_id, packed.method, packed.url, packed.body, secrets)


@lru_cache(maxsize=4096)
def gate(account_id: str, url: str) -> str:
    """Whose server a letter goes to: one customer's slow server must not keep others waiting."""
    parts = urlsplit(url)
    return f"{account_id} {parts.scheme}://{parts.netloc.rpartition('@')[2]}"
