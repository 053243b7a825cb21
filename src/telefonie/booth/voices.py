"""The only module that says which voice of the speech engine speaks a language."""

from collections.abc import Collection
from typing import Final

ELSE: Final = "en"
# Where a language has another name there than on the wire, and which of its kind stands for a region.
_OF_TAG: Final = {
    "ca-es": "ca",
    "en-ca": "en-us",
    "en-gb": "en",
    "es-ar": "es-419",
    "es-mx": "es-419",
    "es-us": "es-419",
    "zh-hk": "yue",
}
_OF_LANGUAGE: Final = {"fil": "id", "in": "id", "iw": "he", "no": "nb", "tl": "id", "wuu": "cmn", "zh": "cmn"}
_FEMALE: Final = "+f2"
_MALE: Final = "+m3"
_WOMEN: Final = frozenset({
    *("alice", "female", "woman", "amy", "astrid", "bianca", "camila", "carla", "celine", "chantal", "conchita"),
    *("cristiano", "emma", "filiz", "gabrielle", "gwyneth", "hannah", "ida", "ivy", "joanna", "kendra"),
    *("kimberly", "laura", "lea", "lisa", "lotte", "lucia", "lupe", "mia", "mizuki", "naja", "nicole"),
    *("olivia", "raveena", "salli", "seoyeon", "tatyana", "vicki", "vitoria", "zhiyu"),
})  # fmt: skip
_MEN: Final = frozenset({"man", "male"})


def voice(language: str, name: str, there: Collection[str]) -> str:
    """The engine's name of it. A language that it does not speak is read as English."""
    tag = language.replace("_", "-").lower()
    tongue = tag.partition("-")[0]
    wanted = (_OF_TAG.get(tag, tag), _OF_LANGUAGE.get(tongue, tongue), ELSE)
    return next((each for each in wanted if each in there), ELSE) + _timbre(name)


def _timbre(name: str) -> str:
    """As far as the name of a voice tells: `woman`, `alice`, `Polly.Joanna-Neural`."""
    said = name.lower().rpartition(".")[2].partition("-")[0]
    if said in _WOMEN:
        return _FEMALE
    return _MALE if said in _MEN else ""
