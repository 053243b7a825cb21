"""The only module that takes a port, and says in people's words why it cannot."""

from __future__ import annotations

import errno
import socket
import sys

from telefonie.cli.refusal import Refusal

BACKLOG = 2048


def take(host: str, port: int) -> socket.socket:
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
        raise Refusal(_why(error, host, port)) from None
    return taken


def url_of(host: str, listening: socket.socket) -> str:
    """Where a socket can be reached, by the name that was asked for."""
    port: int = listening.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _why(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} on {host} is taken. Choose another with --port (--port 0 picks a free one)."
        case errno.EACCES | errno.EPERM:
            return f"This user may not listen on port {port}. Choose another with --port, above 1023."
        case errno.EADDRNOTAVAIL:
            return f"{host} is no address of this machine. Choose another with --host."
        case _:
            return f"Cannot listen on {host}, port {port}: {error.strerror} (--host, --port)."
