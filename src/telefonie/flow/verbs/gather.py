"""The only module that knows Gather."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from telefonie.flow.gathered import Keys, Report, Speech
from telefonie.flow.kinds import FLAG, METHOD, TEXT, URL, BadValue, Kind, keys, whole, words
from telefonie.flow.listening import Gather
from telefonie.flow.program import Verb
from telefonie.flow.spelling import Field, Language, Reading, Spelling
from telefonie.flow.verbs.play import Play

BAD_FINISH: Final = 13310
BAD_METHOD: Final = 13312
BAD_TIMEOUT: Final = 13313
BAD_DIGITS: Final = 13314
BAD_NESTED: Final = 13320
# What is wrong with a nested verb has codes of its own.
NESTED_CODES: Final = {13511: 13321, 13510: 13322, 13420: 13325, 11100: 13325}
MOST_HINTS: Final = 500
LONGEST_HINT: Final = 100
AUTO_MS: Final = 1_000  # of silence end a sentence where the recogniser is left to judge
PROMPTS: Final = ("Say", "Play", "Pause")


def _hints(value: object) -> tuple[str, ...]:
    found = tuple(each.strip() for each in str(value).split(",") if each.strip())
    if len(found) > MOST_HINTS or any(len(each) > LONGEST_HINT for each in found):
        raise BadValue(
            f"may have at most {MOST_HINTS} phrases of {LONGEST_HINT} characters, with commas between"
        )
    return found


def _speech_timeout(value: object) -> int:
    if value == "auto":
        return AUTO_MS
    try:
        return 1_000 * int(whole(1, 3_600).read(value))
    except BadValue:
        raise BadValue("must be auto or a whole number from 1 to 3600") from None


HINTS: Final = Kind(f"up to {MOST_HINTS} phrases of {LONGEST_HINT} characters, with commas between", _hints)
SPEECH_TIMEOUT: Final = Kind("`auto`, or whole number of seconds from 1 to 3600", _speech_timeout)


def _gather(reading: Reading) -> Verb:
    wanted, wait = reading["input"], reading["timeout"] * 1_000
    listens = Keys(wait, reading["numDigits"] or 0, reading["finishOnKey"]) if "dtmf" in wanted else None
    silence = wait if reading["speechTimeout"] is None else reading["speechTimeout"]
    speech = None
    if "speech" in wanted:
        speech = Speech(
            wait,
            silence,
            reading["maxSpeechTime"] * 1_000,
            reading["language"],
            reading["partialResultCallback"],
            reading["partialResultCallbackMethod"],
        )
    report = Report(reading["action"], reading["method"], even_empty=reading["actionOnEmptyResult"])
    return Gather("Gather", reading.spot, _prompts(reading), listens, speech, report, reading["bargeIn"])


def _prompts(reading: Reading) -> tuple[Verb, ...]:
    """What is said and played meanwhile; what is wrong with it has codes of its own."""
    if reading.element.text:
        reading.warn("the text in <Gather> is in no verb, so it is passed over")
    before = len(reading.remarks.found)
    strange = {each.spot for each in reading.element.elements if each.name not in PROMPTS}
    prompts = reading.verbs(PROMPTS)
    for place in range(before, len(reading.remarks.found)):
        remark = reading.remarks.found[place]
        code = BAD_NESTED if remark.spot in strange else NESTED_CODES.get(remark.code, remark.code)
        reading.remarks.found[place] = replace(remark, code=code)
    for each in prompts:
        if isinstance(each, Play) and each.digits:
            reading.warn(
                "<Play> in <Gather> may not have digits, so it is passed over", BAD_NESTED, each.spot
            )
    return tuple(each for each in prompts if not (isinstance(each, Play) and each.digits))


SPELLINGS: Final = (
    Spelling(
        Language.XML,
        "Gather",
        "Listen for keys, speech or both, during prompts and after them; the first detected wins.",
        (
            Field("input", words("dtmf", "speech"), ("dtmf",), "What is listened for.", shown_default="dtmf"),
            Field("action", URL, None, "Where the outcome goes.", 11100, shown_default="this document"),
            Field("method", METHOD, "POST", "How it goes there.", BAD_METHOD),
            Field(
                "timeout",
                whole(1, 3_600),
                5,
                "Seconds, after the prompts, for the first key or word, and for each key after it.",
                BAD_TIMEOUT,
            ),
            Field(
                "finishOnKey",
                keys("0123456789*#", 1),
                "#",
                "The key that ends it and is no part of it; empty for none.",
                BAD_FINISH,
            ),
            Field(
                "numDigits",
                whole(1, 1_000),
                None,
                "So many keys end it.",
                BAD_DIGITS,
                shown_default="no limit",
            ),
            Field(
                "actionOnEmptyResult",
                FLAG,
                default=False,
                says="Whether the outcome is also reported when nothing was pressed or said; "
                "otherwise the next verb runs.",
            ),
            Field(
                "speechTimeout",
                SPEECH_TIMEOUT,
                None,
                "Seconds of silence that end speech; auto is one second.",
                shown_default="that of timeout",
            ),
            Field(
                "maxSpeechTime", whole(1, 60), 60, "Seconds of speech; what was said by then is the result."
            ),
            Field(
                "language",
                TEXT,
                None,
                "The language that is expected; reported with the result.",
                shown_default="that of the call",
            ),
            Field(
                "hints", HINTS, (), "Phrases to expect; read and without effect here.", shown_default="none"
            ),
            Field(
                "profanityFilter",
                FLAG,
                default=True,
                says="Whether bad words are masked; read and without effect here: words come as the script has them.",
            ),
            Field("speechModel", TEXT, "default", "The recogniser; read and without effect here."),
            Field("enhanced", FLAG, default=False, says="A better recogniser; read and without effect here."),
            Field(
                "bargeIn",
                FLAG,
                default=True,
                says="Whether keys and speech stop the prompts. Without it keys pressed during the prompts "
                "count when they have ended, and speech counts if it goes on then.",
            ),
            Field(
                "partialResultCallback",
                URL,
                None,
                "Told at half of each sentence and at its end.",
                shown_default="none",
            ),
            Field("partialResultCallbackMethod", METHOD, "POST", "How it is told.", BAD_METHOD),
            Field("debug", FLAG, default=False, says="Read and without effect here."),
        ),
        _gather,
        content="prompts: Say, Play and Pause",
        nested=PROMPTS,
    ),
)
