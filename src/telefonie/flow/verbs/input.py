"""The only module that knows the action input, and what bargeIn means for what is said before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from telefonie.flow import prompts as nested
from telefonie.flow.asides import KEYS, Aside
from telefonie.flow.deeds import Deed, StartAside, StopAside, Warn
from telefonie.flow.gathered import Keys, Report, Speech
from telefonie.flow.kinds import ANYTHING, FLAG, METHOD, ONE_URL, TEXT, list_of, one_of, seconds, text, whole
from telefonie.flow.listening import Gather
from telefonie.flow.markup import SCHEMA_WARNING, Spot
from telefonie.flow.program import Next, Scene, Step, Verb, Wait
from telefonie.flow.signals import Key, Signal
from telefonie.flow.spelling import Field, Language, Reading, Spelling
from telefonie.flow.verbs.play import Play
from telefonie.flow.verbs.say import Say


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
        deeds = self._tell(scene)
        playing = nested.begin(self.prompts, scene)
        return Next(deeds) if playing is None else self._prompt(playing, deeds)

    def _tell(self, scene: Scene) -> tuple[Deed, ...]:
        url, method = scene.told_at(self.url or None, self.method)
        if not url:
            message = "keys are told to nobody: there is neither an eventUrl nor one of the call"
            return (Warn(SCHEMA_WARNING, message),)
        before = (StopAside(each.id, "asked_anew") for each in scene.asides if each.kind == KEYS)
        data = {"url": url, "method": method, "verb": self.name}
        return (*before, StartAside(Aside(KEYS, f"keys-{scene.turn}", scene.now, data=data)))

    def on(self, scene: Scene, signal: Signal) -> Step | None:
        """A key ends what is being said; otherwise it goes on to its end."""
        playing = nested.unpacked(scene.memory)
        if isinstance(signal, Key):
            return Next(nested.stop(self.prompts, scene, playing))
        going_on = nested.on(self.prompts, scene, playing, signal)
        return None if going_on is None else self._prompt(going_on, ())

    def stop(self, scene: Scene) -> tuple[Deed, ...]:
        """It is cut short."""
        if not scene.memory:
            return ()
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
        speech = Speech(
            reading["speech.startTimeout"],
            reading["speech.endOnSilence"],
            reading["speech.maxDuration"],
            reading["speech.language"],
            saves=reading["speech.saveAudio"],
        )
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
            shown_default="3",
            within=within,
        ),
        # Twenty is what the vendor writes; its packages let two more pass.
        Field("maxDigits", whole(1, 22), 4, f"So many keys end it.{old}", within=within),
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


def _nothing(_: Aside, __: int, ___: str) -> tuple[Deed, ...]:
    """Keys are told while they are pressed, and nothing at the end."""
    return ()


ENDINGS: Final = {KEYS: _nothing}
SPELLINGS: Final = (
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
                Field(
                    "language",
                    TEXT,
                    None,
                    "The language that is expected; reported with the result.",
                    shown_default="that of the call",
                ),
                Field(
                    "context",
                    list_of(text(1_000), 500),
                    (),
                    "Hints; read and without effect here.",
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
                Field(
                    "saveAudio", FLAG, default=False, says="Whether what is said can be fetched afterwards."
                ),
                Field(
                    "provider", one_of("google", "deepgram"), "google", "The recogniser; without effect here."
                ),
                Field("providerOptions", ANYTHING, None, "Read and without effect here."),
            ),
        ),
        _input,
    ),
)
