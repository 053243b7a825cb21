"""The only module that says what a field of a verb may hold: how it is read, and how that is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final


class BadValue(Exception):
    """A field's value does not fit. The message says what would."""


class OutOfBounds(BadValue):
    """It is of the right kind, but too much or too little."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a field may hold: how to read it (from text, or from what JSON gave), and how to say so."""

    says: str
    read: Callable[[object], Any]


def _shown(number: float) -> str:
    return f"{number:.0f}" if number == int(number) else f"{number:g}"


def _text(most: int) -> Callable[[object], str]:
    def read(value: object) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise BadValue("must be text")
        text = str(value).strip()
        if len(text) > most:
            raise OutOfBounds(f"may have at most {most} characters")
        return text

    return read


def text(most: int = 4_000) -> Kind:
    """Text, trimmed."""
    return Kind(f"text of at most {most} characters", _text(most))


TEXT: Final = text()


def whole(least: int, most: int) -> Kind:
    """A whole number within bounds; written as text, too."""

    def read(value: object) -> int:
        found = _number(value)
        if found != int(found) or not least <= found <= most:
            raise OutOfBounds(f"must be a whole number from {least} to {most}")
        return int(found)

    return Kind(f"whole number from {least} to {most}", read)


def seconds(least: float, most: float, *, clamped: bool = False) -> Kind:
    """Seconds, fractions too, as milliseconds. `clamped`: what is out of bounds is moved to the bound."""

    def read(value: object) -> int:
        found = _number(value)
        if clamped:
            found = min(max(found, least), most)
        if not least <= found <= most:
            raise OutOfBounds(f"must be a number of seconds from {_shown(least)} to {_shown(most)}")
        return round(found * 1000)

    return Kind(f"seconds from {_shown(least)} to {_shown(most)}", read)


def decimal(least: float, most: float) -> Kind:
    """A number within bounds."""

    def read(value: object) -> float:
        found = _number(value)
        if not least <= found <= most:
            raise OutOfBounds(f"must be a number from {_shown(least)} to {_shown(most)}")
        return found

    return Kind(f"number from {_shown(least)} to {_shown(most)}", read)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, str | int | float) or len(str(value)) > 32:
        raise BadValue("must be a number")
    try:
        found = float(value)
    except ValueError:
        raise BadValue("must be a number") from None
    if found != found or found in (float("inf"), float("-inf")):
        raise BadValue("must be a number")
    return found


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise BadValue("must be true or false")


FLAG: Final = Kind("true or false", _flag)


def one_of(*words: str) -> Kind:
    """One of these words, exactly."""

    def read(value: object) -> str:
        if isinstance(value, str) and value.strip() in words:
            return value.strip()
        raise BadValue(f"must be one of {', '.join(words)}")

    return Kind(f"one of {', '.join(f'`{word}`' for word in words)}", read)


METHOD: Final = one_of("POST", "GET")


def _url(value: object) -> str:
    found = _text(2_048)(value)
    if any(each.isspace() or not each.isprintable() for each in found):
        raise BadValue("must be a URL, without spaces")
    return found


URL: Final = Kind("URL, absolute or relative to the document", _url)


def _one_url(value: object) -> str:
    if not isinstance(value, list) or len(value) != 1:
        raise BadValue("must be an array with exactly one URL")
    return _url(value[0])


ONE_URL: Final = Kind("array with one URL", _one_url)


def keys(allowed: str, most: int) -> Kind:
    """Keys of a phone, out of `allowed`."""

    def read(value: object) -> str:
        found = _text(most)(value)
        if any(each not in allowed for each in found):
            raise BadValue(f"may only have {' '.join(allowed)}")
        return found

    return Kind(f"up to {most} of `{allowed}`", read)


def _any(value: object) -> object:
    return value


ANYTHING: Final = Kind("any value", _any)


def list_of(kind: Kind, most: int) -> Kind:
    """An array of so many at most."""

    def read(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) > most:
            raise BadValue(f"must be an array of at most {most}")
        return tuple(kind.read(each) for each in value)

    return Kind(f"array of at most {most}: {kind.says}", read)


def words(*allowed: str) -> Kind:
    """Some of these words, with spaces between."""

    def read(value: object) -> tuple[str, ...]:
        found = tuple(_text(1_000)(value).split())
        strange = [each for each in found if each not in allowed]
        if strange or not found:
            raise BadValue(f"must be some of {', '.join(allowed)}, with spaces between")
        return found

    return Kind(f"some of {', '.join(f'`{word}`' for word in allowed)}, with spaces between", read)
