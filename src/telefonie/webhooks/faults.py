"""The only module that words, for people, why an attempt brought no answer."""

import asyncio
from dataclasses import dataclass

import aiohttp

from telefonie.engine.letters import Fault
from telefonie.reach.faults import Complaint, first_line, not_connected


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
        return not_connected(error, host)
    if isinstance(error, aiohttp.InvalidURL):
        return Complaint(Fault.BAD_URL, f"{host} cannot be used as a host")
    if isinstance(error, aiohttp.ClientPayloadError):
        return Complaint(
            Fault.PROTOCOL, f"the answer of {host} broke off or was garbled: {first_line(str(error))}"
        )
    if isinstance(error, aiohttp.ClientResponseError):
        return Complaint(Fault.PROTOCOL, f"{host} answered in broken HTTP: {first_line(error.message)}")
    return Complaint(Fault.CONNECT, f"{host} closed the connection before its answer was complete")


def _too_slow(error: Exception, host: str, patience: Patience) -> Complaint:
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return Complaint(Fault.TIMEOUT, f"no connection to {host} within {patience.connect:g} s")
    return Complaint(Fault.TIMEOUT, f"no complete answer from {host} within {patience.total:g} s")
