"""The only module that knows the verbs that listen: Gather, and the action input."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from telefonie.flow import prompts as nested
from telefonie.flow.deeds import Deed, ReportKeys
from telefonie.flow.listening import Gather, Keys, Report, Speech
from telefonie.flow.markup import Spot
from telefonie.flow.program import Next, Scene, Step, Verb, Wait
from telefonie.flow.signals import Key, Signal
from telefonie.flow.spelling import (
    ANYTHING,
    FLAG,
    METHOD,
    ONE_URL,
    TEXT,
    URL,
    BadValue,
    Field,
    Kind,
    Language,
    Reading,
    Spelling,
    keys,
    list_of,
    one_of,
    seconds,
    text,
    whole,
    words,
)
from telefonie.flow.verbs.play import Play
from telefonie.flow.verbs.say import Say

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


# -- Gather --


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
            reading.warn("<Play> in <Gather> may not have digits, so it is passed over", BAD_NESTED, each.spot)
    return tuple(each for each in prompts if not (isinstance(each, Play) and each.digits))


# -- input --


@dataclass(frozen=True, slots=True)
class Input(Gather):
    """The action. Talk and stream before it whose bargeIn holds are its prompts."""

    def join(self, before: list[Verb]) -> None:
        """Take them over."""
        prompts = _interruptible(before)
        before.append(replace(self, prompts=prompts) if prompts else self)


@dataclass(frozen=True, slots=True)
class EveryKey(Verb):
    """The action in asynchronous mode: every key is told from now on, and the next action runs at once."""

    name: str
    spot: Spot
    url: str | None
    method: str
    prompts: tuple[Verb, ...] = ()

    def join(self, before: list[Verb]) -> None:
        """Take over what may be interrupted, as `Input` does."""
        prompts = _interruptible(before)
        before.append(replace(self, prompts=prompts) if prompts else self)

    def begin(self, scene: Scene) -> Step:
        """Keys are told at once; what may be interrupted is said before the next action."""
        url = self.url or scene.call.order.report_url
        deeds = (ReportKeys(url, self.method, self.name),) if url else ()
        playing = nested.begin(self.prompts, scene)
        return Next(deeds) if playing is None else self._prompt(playing, deeds)

    def on(self, scene: Scene, signal: Signal) -> Step | None:
        """A key ends what is being said; otherwise it goes on to its end."""
        playing = nested.unpacked(scene.memory)
        if isinstance(signal, Key):
            return Next(nested.stop(self.prompts, scene, playing))
        going_on = nested.on(self.prompts, scene, playing, signal)
        return None if going_on is None else self._prompt(going_on, ())

    def stop(self, scene: Scene) -> tuple[Deed, ...]:
        """It is cut short."""
        return nested.stop(self.prompts, scene, nested.unpacked(scene.memory))

    def _prompt(self, playing: nested.Playing, deeds: tuple[Deed, ...]) -> Step:
        deeds = (*deeds, *playing.deeds)
        over = playing.at == len(self.prompts)
        return Next(deeds) if over else Wait(playing.packed(), playing.alarms, deeds)


def _interruptible(before: list[Verb]) -> tuple[Verb, ...]:
    """Take off the end what an input may interrupt: the first that says so, and what follows it."""
    start = len(before)
    while start and isinstance(before[start - 1], Say | Play):
        start -= 1
    for place in range(start, len(before)):
        first = before[place]
        if isinstance(first, Say | Play) and first.barge_in:
            taken, before[place:] = before[place:], []
            return tuple(replace(each, barge_in=False) for each in taken if isinstance(each, Say | Play))
    return ()


def _input(reading: Reading) -> Verb:
    wanted = reading["type"] or ("dtmf",)
    if reading["mode"] == "asynchronous":
        if "speech" in wanted:
            reading.warn("speech is not listened for in asynchronous mode, only keys are told")
        return EveryKey("input", reading.spot, reading["eventUrl"], reading["eventMethod"])
    report = Report(reading["eventUrl"], reading["eventMethod"], even_empty=True, full=True, lenient=True)
    listens = _keys(reading) if "dtmf" in wanted else None
    speech = None
    if "speech" in wanted:
        times = (reading[f"speech.{name}"] for name in ("startTimeout", "endOnSilence", "maxDuration"))
        speech = Speech(*times, reading["speech.language"])
    return Input("input", reading.spot, (), listens, speech, report)


def _keys(reading: Reading) -> Keys:
    """Its old form has the settings of keys at its own level."""

    def setting(name: str) -> Any:
        inner = f"dtmf.{name}"
        return reading[name] if name in reading.given and inner not in reading.given else reading[inner]

    return Keys(setting("timeOut"), setting("maxDigits"), "#" if setting("submitOnHash") else "")


def _key_settings(within: str = "") -> tuple[Field, ...]:
    old = "" if within else " Old form: it belongs into dtmf."
    return (
        Field(
            "timeOut",
            seconds(0, 10),
            3_000,
            f"Seconds for the first key, and for each after it.{old}",
            BAD_TIMEOUT,
            shown_default="3",
            within=within,
        ),
        Field("maxDigits", whole(1, 20), 4, f"So many keys end it.{old}", BAD_DIGITS, within=within),
        Field(
            "submitOnHash",
            FLAG,
            default=False,
            says=f"Whether # ends it, and is no part of it.{old}",
            within=within,
        ),
    )


def _speech_settings(*fields: Field) -> tuple[Field, ...]:
    return tuple(replace(each, within="speech") for each in fields)


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
                "numDigits", whole(1, 1_000), None, "So many keys end it.", BAD_DIGITS, shown_default="no limit"
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
            Field("maxSpeechTime", whole(1, 60), 60, "Seconds of speech; what was said by then is the result."),
            Field("language", TEXT, "en-US", "The language that is expected; reported with the result."),
            Field("hints", HINTS, (), "Phrases to expect; read and without effect here.", shown_default="none"),
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
    Spelling(
        Language.JSON,
        "input",
        "Listen for keys, speech or both. What talk and stream with bargeIn say before it can be interrupted.",
        (
            Field(
                "type",
                list_of(one_of("dtmf", "speech"), 2),
                (),
                "What is listened for.",
                shown_default='["dtmf"]',
            ),
            Field(
                "mode",
                one_of("synchronous", "asynchronous"),
                "synchronous",
                "asynchronous: every key is told one by one, to the end of the call, while later actions run.",
            ),
            Field("eventUrl", ONE_URL, None, "Where the outcome goes.", shown_default="that of the call"),
            Field("eventMethod", METHOD, "POST", "How it goes there."),
            *_key_settings("dtmf"),
            *_key_settings(),
            *_speech_settings(
                Field("uuid", list_of(TEXT, 1), (), "Whose speech; read, it is always that of this call."),
                Field("language", TEXT, "en-US", "The language that is expected; reported with the result."),
                Field(
                    "context", list_of(text(LONGEST_HINT), MOST_HINTS), (), "Hints; read and without effect here."
                ),
                Field(
                    "endOnSilence",
                    seconds(0.4, 10),
                    2_000,
                    "Seconds of silence that end speech.",
                    shown_default="2",
                ),
                Field(
                    "startTimeout",
                    seconds(1, 60),
                    10_000,
                    "Seconds for the first word; with keys too, the shorter time counts.",
                    shown_default="10",
                ),
                Field("maxDuration", seconds(1, 60), 60_000, "Seconds of speech.", shown_default="60"),
                Field("sensitivity", whole(10, 100), 90, "Read and without effect here."),
                Field("saveAudio", FLAG, default=False, says="Read; no audio is kept of an input."),
                Field(
                    "provider", one_of("google", "deepgram"), "google", "The recogniser; without effect here."
                ),
                Field("providerOptions", ANYTHING, None, "Read and without effect here."),
            ),
        ),
        _input,
    ),
)

