"""The only module that takes a port, and says in people's words why it cannot."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from telefonie.cli.refusal import Refusal
from telefonie.settings import Settings

BACKLOG = 2048


@dataclass(frozen=True, slots=True)
class Door:
    """A port that is ours, and the address by which people call it."""

    listening: socket.socket
    url: str
    encrypted: bool = False


def take(host: str, port: int, option: str = "--port") -> socket.socket:
    """A socket that listens: nobody else can take the port now, and no early caller is turned away."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise Refusal(
            f"There is no host {host!r} to listen on: {error.strerror} (--host, TELEFONIE_HOST)."
        ) from None
    taken = socket.socket(family, kind, protocol)
    try:
        if sys.platform == "win32":
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # or a restart would wait a minute
        taken.bind(address)
        taken.listen(BACKLOG)
    except OSError as error:
        taken.close()
        raise Refusal(_why(error, host, port, option)) from None
    return taken


@contextmanager
def doors(settings: Settings) -> Iterator[tuple[Door, ...]]:
    """The ports of a server: one of either kind, or one of each, http first."""
    with ExitStack() as stack:

        def door(port: int, scheme: str, option: str) -> Door:
            listening = stack.enter_context(take(settings.host, port, option))
            return Door(listening, url_of(settings.host, listening, scheme), scheme == "https")

        first = door(settings.port, settings.scheme, "--port")
        if settings.tls_port is None:
            yield (first,)
        else:
            yield (first, door(settings.tls_port, "https", "--tls-port"))


def url_of(host: str, listening: socket.socket, scheme: str = "http") -> str:
    """Where a socket can be reached, by the name that was asked for."""
    port: int = listening.getsockname()[1]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _why(error: OSError, host: str, port: int, option: str) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Port {port} on {host} is taken. Choose another with {option} ({option} 0 picks a free one)."
            )
        case errno.EACCES | errno.EPERM:
            return f"This user may not listen on port {port}. Choose another with {option}, above 1023."
        case errno.EADDRNOTAVAIL:
            return f"{host} is no address of this machine. Choose another with --host."
        case _:
            return f"Cannot listen on {host}, port {port}: {error.strerror} (--host, {option})."
