"""The only module that knows in which languages and with which voices this API speaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ENGLISH: Final = "en-US"
# fmt: off
LANGUAGES: Final = (
    "ar", "bn-IN", "ca-ES", "cmn-CN", "cmn-TW", "cs-CZ", "cy-GB", "da-DK", "de-DE", "el-GR", "en-AU", "en-GB",
    "en-GB-WLS", "en-IN", "en-US", "en-ZA", "es-ES", "es-MX", "es-US", "eu-ES", "fi-FI", "fil-PH", "fr-CA", "fr-FR",
    "he-IL", "hi-IN", "hu-HU", "id-ID", "is-IS", "it-IT", "ja-JP", "ko-KR", "ml-IN", "nb-NO", "nl-NL", "no-NO",
    "pl-PL", "pt-BR", "pt-PT", "ro-RO", "ru-RU", "sk-SK", "sv-SE", "ta-IN", "te-IN", "th-TH", "tr-TR", "uk-UA",
    "vi-VN", "yue-CN",
)
# fmt: on
DEFAULT: Final = "Kimberly"
MOST_STYLES: Final = 100
_BY_LANGUAGE: Final = {
    "en-US": "Salli Joey Ivy Justin Kendra Kimberly Jennifer Chipmunk Eric",
    "da-DK": "Naja Mads",
    "de-DE": "Marlene Hans",
    "en-AU": "Nicole Russell",
    "en-GB": "Amy Brian Emma",
    "en-GB-WLS": "Geraint",
    "cy-GB": "Gwyneth",
    "en-IN": "Raveena",
    "es-ES": "Conchita Enrique",
    "es-US": "Penelope Miguel",
    "fr-CA": "Chantal",
    "fr-FR": "Celine Mathieu",
    "is-IS": "Dora Karl",
    "it-IT": "Carla Giorgio",
    "nb-NO": "Liv",
    "nl-NL": "Lotte Ruben",
    "pl-PL": "Agnieszka Jacek Ewa Jan Maja",
    "pt-BR": "Vitoria Ricardo",
    "pt-PT": "Cristiano Ines",
    "ro-RO": "Carmen",
    "ru-RU": "Maxim Tatyana",
    "sv-SE": "Astrid",
    "tr-TR": "Filiz",
    "ja-JP": "Mizuki",
    "ko-KR": "Seoyeon",
}
# The voices of old: each has a language of its own.
LANGUAGE_OF: Final[Mapping[str, str]] = {
    name: language for language, names in _BY_LANGUAGE.items() for name in names.split()
}
# Withdrawn, and by which voice what they would say is spoken.
WITHDRAWN: Final[Mapping[str, str]] = {
    "Chipmunk": "Justin",
    "Eric": "Justin",
    "Jennifer": "Kimberly",
    "Agnieszka": "Ewa",
}
# Under which number of its language a voice of old is found today, as far as that is known.
STYLE_OF: Final[Mapping[str, int]] = {
    "Kimberly": 0,
    "Salli": 4,
    "Joey": 7,
    "Amy": 0,
    "Brian": 4,
    "Russell": 3,
}
_OLD_AT: Final[Mapping[tuple[str, int], str]] = {
    (LANGUAGE_OF[name], style): name for name, style in STYLE_OF.items()
}


def spoken_by(language: str | None, style: int | None, name: str | None) -> tuple[str, str]:
    """In which language something is said, and by whom: a voice of old by its name, every other one by its style.

    What is named goes before what a voice of old would bring along.
    """
    known = WITHDRAWN.get(name, name) if name else None
    if language is None and style is None and known is not None:
        return LANGUAGE_OF[known], known
    chosen = language or (LANGUAGE_OF[known] if known else ENGLISH)
    number = style if style is not None else (STYLE_OF.get(known, 0) if known else 0)
    return chosen, _OLD_AT.get((chosen, number), f"{chosen}.{number}")
