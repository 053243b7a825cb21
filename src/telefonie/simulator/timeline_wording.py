"""The only module that words what happened to a call: each kind of fact as an entry of its timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from telefonie.core.call import Call, Status
from telefonie.core.events import Event, Kind
from telefonie.simulator import words
from telefonie.web.fields import iso

Json = dict[str, object]
Data = Mapping[str, object]


def timeline(it: Call, events: list[Event]) -> Json:
    """Everything that happened to a call, in order."""
    entries = [entry(each, it.created_at) for each in events]
    return {"call_id": it.id, "created_at": iso(it.created_at), "entries": entries, "total": len(entries)}


def entry(event: Event, start: int) -> Json:
    """One thing that happened. Its own names come first: no fact can take the place of when and who."""
    told: Json = {
        "at": iso(event.at),
        "offset_ms": event.at - start,
        "actor": event.actor.value,
        "type": words.ENTRY[event.kind].value,
    }
    for name, value in FIELDS[event.kind](event.data).items():
        if value is not None:
            told.setdefault(name, value)
    return told


def _status(status: Status) -> Callable[[Data], Json]:
    return lambda _: {"status": words.STATUS[status].value}


def _ended(data: Data) -> Json:
    return {**data, "status": words.STATUS[Status(str(data["status"]))].value}


def _said(data: Data) -> Json:
    """Without its sentences with their moments: these the transcript tells."""
    return {name: value for name, value in data.items() if name != "pieces"}


def _played(data: Data) -> Json:
    """Without the place where we keep the file: it is nobody's business."""
    return {name: value for name, value in data.items() if name not in ("sound", "skip", "rate")}


def _lasting(data: Data) -> Json:
    """What begins and ends says so under one name, whichever instruction tells it."""
    return {("state" if name == "action" else name): value for name, value in data.items()}


# The fields of each kind of entry; the facts carry them under the names that are shown.
FIELDS: Final[Mapping[Kind, Callable[[Data], Json]]] = {
    Kind.PLACED: _status(Status.QUEUED),
    Kind.RANG: _status(Status.RINGING),
    Kind.ANSWERED: _status(Status.TALKING),
    Kind.ENDED: _ended,
    Kind.CLOSED: _ended,
    Kind.DETECTED: dict,
    Kind.BEEPED: dict,
    Kind.CONSENTED: dict,
    Kind.KEYS_SENT: dict,
    Kind.REDIRECTED: dict,
    Kind.FIELDS_IGNORED: dict,
    Kind.STEPPED: dict,
    Kind.FETCHED: dict,
    Kind.WARNED: dict,
    Kind.UNUSABLE: dict,
    Kind.SAID: _said,
    Kind.OVERHEARD: dict,
    Kind.HUSHED: dict,
    Kind.HEARD: dict,
    Kind.MISSED: dict,
    Kind.PLAYED: _played,
    Kind.PRESSED: dict,
    Kind.GATHERED: dict,
    Kind.RECORDED: dict,
    Kind.DIALED: dict,
    Kind.CONNECTED: dict,
    Kind.PARTED: dict,
    Kind.JOINED: dict,
    Kind.LEFT: dict,
    Kind.MUTED: dict,
    Kind.UNMUTED: dict,
    Kind.DEAFENED: dict,
    Kind.UNDEAFENED: dict,
    Kind.HELD: dict,
    Kind.UNHELD: dict,
    Kind.DISCONNECTED: dict,
    Kind.STREAMED: _lasting,
    Kind.DID: dict,
}
