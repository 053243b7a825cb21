"""The only module that says which kind of sound a client would like best (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from telefonie.engine.media import Form

TYPES: Final[Mapping[Form, str]] = {
    Form.WAV: "audio/wav",
    Form.MP3: "audio/mpeg",
    Form.OGG: "audio/ogg",
    Form.LEAN: "audio/mpeg",
}
OFFERED: Final = (Form.WAV, Form.MP3)  # where the path names none
# Other names under which clients ask for them.
_NAMES: Final[Mapping[str, Form]] = {
    **dict.fromkeys(("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"), Form.WAV),
    **dict.fromkeys(("audio/mpeg", "audio/mp3", "audio/x-mp3", "audio/mpeg3"), Form.MP3),
}
_ANY: Final = ("audio/*", "*/*")
_WEIGHT: Final = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


def best(accept: str | None) -> Form | None:
    """The form with the greatest weight, WAV before MP3 among equals; None: neither is wanted."""
    if not accept or not accept.strip():
        return Form.WAV
    weights = [_weighed(each) for each in accept.lower().split(",")]
    found = [(_of(form, weights), form) for form in OFFERED]
    weight, form = max(found, key=lambda each: each[0])
    return form if weight > 0 else None


def _weighed(entry: str) -> tuple[str, float]:
    name, *parameters = (each.strip() for each in entry.split(";"))
    given = [found[1] for each in parameters if (found := _WEIGHT.fullmatch(each))]
    return name, float(given[0]) if given else 1.0


def _of(form: Form, weights: list[tuple[str, float]]) -> float:
    """What stands nearest to it counts: its own name, then `audio/*`, then `*/*`."""
    own = [weight for name, weight in weights if _NAMES.get(name) is form]
    if own:
        return max(own)
    for wide in _ANY:
        for name, weight in weights:
            if name == wide:
                return weight
    return 0.0
