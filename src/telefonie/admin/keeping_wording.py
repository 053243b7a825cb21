"""The only module that words holds, erasures and the compliance archive."""

from __future__ import annotations

from telefonie.core.chain import Link
from telefonie.store.erasures import Receipt
from telefonie.store.keeping import Keeping
from telefonie.web.fields import iso

Json = dict[str, object]


def kept(it: Keeping) -> Json:
    """How long a recording is kept."""
    worded: Json = {"id": it.id, "call_id": it.call_id, "status": it.status, "began_at": iso(it.began)}
    moments = {"ended_at": it.ended, "retain_until": it.until}
    worded |= {name: iso(moment) for name, moment in moments.items() if moment is not None}
    return worded | {"legal_hold": it.held}


def erasure(it: Receipt) -> Json:
    """A receipt."""
    return {
        "id": it.id,
        "erased_at": iso(it.wall),
        "counts": it.counts,
        "retained": [{"recording_id": each, "reason": why} for each, why in it.retained],
        "digest": it.digest,
    }


def archived(it: Link) -> Json:
    """An entry of the archive."""
    return {
        "sequence": it.sequence,
        "recording_id": it.recording_id,
        "archived_at": iso(it.archived_at),
        "files": {name: {"sha256": each.sha256, "size": each.size} for name, each in it.files.items()},
        "previous": it.previous,
        "hash": it.digest,
    }
