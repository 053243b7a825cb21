"""The only module that puts what a letter says into the query of a URL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit


def flat(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The scalar fields; those of an inner object under its name and theirs, unless that stands there already."""
    pairs: list[tuple[str, str]] = []
    for name, value in content.items():
        if isinstance(value, Mapping):
            inner = ((f"{name}_{each}", text) for each, text in flat(value))
            pairs += [pair for pair in inner if pair[0] not in content]
        elif isinstance(value, bool):
            pairs.append((name, "true" if value else "false"))
        elif isinstance(value, str | int | float):
            pairs.append((name, str(value)))
    return pairs


def with_query(url: str, pairs: list[tuple[str, str]]) -> str:
    """A URL with more fields in its query; a fragment is never sent, and so is lost here."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url  # no URL at all, which the postman will say
    query = "&".join(each for each in (parts.query, urlencode(pairs)) if each)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
