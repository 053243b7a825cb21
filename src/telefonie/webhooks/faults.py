"""The only module that words, for people, why an attempt brought no answer."""

import asyncio
import os
import socket
import ssl
from dataclasses import dataclass

import aiohttp

from telefonie.engine.letters import Fault
from telefonie.webhooks.dial import ForbiddenTarget


@dataclass(frozen=True, slots=True)
class Complaint:
    """A fault and what to do about it."""

    fault: Fault
    message: str


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds are waited."""

    connect: float
    total: float


def complaint(error: Exception, host: str, patience: Patience) -> Complaint:
    """What this failure means; only errors of asyncio, aiohttp and sockets are known here."""
    if isinstance(error, asyncio.TimeoutError):
        return _too_slow(error, host, patience)
    if isinstance(error, aiohttp.ClientConnectorError):
        return _not_connected(error, host)
    if isinstance(error, aiohttp.InvalidURL):
        return Complaint(Fault.BAD_URL, f"{host} cannot be used as a host")
    if isinstance(error, aiohttp.ClientPayloadError):
        return Complaint(Fault.PROTOCOL, f"the answer of {host} broke off or was garbled: {_tell(error)}")
    if isinstance(error, aiohttp.ClientResponseError):
        return Complaint(Fault.PROTOCOL, f"{host} answered in broken HTTP: {_first_line(error.message)}")
    return Complaint(Fault.CONNECT, f"{host} closed the connection before its answer was complete")


def _too_slow(error: Exception, host: str, patience: Patience) -> Complaint:
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return Complaint(Fault.TIMEOUT, f"no connection to {host} within {patience.connect:g} s")
    return Complaint(Fault.TIMEOUT, f"no complete answer from {host} within {patience.total:g} s")


def _not_connected(error: aiohttp.ClientConnectorError, host: str) -> Complaint:
    cause = _cause(error)
    if isinstance(cause, ForbiddenTarget):
        return Complaint(Fault.FORBIDDEN_TARGET, cause.objection)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Complaint(Fault.DNS, f"the name {host} could not be resolved: {_tell(cause)}")
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Complaint(Fault.TLS, f"the certificate of {host} is not trusted: {cause.verify_message}")
    if isinstance(cause, ssl.SSLError | ssl.CertificateError):
        return Complaint(Fault.TLS, f"no TLS connection to {host}: {cause.reason or _tell(cause)}")
    return Complaint(Fault.CONNECT, f"no connection to {host}: {_tell(cause)}")


def _cause(error: aiohttp.ClientConnectorError) -> Exception:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return error.certificate_error
    return error.os_error


def _tell(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return error.strerror or "unknown name"
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    return _first_line(str(error))


def _first_line(text: str) -> str:
    return text.partition("\n")[0][:200].rstrip(" :")
