"""The only module that decides which header values may be kept and shown."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, TypeAlias

from telefonie.reach.address import masked_url

Headers: TypeAlias = tuple[tuple[str, str], ...]

_SECRET_NAMES: Final = re.compile(
    r"authorization|cookie|token|secret|passw|api-?key|credential|session", re.IGNORECASE
)
_URL_NAMES: Final = frozenset({"location", "content-location", "referer", "link", "refresh"})
_TOKEN: Final = re.compile(r"[\w.!#$%&'*+^`|~-]{1,256}", re.ASCII)
_MASKED: Final = "masked"
_URL: Final = "url"
_ODD: Final = "odd"
_MOST_HEADERS: Final = 64
_MOST_CHARACTERS: Final = 1024
_SCHEMES: Final = ("basic ", "bearer ", "digest ", "negotiate ")


def shown(headers: Iterable[tuple[str, str]]) -> Headers:
    """The headers as they may be kept: secrets masked, bounded in number and size, plain text."""
    kept: list[tuple[str, str]] = []
    for header in headers:
        name, value = header
        # Nearly every header is harmless; this line is run some hundred thousand times a second.
        if not _kind(name) and value.isascii() and len(value) <= _MOST_CHARACTERS and "\0" not in value:
            kept.append(header)
        else:
            kept.append((_plain(name), _shown_value(name, _plain(value))))
    if len(kept) > _MOST_HEADERS:
        kept[_MOST_HEADERS:] = [("...", f"{len(kept) - _MOST_HEADERS} more headers were left out")]
    return tuple(kept)


def _shown_value(name: str, value: str) -> str:
    kind = _kind(name)
    if kind == _URL:
        return masked_url(value)
    if kind == _MASKED:
        scheme = value[: value.find(" ") + 1]
        return f"{scheme if scheme.lower() in _SCHEMES else ''}***"
    return value


@lru_cache(maxsize=1024)
def _kind(name: str) -> str:
    """What may hide in the values of this header; "" for nothing, and then the name is plain text too."""
    if _SECRET_NAMES.search(name):
        return _MASKED
    if name.lower() in _URL_NAMES:
        return _URL
    return "" if _TOKEN.fullmatch(name) else _ODD


def _plain(text: str) -> str:
    """Text that any store takes: no surrogates (how aiohttp keeps bytes that are not UTF-8), no NUL."""
    if len(text) > _MOST_CHARACTERS:
        text = text[:_MOST_CHARACTERS] + "..."
    if text.isascii():
        return text.replace("\0", "\ufffd")
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\0", "\ufffd")
