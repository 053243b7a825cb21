"""The only module that keeps the local authority in its folder, one process at a time.

`authority.key` holds what signs, with its private key, `authority.pem` what others trust, and `server.pem` the
server's certificate with its key. Each file is replaced as a whole, so a reader needs no lock.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from telefonie.cli import certificates, folder
from telefonie.cli.certificates import LOCAL, Pair
from telefonie.cli.refusal import Refusal

RENEWED_BEFORE: Final = timedelta(days=30)
PRIVATE: Final = "authority.key"
PUBLIC: Final = "authority.pem"
SERVER: Final = "server.pem"
_REPLACED: Final = (
    "The local certificate authority was replaced, because %s. Whoever trusted the old one has to trust the new "
    "one in %s; `telefonie trust` says how"
)
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """Where things are. `renew_at`: from when on they are no longer good enough."""

    authority: Path
    server: Path
    renew_at: datetime


def keep(place: Path, names: Iterable[str], now: datetime) -> Kept:
    """Have an authority and a certificate of the server that are good for these names for a month and more."""
    try:
        for each in (place.parent, place):
            folder.make(each)
        with folder.alone(place):
            return _keep(place, names, now)
    except OSError as error:
        raise Refusal(
            f"The folder {place} of the local certificate authority cannot be used: {error.strerror}. "
            "Choose another with --tls-folder DIR (TELEFONIE_TLS_FOLDER)."
        ) from None


def _keep(place: Path, names: Iterable[str], now: datetime) -> Kept:
    authority, leaf = _authority(place), _leaf(place)
    # Names that were given once stay: two servers that share the folder do not take them from each other.
    before = certificates.names_of(leaf.certificate) if leaf else ()
    wanted = tuple(dict.fromkeys((*LOCAL, *names, *before)))
    objection = "" if authority is None else _objection(authority, wanted, now)
    made = authority is None or bool(objection)
    if authority is None or objection:
        known = certificates.realm_of(authority.certificate) if authority else certificates.NEAR
        authority = certificates.new_authority(certificates.realm_for(wanted, known), now)
        _write(place / PRIVATE, authority.whole, 0o600)
    public = certificates.text_of(authority.above)
    if made or not _same(place / PUBLIC, public):
        _write(place / PUBLIC, public, 0o644)
    if objection:
        _LOG.warning(_REPLACED, objection, place / PUBLIC)
    if leaf is None or not _good(leaf, authority, wanted, now):
        leaf = certificates.new_leaf(authority, wanted, now)
        _write(place / SERVER, leaf.whole, 0o600)
    return Kept(place / PUBLIC, place / SERVER, leaf.until - RENEWED_BEFORE)


def _authority(place: Path) -> Pair | None:
    file = place / PRIVATE
    try:
        found = certificates.pair_of(file.read_bytes())
        certificates.realm_of(found.certificate)
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise Refusal(
            f"{file} is no authority of ours ({error}). Remove it to have a new one made, "
            "or choose another folder with --tls-folder DIR (TELEFONIE_TLS_FOLDER)."
        ) from None
    return found


def _leaf(place: Path) -> Pair | None:
    try:
        found = certificates.pair_of((place / SERVER).read_bytes())
        certificates.names_of(found.certificate)
    except (FileNotFoundError, ValueError):  # whatever it was, it is easily made again
        return None
    return found


def _objection(authority: Pair, wanted: Iterable[str], now: datetime) -> str:
    """Why an authority will not do; empty if it will."""
    if authority.until - now <= RENEWED_BEFORE:
        return f"it is good until {authority.until:%Y-%m-%d} only"
    realm = certificates.realm_of(authority.certificate)
    strange = [name for name in wanted if not certificates.lies_in(name, realm)]
    return f"it may not vouch for {', '.join(strange)}" if strange else ""


def _good(leaf: Pair, authority: Pair, wanted: Iterable[str], now: datetime) -> bool:
    begun = leaf.certificate.not_valid_before_utc <= now
    lasting = leaf.until - now > RENEWED_BEFORE
    named = set(wanted) <= set(certificates.names_of(leaf.certificate))
    return begun and lasting and named and certificates.issued(leaf, authority)


def _same(file: Path, content: bytes) -> bool:
    try:
        return file.read_bytes() == content
    except FileNotFoundError:
        return False


def _write(file: Path, content: bytes, mode: int) -> None:
    """All of it at once: a reader finds the old file or the new one, also after the power has failed."""
    fresh = file.with_name(f".{file.name}.new")
    fresh.unlink(missing_ok=True)  # of somebody who was killed at it
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)
