"""The only module that knows in which languages this API speaks: those of Europe that the voices can."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

# fmt: off
LANGUAGES: Final = (
    "nl-NL", "nl-BE", "fr-BE", "fr-FR", "fr-CH", "fr-LU", "de-DE", "de-AT", "de-BE", "de-CH", "de-LU", "lb-LU",
    "en-GB", "en-IE", "en-US", "en-MT", "ga-IE", "es-ES", "ca-ES", "eu-ES", "it-IT", "it-CH", "pt-PT", "mt-MT",
    "pl-PL", "cs-CZ", "sk-SK", "sl-SI", "hu-HU", "ro-RO", "bg-BG", "hr-HR", "el-GR", "el-CY", "et-EE", "lv-LV",
    "lt-LT", "da-DK", "sv-SE", "sv-FI", "fi-FI", "nb-NO", "is-IS",
)
# fmt: on
_KNOWN: Final = frozenset(LANGUAGES)


def _spoken(tag: str) -> str:
    if tag not in _KNOWN:
        issue = "must be one of the languages spoken here, like nl-NL, fr-BE, de-DE or en-GB"
        raise PydanticCustomError("language", issue)
    return tag


Tongue: TypeAlias = Annotated[
    str, AfterValidator(_spoken), WithJsonSchema({"type": "string", "enum": list(LANGUAGES)})
]
