"""The only module that shakes hands over TLS in memory: both sides in one place, no socket, no waiting."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from telefonie.cli.certificates import Pair


@dataclass(slots=True)
class Shake:
    """A connection that was made. `shown`: what the server proved itself with."""

    client: ssl.SSLObject
    server: ssl.SSLObject
    shown: x509.Certificate

    def carries(self, text: bytes) -> bytes:
        """What of it arrives on the server's side."""
        self.client.write(text)
        return self.server.read(len(text))


def shake(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> Shake:
    """Connect to the server by a name, or raise what the client has against it."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    one = client.wrap_bio(back, there, server_hostname=name)
    other = server.wrap_bio(there, back, server_side=True)
    waiting = [one, other]
    while waiting:
        waiting = [side for side in waiting if not _done(side)]
    shown = one.getpeercert(binary_form=True)
    assert shown is not None
    return Shake(one, other, x509.load_der_x509_certificate(shown))


def trusting(authority: bytes | None) -> ssl.SSLContext:
    """A client that is as strict as OpenSSL can be, and knows this authority only; None: it believes everybody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if authority is None:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    else:
        context.load_verify_locations(cadata=authority.decode())
        context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


def showing(pair: Pair, folder: Path) -> ssl.SSLContext:
    """A server that proves itself with a pair."""
    file = folder / "shown.pem"
    file.write_bytes(pair.whole)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _done(side: ssl.SSLObject) -> bool:
    try:
        side.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True
