"""The only module that knows the verbs that speak: Say, and the action talk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Final

from telefonie.flow.deeds import Deed, Hush, Speak, Warn
from telefonie.flow.kinds import ANYTHING, FLAG, TEXT, BadValue, Kind, decimal, text, whole
from telefonie.flow.markup import SCHEMA_WARNING, Spot, shown
from telefonie.flow.program import Alarm, Next, Scene, Step, Verb, Wait
from telefonie.flow.signals import Signal, Woke
from telefonie.flow.speech import Bit, Passage, plan
from telefonie.flow.spelling import Field, Language, Reading, Spelling
from telefonie.flow.ssml import ELEMENTS, bits_of
from telefonie.flow.talking import NO_TEXT, bits_in

BAD_VOICE: Final = 13511
BAD_LOOP: Final = 13510
MOST_LOOPS: Final = 1_000
LONGEST_SAY: Final = 4_096
LONGEST_TALK: Final = 1_500


@dataclass(frozen=True, slots=True)
class Say(Verb):
    """Speak a text, as often as asked."""

    whispers: ClassVar[bool] = True
    name: str
    spot: Spot
    bits: tuple[Bit, ...]
    language: str | None
    voice: str
    loop: int  # 0: until something else happens, at most MOST_LOOPS
    barge_in: bool = False

    def begin(self, scene: Scene) -> Step:
        """The first time."""
        odd = (
            (Warn(SCHEMA_WARNING, "bargeIn has no effect, since no input follows"),) if self.barge_in else ()
        )
        return self._speak(scene, 1, odd)

    def _speak(self, scene: Scene, time: int, deeds: tuple[Deed, ...] = ()) -> Step:
        said = plan(self.bits, self.language or scene.language)
        deeds = (*deeds, Speak(said, self.voice))
        if not said.ms:
            return Next(deeds)  # what takes no time is not repeated
        return Wait({"time": time}, (Alarm("spoken", scene.sound + said.ms, sounds=True),), deeds)

    def on(self, scene: Scene, signal: Signal) -> Step | None:
        """It has been said: once more, or on."""
        if signal != Woke("spoken"):
            return None
        time = scene.memory["time"]
        return Next() if time >= (self.loop or MOST_LOOPS) else self._speak(scene, time + 1)

    def stop(self, scene: Scene) -> tuple[Hush, ...]:  # noqa: ARG002 - whatever it has said
        """It is cut short."""
        return (Hush(),)


# -- voices and languages --

_VOICE: Final = re.compile(r"(?:man|woman|alice)|[A-Za-z]+\.[\w.:-]{1,80}")
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


def _voice(value: object) -> str:
    if isinstance(value, str) and _VOICE.fullmatch(value.strip()):
        return value.strip()
    raise BadValue("must be man, woman or alice, or a provider's voice like Polly.Joanna")


def _language(value: object) -> str:
    if isinstance(value, str) and _TAG.fullmatch(value.strip()):
        return value.strip()
    raise BadValue("must be a language tag like en-US")


VOICE: Final = Kind("`man`, `woman`, `alice`, or a provider's voice like `Polly.Joanna`", _voice)
LANGUAGE: Final = Kind("language tag like `en-US`", _language)

# What the action talk speaks.
# fmt: off
TALK_LANGUAGES: Final = frozenset({
    "ar", "bn-IN", "ca-ES", "cmn-CN", "cmn-TW", "cs-CZ", "cy-GB", "da-DK", "de-DE", "el-GR", "en-AU",
    "en-GB", "en-GB-WLS", "en-IN", "en-US", "en-ZA", "es-ES", "es-MX", "es-US", "eu-ES", "fi-FI", "fil-PH",
    "fr-CA", "fr-FR", "he-IL", "hi-IN", "hu-HU", "id-ID", "is-IS", "it-IT", "ja-JP", "ko-KR", "ml-IN",
    "nb-NO", "nl-NL", "no-NO", "pl-PL", "pt-BR", "pt-PT", "ro-RO", "ru-RU", "sk-SK", "sv-SE", "ta-IN",
    "te-IN", "th-TH", "tr-TR", "uk-UA", "vi-VN", "yue-CN",
})
# fmt: on
# Its voices of old, which say in what language they speak.
_SPEAKERS: Final = {
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
SPEAKERS: Final = {name: language for language, names in _SPEAKERS.items() for name in names.split()}


# -- reading --


def _say(reading: Reading) -> Verb | None:
    bits = bits_of(reading.element, reading.remarks)
    if not any(isinstance(each, Passage) for each in bits):
        reading.warn("<Say> has nothing to say, so it is passed over", NO_TEXT)
        return None
    if sum(len(each.text) for each in bits if isinstance(each, Passage)) > LONGEST_SAY:
        reading.warn(f"<Say> may say at most {LONGEST_SAY} characters, so it is passed over", NO_TEXT)
        return None
    return Say("Say", reading.spot, bits, reading["language"], reading["voice"], reading["loop"])


def _talk(reading: Reading) -> Verb | None:
    bits = bits_in(reading["text"], reading.remarks, reading.node.members["text"].spot)
    if bits is None:
        return None
    if not any(isinstance(each, Passage) for each in bits):
        reading.warn("talk has nothing to say, so it is passed over", NO_TEXT)
        return None
    language, name = reading["language"], reading["voiceName"]
    if language is not None and language not in TALK_LANGUAGES:
        reading.warn(f"talk does not speak {shown(language)}; it is said all the same", BAD_VOICE)
    if name and name not in SPEAKERS:
        reading.warn(f"there is no voice {shown(name)}", BAD_VOICE)
    language = language or SPEAKERS.get(name)
    return Say("talk", reading.spot, bits, language, name, reading["loop"], reading["bargeIn"])


SPELLINGS: Final = (
    Spelling(
        Language.XML,
        "Say",
        "Speak a text. How long that takes is estimated from text, language and rate.",
        (
            Field("voice", VOICE, "", "Written down with what is said.", BAD_VOICE, shown_default="any"),
            Field("language", LANGUAGE, None, "The language.", BAD_VOICE, shown_default="that of the call"),
            Field("loop", whole(0, MOST_LOOPS), 1, "How often; 0 is without end, at most 1000.", BAD_LOOP),
        ),
        _say,
        content=f"the text, of at most {LONGEST_SAY} characters, with SSML elements if wanted",
        nested=ELEMENTS,
        mixed=True,
    ),
    Spelling(
        Language.JSON,
        "talk",
        "Speak a text. How long that takes is estimated from text, language and rate.",
        (
            Field("text", text(LONGEST_TALK), "", "Plain, or SSML inside speak.", NO_TEXT, required=True),
            Field("language", LANGUAGE, None, "The language.", BAD_VOICE, shown_default="that of the call"),
            Field("style", whole(0, 100), 0, "Which voice of the language; read and without effect here."),
            Field("premium", FLAG, default=False, says="A better voice; read and without effect here."),
            Field("level", decimal(-1, 1), 0.0, "Its loudness; read and without effect here."),
            Field("loop", whole(0, MOST_LOOPS), 1, "How often; 0 is without end, at most 1000.", BAD_LOOP),
            Field(
                "voiceName", TEXT, "", "A voice of old, which also says the language, if nothing else does."
            ),
            Field(
                "bargeIn",
                FLAG,
                default=False,
                says="Whether keys and speech stop it and go to the input that follows; "
                "holds for the actions talk and stream up to that input.",
            ),
            Field("provider", TEXT, "", "Whose voice it is; read and without effect here."),
            Field("providerOptions", ANYTHING, None, "Read and without effect here."),
        ),
        _talk,
    ),
)
