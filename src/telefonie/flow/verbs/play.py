"""The only module that knows the verbs that play sound: Play, and the action stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from telefonie.core.phones import keys_ms
from telefonie.flow.deeds import GetMedia, Hush, PlaySound, SendKeys, Warn
from telefonie.flow.kinds import FLAG, ONE_URL, URL, BadValue, decimal, keys, whole
from telefonie.flow.markup import SCHEMA_WARNING, Spot
from telefonie.flow.program import Alarm, Next, Scene, Step, Verb, Wait
from telefonie.flow.signals import MediaFailed, MediaReady, Signal, Woke
from telefonie.flow.spelling import Field, Language, Reading, Spelling

BAD_LOOP: Final = 13410
BAD_URL: Final = 11100
MOST_LOOPS: Final = 1_000
KEYS: Final = "0123456789ABCD*#wW"
_FILE: Final = "file"


@dataclass(frozen=True, slots=True)
class Play(Verb):
    """Play a file, or the tones of keys, as often as asked."""

    whispers: ClassVar[bool] = True
    name: str
    spot: Spot
    url: str
    digits: str
    loop: int  # 0: until something else happens, at most MOST_LOOPS
    barge_in: bool = False

    def begin(self, scene: Scene) -> Step:
        """A file has to be fetched first; its true length is the time that it takes."""
        deeds = (
            (Warn(SCHEMA_WARNING, "bargeIn has no effect, since no input follows"),) if self.barge_in else ()
        )
        if self.digits:
            return self._tones(scene, 1)
        return Wait(deeds=(*deeds, GetMedia(self.url, _FILE)))

    def on(self, scene: Scene, signal: Signal) -> Step | None:
        """The file is there, or cannot be had; or it has been played: once more, or on."""
        match signal:
            case MediaReady(_, ms, key):
                return self._sound(scene, 1, ms, key)
            case MediaFailed():
                return Next()
            case Woke("played"):
                return self._again(scene)
            case _:
                return None

    def stop(self, scene: Scene) -> tuple[Hush, ...]:
        """It is cut short."""
        return (Hush(),) if scene.memory else ()

    def _again(self, scene: Scene) -> Step:
        time = scene.memory["time"]
        if time >= (self.loop or MOST_LOOPS):
            return Next()
        if self.digits:
            return self._tones(scene, time + 1)
        return self._sound(scene, time + 1, scene.memory["ms"], scene.memory.get("sound", ""))

    def _sound(self, scene: Scene, time: int, ms: int, key: str) -> Step:
        playing = PlaySound(ms, self.url, sound=key)
        if not ms:
            return Next((playing,))  # what takes no time is not repeated
        memory = {"time": time, "ms": ms, "sound": key}
        return Wait(memory, (Alarm("played", scene.sound + ms, sounds=True),), (playing,))

    def _tones(self, scene: Scene, time: int) -> Step:
        over = Alarm("played", scene.sound + keys_ms(self.digits), sounds=True)
        return Wait({"time": time}, (over,), (SendKeys(self.digits),))


def _play(reading: Reading) -> Verb | None:
    text, digits, loop = reading.element.text, reading["digits"], reading["loop"]
    if digits:
        if text:
            reading.warn("<Play> has both digits and a URL; the digits are played")
        return Play("Play", reading.spot, "", digits, loop)
    try:
        url = URL.read(text)
    except BadValue as bad:
        reading.warn(f"the content of <Play> {bad}, so it is passed over", BAD_URL)
        return None
    if not url:
        reading.warn("<Play> has nothing to play, so it is passed over", BAD_URL)
        return None
    return Play("Play", reading.spot, url, "", loop)


def _stream(reading: Reading) -> Verb:
    return Play("stream", reading.spot, reading["streamUrl"], "", reading["loop"], reading["bargeIn"])


_LOOP: Final = Field(
    "loop", whole(0, MOST_LOOPS), 1, f"How often; 0 is without end, at most {MOST_LOOPS}.", BAD_LOOP
)

SPELLINGS: Final = (
    Spelling(
        Language.XML,
        "Play",
        "Play a file, or the tones of keys.",
        (
            _LOOP,
            Field(
                "digits",
                keys(KEYS, 1_000),
                "",
                "Keys whose tones are played instead of a file; w is a pause of half a second, W of a second.",
            ),
        ),
        _play,
        content="URL of the file, absolute or relative to this document; without digits it is needed",
    ),
    Spelling(
        Language.JSON,
        "stream",
        "Play a file.",
        (
            Field("streamUrl", ONE_URL, "", "The file.", BAD_URL, required=True),
            Field("level", decimal(-1, 1), 0.0, "Its loudness; read and without effect here."),
            _LOOP,
            Field(
                "bargeIn",
                FLAG,
                default=False,
                says="Whether keys and speech stop it and go to the input that follows; "
                "holds for the actions talk and stream up to that input.",
            ),
        ),
        _stream,
    ),
)
