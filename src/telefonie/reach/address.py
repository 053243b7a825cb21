"""The only module that reads a customer's URL."""

import base64
import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from yarl import URL

_LONGEST: Final = 8192
_UNPRINTABLE: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff]")
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
# What old resolvers read as an IPv4 address although it is not written as one: 2130706433, 0x7f.1, 0177.0.0.1
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")


class BadUrl(ValueError):
    """This URL cannot be asked; the text is for people and never repeats a password."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a letter goes, or a connection."""

    url: URL  # without user and password
    host: str  # as in the Host header
    authorization: str  # from user and password in the URL; "" without


@lru_cache(maxsize=2048)
def read_url(text: str, schemes: tuple[str, ...] = ("http", "https")) -> Target:
    """The target that this URL names; raises BadUrl."""
    if len(text) > _LONGEST:
        raise BadUrl(f"the URL has {len(text)} characters; {_LONGEST} is the most")
    if _UNPRINTABLE.search(text):
        raise BadUrl("the URL holds a blank or a control character; percent-encode it")
    try:
        url = URL(text)
        # Read here because the parts are decoded when asked for.
        user, password, port, host = url.user, url.password, url.port, url.raw_host
    except ValueError:
        raise BadUrl("the URL cannot be read; write it like https://example.com/path") from None
    if url.scheme not in schemes:
        raise BadUrl(f"the URL must begin with {' or '.join(f'{each}://' for each in schemes)}")
    if not host:
        raise BadUrl("the URL names no host; write it like https://example.com/path")
    _check_host(host)
    if not port:
        raise BadUrl("port 0 cannot be connected to")
    bare = url.with_user(None).with_fragment(None)
    return Target(bare, bare.host_port_subcomponent or host, _basic(user, password))


def masked_url(text: str) -> str:
    """The URL as it may be shown and logged: without the user and password in it."""
    start, slashes, rest = text.partition("//")
    end = re.search(r"[/?#\\]", rest)
    authority = rest[: end.start()] if end else rest
    user, at, _ = authority.rpartition("@")
    return f"{start}{slashes}***{rest[len(user) :]}" if at else text


def _check_host(host: str) -> None:
    if ":" in host:
        try:
            ipaddress.IPv6Address(host)
        except ValueError:
            raise BadUrl("the host of the URL is not a correct IPv6 address") from None
        return
    labels = host.removesuffix(".").split(".")
    if len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise BadUrl("the host of the URL is neither a name nor an IP address")
    if _NUMBER.fullmatch(labels[-1]) and not _is_dotted_quad(host):
        raise BadUrl("the host of the URL is a number; write an IPv4 address as four decimal numbers")


def _is_dotted_quad(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def _basic(user: str | None, password: str | None) -> str:
    if user is None and password is None:
        return ""
    return "Basic " + base64.b64encode(f"{user or ''}:{password or ''}".encode()).decode("ascii")
