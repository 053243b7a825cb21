"""The only module that says how a log line looks, and sees to it that no key and no secret stands in one."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, TextIO

FACTS: Final = ("request_id", "account", "call", "method", "path", "status", "ms")
MASK: Final = "***"
SHORTEST_SECRET: Final = 6  # shorter ones would blot out ordinary words

_SPELLINGS: Final = (
    (re.compile(r"whsec_[A-Za-z0-9+/=_-]+"), f"whsec_{MASK}"),
    # X-API-Key: abc | 'x-api-key': 'abc' | (b'authorization', b'Bearer abc') - up to the end of the value
    (
        re.compile(
            r"""(?i)\b((?:x-api-key|x-admin-key|(?:proxy-)?authorization|(?:set-)?cookie)['"]?\s*[:=,]\s*)"""
            r"""(?:b?'[^']*'|b?"[^"]*"|[^\r\n]+)"""
        ),
        rf"\1{MASK}",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}"), rf"\1 {MASK}"),
    (re.compile(r"(?i)([a-z][a-z0-9+.-]*://)[^\s/?#'\"]*@"), rf"\1{MASK}@"),
    (re.compile(r"(?i)([?&]signature=)[^\s&'\"<>)]+"), rf"\1{MASK}"),  # of the address of a recording
    (re.compile(r"(?i)(https?://[^\s?#'\"]*\?)[^\s'\"<>)]+"), rf"\1{MASK}"),
)


class Masker:
    """Blots out whatever looks like a secret, and what is known to be one."""

    def __init__(self, secrets: Iterable[str | None] = ()) -> None:
        known = sorted(
            {each for each in secrets if each and len(each) >= SHORTEST_SECRET}, key=len, reverse=True
        )
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        if self._known:
            text = self._known.sub(MASK, text)
        for pattern, instead in _SPELLINGS:
            text = pattern.sub(instead, text)
        return text


class Lines(logging.Formatter):
    """What both spellings share."""

    def __init__(self, mask: Masker) -> None:
        super().__init__()
        self.mask = mask

    def facts(self, record: logging.LogRecord) -> dict[str, object]:
        """What the line is about, as far as it is known."""
        found = ((name, getattr(record, name, None)) for name in FACTS)
        return {
            name: self.mask(value) if isinstance(value, str) else value
            for name, value in found
            if value not in (None, "")
        }

    def trouble(self, record: logging.LogRecord) -> str:
        """The stack of an exception, if there is one."""
        return self.mask(self.formatException(record.exc_info)) if record.exc_info else ""


class JsonLines(Lines):
    """One JSON object a line, for machines."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self.mask(record.getMessage()),
            **self.facts(record),
        }
        trouble = self.trouble(record)
        return json.dumps(line | {"exception": trouble} if trouble else line, default=str)


class TextLines(Lines):
    """One line a message, for people."""

    def format(self, record: logging.LogRecord) -> str:
        message = _printable(self.mask(record.getMessage()))
        rest = {
            name: value
            for name, value in self.facts(record).items()
            if name not in ("method", "path", "status")
        }
        tail = "".join(f" {name}={_printable(str(value))}" for name, value in rest.items())
        trouble = self.trouble(record)
        return f"{_time(record)} {record.levelname.lower():7} {message}{tail}" + (
            f"\n{trouble}" if trouble else ""
        )


def set_up(*, as_json: bool, level: str, stream: TextIO, secrets: Iterable[str | None]) -> None:
    """Send the whole process's log to one stream; other people's libraries speak only of trouble."""
    mask = Masker(secrets)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(mask) if as_json else TextLines(mask))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("telefonie").setLevel(level.upper())
    logging.captureWarnings(capture=True)


def _time(record: logging.LogRecord) -> str:
    return (
        datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )


def _printable(text: str) -> str:
    """No line can be forged by what a client sent."""
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text)
