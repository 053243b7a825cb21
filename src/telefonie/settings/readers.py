"""The only module that turns the text of a setting into its value, or says what is wrong with it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from telefonie.core.clocks import Mode

_BUCKET: Final = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[A-Za-z0-9][A-Za-z0-9_.-]*)*/?")
_REGION: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME: Final = re.compile(rf"(?=.{{1,253}}$)(?:\*\.(?={_LABEL}\.))?{_LABEL}(?:\.{_LABEL})*")
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


def flag(text: str) -> bool:
    """Yes or no, in the spellings that people use."""
    match text.strip().lower():
        case "1" | "yes" | "true" | "on":
            return True
        case "0" | "no" | "false" | "off" | "":
            return False
        case _:
            raise ValueError("is neither yes nor no")


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number within limits."""

    def read(text: str) -> int:
        digits = text.strip()
        if not (digits.isascii() and digits.isdigit()) or not low <= int(digits[:9]) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(digits)

    return read


def choice(*choices: str) -> Callable[[str], str]:
    """One of a few words."""

    def read(text: str) -> str:
        word = text.strip().lower()
        if word not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return word

    return read


def words(text: str) -> tuple[str, ...]:
    """A list, by commas or spaces."""
    return tuple(text.replace(",", " ").split())


def host(text: str) -> str:
    """What to listen on."""
    host = text.strip().removeprefix("[").removesuffix("]")
    if not host or any(letter in host for letter in "/ @"):
        raise ValueError("must be a host name or an address, such as 127.0.0.1 or 0.0.0.0")
    return host


def folder(text: str) -> Path:
    """A folder; it need not exist yet."""
    if not text.strip():
        raise ValueError("must name a folder")
    return Path(text).expanduser()


def file(text: str) -> Path:
    """A file; whether it is there is found out when it is read."""
    if not text.strip():
        raise ValueError("must name a file")
    return Path(text).expanduser()


def certified(name: str) -> str:
    """A name or an address in the one spelling that a certificate has of it."""
    plain = name.lower().removeprefix("[").removesuffix("]").rstrip(".")
    try:
        return str(ipaddress.ip_address(plain))
    except ValueError:
        pass
    if not _NAME.fullmatch(plain) or plain.rpartition(".")[2].isdigit():
        raise ValueError(f"{name!r} is no name or address such as voice.test, *.voice.test or 192.168.1.5")
    return plain


def names(text: str) -> tuple[str, ...]:
    """A list of what can stand in a certificate."""
    try:
        return tuple(map(certified, words(text)))
    except ValueError as error:
        raise ValueError(f"cannot be read: {error}") from None


def networks(text: str) -> tuple[Network, ...]:
    """A list of CIDRs."""
    networks = []
    for word in words(text):
        try:
            networks.append(ipaddress.ip_network(word, strict=False))
        except ValueError:
            raise ValueError(
                f"must be a list of networks such as 10.0.0.0/8,fd00::/8; {word!r} is none"
            ) from None
    return tuple(networks)


def database(text: str) -> str:
    """One spelling for the three that people have in their environments."""
    scheme, separator, rest = text.strip().partition("://")
    if not separator or scheme not in {"postgres", "postgresql", "postgresql+asyncpg"}:
        raise ValueError(
            "must look like postgresql://user:password@host:5432/name (SQLite: name a folder with --data)"
        )
    try:
        parts = urlsplit(f"postgresql://{rest}")
        named = parts.port != 0 and parts.path.strip("/")
    except ValueError:
        raise ValueError(
            "cannot be read; signs such as : / ? # @ [ ] in a password must be percent-encoded"
        ) from None
    if not named:
        raise ValueError("names no database after the host: postgresql://user:password@host:5432/name")
    return f"postgresql+asyncpg://{rest}"


def origins(text: str) -> tuple[str, ...]:
    """A list of web origins."""
    for origin in words(text):
        parts = urlsplit(origin)
        if origin != "*" and (
            parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query
        ):
            raise ValueError(
                f"must be a list of origins such as https://app.example.com, or *; {origin!r} is none"
            )
    return words(text)


def public_url(text: str) -> str:
    """An absolute http(s) address."""
    url = text.strip().rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be the address that others use, such as https://voice.example.com")
    return url


def media(text: str) -> str:
    """A folder, or a bucket with or without a prefix in it."""
    place = text.strip()
    if not place:
        raise ValueError("must name a folder, or a bucket such as s3://recordings/telefonie")
    if "://" not in place:
        return str(folder(place))
    if not _BUCKET.fullmatch(place):
        raise ValueError("must name a folder, or a bucket such as s3://recordings/telefonie")
    return place.rstrip("/")


def region(text: str) -> str:
    """A short name that can be a part of a path."""
    name = text.strip()
    if not _REGION.fullmatch(name):
        raise ValueError("must be 1 to 32 small letters, digits and hyphens, such as eu or eu-west-1")
    return name


def mode(text: str) -> Mode:
    """A clock mode."""
    return Mode(choice(*Mode)(text))


def key(text: str) -> str:
    """Something that can stand in a header and that nobody guesses."""
    if not (8 <= len(text) <= 256 and text.isascii() and text.isprintable()) or " " in text:
        raise ValueError(
            "must be 8 to 256 ASCII characters without spaces; `openssl rand -hex 32` makes a good one"
        )
    return text
