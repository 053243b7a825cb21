"""The only module that says what fields may hold on every face: texts, phone numbers, addresses, moments."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Annotated, Any, Final, TypeAlias
from urllib.parse import urlsplit

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from telefonie.core.clocks import LATEST

EXTENSION: Final[dict[str, Any]] = {"x-extension": True}  # for Field(json_schema_extra=...)

Absent: TypeAlias = None  # `X | Absent = None`: may be left out; null is refused (see reading.body)

E164_PATTERN: Final = r"^\+[1-9]\d{1,14}$"
LONGEST_TEXT: Final = 1_000
LONGEST_URL: Final = 2_048

_E164: Final = re.compile(r"\+[1-9][0-9]{1,14}")
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.?|\[[0-9a-f:.]+\]", re.IGNORECASE)
_URL_TEXT: Final = re.compile(r"[\x21-\x7e]+")
_FLAGS: Final = {"true": True, "false": False}
_WHOLE: Final = re.compile(r"-?[0-9]{1,4000}")


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("nul", "must not contain a NUL character")
    return text


def dialable(text: str) -> str:
    """A telephone number that could exist, in international form."""
    if not _E164.fullmatch(text):
        raise PydanticCustomError("e164", "must be a phone number in E.164 form, like +31201234567")
    if not possible(text):
        raise PydanticCustomError("impossible_number", "is no possible phone number of its country")
    return text


@lru_cache(maxsize=4096)
def possible(number: str) -> bool:
    """Whether such a number could exist. Ranges kept for fiction count: only its length is judged."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(parsed)


@lru_cache(maxsize=1024)
def _web_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    fits = (
        _URL_TEXT.fullmatch(text)
        and parts.scheme in {"http", "https"}
        and parts.hostname
        and _HOST.fullmatch(parts.netloc.rpartition("@")[2].removesuffix(f":{port}"))
        and port != 0
    )
    if not fits:
        raise PydanticCustomError("web_url", "must be an absolute http or https URL")
    return text


def _whole(value: object) -> object:
    """Whole numbers in a query: digits only, whatever else Python would take for a number."""
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise PydanticCustomError("int_parsing", "must be a whole number")
    return value


def _asked_flag(value: object) -> object:
    """A query knows texts only, and of the many words for yes and no just these are meant."""
    if value not in _FLAGS:
        raise PydanticCustomError("bool_parsing", "must be true or false")
    return _FLAGS[str(value)]


Text: TypeAlias = Annotated[str, StringConstraints(max_length=LONGEST_TEXT), AfterValidator(_no_nul)]
E164: TypeAlias = Annotated[str, Field(pattern=E164_PATTERN.replace(r"\d", "[0-9]"))]
Dialable: TypeAlias = Annotated[
    str, AfterValidator(dialable), WithJsonSchema({"type": "string", "pattern": E164_PATTERN})
]
WebUrl: TypeAlias = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_URL),
    AfterValidator(_web_url),
    WithJsonSchema({"type": "string", "format": "uri", "maxLength": LONGEST_URL}),
]
WholeNumber: TypeAlias = Annotated[int, Field(strict=True)]
Flag: TypeAlias = Annotated[bool, Field(strict=True)]
AskedFlag: TypeAlias = Annotated[bool, BeforeValidator(_asked_flag)]
DIGITS_ONLY: Final = BeforeValidator(_whole)  # stands last in an Annotated, after the number's range


EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 - reads the same in both spellings
_DAY_MS: Final = 86_400_000
_MS: Final = timedelta(milliseconds=1)
_FIRST_DAY: Final = EPOCH.toordinal()
_DATE_ONLY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)(Z|[+ -]\d\d:?\d\d)?")


@lru_cache(maxsize=512)
def _day(number: int) -> str:
    return date.fromordinal(_FIRST_DAY + number).isoformat()


def iso(moment: int) -> str:
    """A moment in milliseconds since 1970 as `2025-01-02T03:04:05.678Z`."""
    day, rest = divmod(moment, _DAY_MS)
    seconds, ms = divmod(rest, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{_day(day)}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z"


def moment(text: str, *, end_of_day: bool = False) -> int | None:
    """Milliseconds since 1970 of an ISO 8601 date or time (UTC, unless it has an offset), else None."""
    found = _MOMENT.fullmatch(text)
    try:
        if _DATE_ONLY.fullmatch(text):
            start = (date.fromisoformat(text).toordinal() - _FIRST_DAY) * _DAY_MS
            return start + _DAY_MS - 1 if end_of_day else start
        if not found:
            return None
        day, clock, offset = found.groups()
        # An unencoded plus in a query arrives as a space.
        zone = (offset or "Z").replace(" ", "+").replace("Z", "+00:00")
        at = datetime.fromisoformat(f"{day}T{clock.replace(',', '.')}{zone}")
        return (at - EPOCH) // _MS
    except (ValueError, OverflowError):
        return None


def _moment(value: object, *, end_of_day: bool = False) -> int:
    found = moment(value, end_of_day=end_of_day) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("instant", "must be a time in ISO 8601, like 2025-01-02T03:04:05Z")
    return found


def _instant(value: object) -> int:
    found = _moment(value)
    if not 0 <= found < _LAST:
        raise PydanticCustomError("instant", "must be a time between the years 1970 and 9999")
    return found


def _clock_time(value: int) -> int:
    if value > LATEST:
        raise PydanticCustomError("instant", "must be a time before the year 3000")
    return value


def _last_moment(value: object) -> int:
    return _moment(value, end_of_day=True)


_LAST: Final = 253_402_300_800_000  # the year 10000
_TIME_SCHEMA: Final = {"type": "string", "format": "date-time"}
_DATE_SCHEMA: Final = {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}
# In models these are milliseconds since 1970; on the wire, ISO 8601. The ends of a range may lie anywhere.
Instant: TypeAlias = Annotated[int, BeforeValidator(_instant), WithJsonSchema(_TIME_SCHEMA)]
ClockTime: TypeAlias = Annotated[Instant, AfterValidator(_clock_time)]
FromInstant: TypeAlias = Annotated[int, BeforeValidator(_moment), WithJsonSchema(_DATE_SCHEMA)]
ToInstant: TypeAlias = Annotated[int, BeforeValidator(_last_moment), WithJsonSchema(_DATE_SCHEMA)]
