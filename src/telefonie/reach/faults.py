"""The only module that words, for people, why nobody could be connected to."""

import os
import socket
import ssl
from dataclasses import dataclass

import aiohttp

from telefonie.engine.letters import Fault
from telefonie.reach.dial import ForbiddenTarget


@dataclass(frozen=True, slots=True)
class Complaint:
    """A fault and what to do about it."""

    fault: Fault
    message: str


def not_connected(error: aiohttp.ClientConnectorError, host: str) -> Complaint:
    """What this failure means."""
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


def first_line(text: str) -> str:
    """Of what a library says, as much as people want to read."""
    return text.partition("\n")[0][:200].rstrip(" :")


def _cause(error: aiohttp.ClientConnectorError) -> Exception:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return error.certificate_error
    return error.os_error


def _tell(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return error.strerror or "unknown name"
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    return first_line(str(error))
