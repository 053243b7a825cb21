"""The only module that sets up TLS: which certificate a server shows, and that it is never an old one."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from telefonie.cli.refusal import Refusal
from telefonie.settings import Settings

if TYPE_CHECKING:
    from telefonie.cli.authority import Kept

HANDSHAKE_SECONDS: Final = 10.0  # a line that says nothing is not waited for any longer
# For what was written last to arrive and for the other side to say goodbye, too; less than the grace of a stop.
GOODBYE_SECONDS: Final = 8.0
PAUSE_SECONDS: Final = 60.0
_LOG: Final = logging.getLogger(__name__)
_Found = TypeVar("_Found")

Files: TypeAlias = tuple[Path, Path | None]
Stamp: TypeAlias = tuple[tuple[int, int, int], ...]
Wall: TypeAlias = Callable[[], datetime]
Keep: TypeAlias = "Callable[[datetime], Kept]"


def wall() -> datetime:
    """Certificates are for the world, so they go by its clock."""
    return datetime.fromtimestamp(time(), UTC)


class Papers:
    """What the https port shows. What is brought up to date is seen by connections to come."""

    def __init__(self, files: Files, keep: Keep | None = None, kept: Kept | None = None) -> None:
        self._files = files
        self._keep = keep
        self._kept = kept
        self._stamp: Stamp = ()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.set_alpn_protocols(["http/1.1"])
        self.load()

    @property
    def authority(self) -> Path | None:
        """What has to be trusted; None: the certificate is not of our making."""
        return self._kept.authority if self._kept else None

    def renew(self, now: datetime) -> None:
        """Have a new certificate made if this one ends within a month, or was taken away."""
        if self._keep and self._kept and (now >= self._kept.renew_at or not self._kept.server.exists()):
            self._kept = self._keep(now)

    def load(self) -> bool:
        """Take what is in the files; whether it was anything new."""
        stamp = _stamp(self._files)
        if stamp == self._stamp:
            return False
        _load(self.context, *self._files)
        self._stamp = stamp
        return True


def papers(settings: Settings, now: datetime) -> Papers | None:
    """Those of a server, made if there are none; None if nothing is to be encrypted."""
    if not settings.encrypted:
        return None
    if settings.tls_certificate:
        return Papers((settings.tls_certificate, settings.tls_key))
    # What makes certificates takes a while to load, and most servers make none.
    from telefonie.cli import authority  # noqa: PLC0415

    keep = partial(authority.keep, settings.tls_place, settings.certified_names)
    kept = keep(now)
    return Papers((kept.server, None), keep, kept)


async def keep_fresh(
    shown: Papers, ended: asyncio.Event, clock: Wall = wall, pause: float = PAUSE_SECONDS
) -> None:
    """Renew and reload until the end. What fails is said once, and tried again."""
    said = ""
    while not ended.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), pause)
        try:
            await asyncio.to_thread(shown.renew, clock())
            if shown.load():
                _LOG.info("A new certificate is shown from now on")
            said = ""
        except Refusal as refusal:
            if said != str(refusal):
                said = str(refusal)
                _LOG.error("The certificate cannot be renewed; the old one is shown further. %s", said)


def _stamp(files: Files) -> Stamp:
    found = [_looked_at(file, file.stat) for file in files if file]
    return tuple((each.st_mtime_ns, each.st_ino, each.st_size) for each in found)


def _load(context: ssl.SSLContext, certificate: Path, key: Path | None) -> None:
    """Into another one first: a context that was given half a pair serves nobody any more."""
    try:
        for each in (ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), context):
            # Nobody sits there to be asked for a passphrase.
            each.load_cert_chain(certificate, key, password=lambda: "")
    except ssl.SSLError as error:
        raise Refusal(_why(error, certificate, key)) from None
    except OSError as error:
        raise _unreadable(certificate, error) from None


def _why(error: ssl.SSLError, certificate: Path, key: Path | None) -> str:
    held = _looked_at(certificate, certificate.read_bytes)
    keys = _looked_at(key, key.read_bytes) if key else held
    if b"BEGIN CERTIFICATE" not in held:
        return f"{certificate} holds no certificate in PEM form (--tls-certificate)."
    if b"PRIVATE KEY" not in keys:
        return f"{key or certificate} holds no private key in PEM form (--tls-key)."
    if b"ENCRYPTED" in keys:
        return f"The private key in {key or certificate} has a passphrase, and nobody can be asked for it (--tls-key)."
    if error.reason == "KEY_VALUES_MISMATCH":
        return f"The private key in {key or certificate} is not that of the certificate in {certificate} (--tls-key)."
    return f"{certificate} cannot be used: {error} (--tls-certificate, --tls-key)."


def _looked_at(file: Path, look: Callable[[], _Found]) -> _Found:
    try:
        return look()
    except OSError as error:
        raise _unreadable(file, error) from None


def _unreadable(file: Path, error: OSError) -> Refusal:
    return Refusal(f"{file} cannot be read: {error.strerror} (--tls-certificate, --tls-key).")
