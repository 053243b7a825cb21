"""The only module that says what a SIP trunk is: whose calls to and from a domain go through it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

_ADDRESS: Final = re.compile(r"sips?:(?:([^@]*)@)?(\[[^\]]*\]|[^:;?]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Trunk:
    """One trunk of an account. `created_at` is wall time in milliseconds."""

    id: str
    account_id: str
    domain: str  # in small letters; no other trunk of the server has it
    friendly_name: str = ""
    username: str = ""
    secret: str = ""  # all that is kept of the password, see `secret`
    allowed: tuple[str, ...] = ()  # networks from which calls may come; none: from anywhere
    active: bool = True
    created_at: int = 0

    def admits(self, address: str) -> bool:
        """Whether calls may come from this address."""
        there = ipaddress.ip_address(address)
        return not self.allowed or any(there in ipaddress.ip_network(each) for each in self.allowed)


def secret(domain: str, username: str, password: str) -> str:
    """What a SIP server needs of a password: H(A1) of RFC 8760 with SHA-256, the domain being the realm."""
    return sha256(f"{username}:{domain}:{password}".encode()).hexdigest()


def network(text: str) -> str | None:
    """The one spelling of an address or a block of addresses, or None if it is neither."""
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return None


def is_sip(address: str) -> bool:
    """Whether that is a SIP address."""
    return address[:4].lower() == "sip:" or address[:5].lower() == "sips:"


def domain_of(address: str) -> str:
    """The domain of a SIP address, in small letters; of anything else there is none."""
    found = _ADDRESS.match(address) if is_sip(address) else None
    return found[2].lower() if found else ""


def number_in(address: str) -> str:
    """The number that is called: of a SIP address the user, if it could be one; else what is there as it is."""
    found = _ADDRESS.match(address) if is_sip(address) else None
    user = (found[1] or "").partition(";")[0] if found else ""
    digits = user.removeprefix("+")
    return f"+{digits}" if digits.isascii() and digits.isdigit() else address
