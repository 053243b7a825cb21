"""The only module that renders recordings, in a process of its own: a worker that takes one order after the other.

A line comes in for each: `{"score": ..., "form": ..., "rate": ..., "sounds": {key: path}, "into": path}`. Lines go
out: `{"at": frames}` while it goes on, at last `{"done": frames}`, `{"wrong": text}` or `{"broken": traceback}`.
"""

import json
import sys
import traceback
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Final

from telefonie.booth import music, tones
from telefonie.booth.limits import stay_small
from telefonie.booth.mixing import mixed, samples_in
from telefonie.booth.played import Played
from telefonie.booth.sound import Again, Heard, Once, Wrong
from telefonie.booth.speaking import Speech
from telefonie.booth.spoken import Spoken, Spokesman
from telefonie.booth.writing import sheet
from telefonie.core.score import Audio, File, Key, Part, Score, Sounding, Tone, Words, unpacked

_EXTRA_MEMORY: Final = 1024 * 1024 * 1024
_RATES: Final = (8000, 16000, 24000)  # the last for programs that listen at that
_CHANNELS: Final = (1, 2)


class Rendering:
    """One recording, being made."""

    def __init__(
        self, score: Score, rate: int, sounds: dict[str, str], spokesman: Spokesman, stack: ExitStack
    ) -> None:
        if rate not in _RATES or score.channels not in _CHANNELS:
            raise Wrong(f"No recording has {score.channels} channels at {rate} Hz.")
        if any(not 0 <= part.channel < score.channels for part in score.parts):
            raise Wrong("Something is heard on a channel that the recording does not have.")
        self._score = score
        self._rate = rate
        self._sounds = sounds
        self._spokesman = spokesman
        self._stack = stack
        self._played: dict[str, Played] = {}

    def write(self, form: str, into: Path) -> int:
        """The whole file; how many frames it has."""
        frames = samples_in(self._score.ms, self._rate)
        done = 0
        with sheet(form, into, frames, self._score.channels, self._rate) as out:
            for block in mixed(self._score, self._rate, self._hear):
                out.write(block)
                done += len(block)
                _tell({"at": done})
        return frames

    def _hear(self, part: Part) -> Heard:
        """What is heard in a part."""
        match part.sound:
            case Words() as words:
                return Spoken(words, self._rate, self._spokesman)
            case Key(digit):
                return Once(tones.key(digit, self._rate))
            case Sounding(tone, country):
                return self._tone(part, tone, country)
            case File() as file:
                return self._file(file)
            case Audio(key):
                return self._file(File(key))

    def _tone(self, part: Part, tone: Tone, country: str) -> Heard:
        match tone:
            case Tone.RINGBACK:
                return Again(tones.ringing(country, self._rate))
            case Tone.BUSY:
                return Again(tones.busy(country, self._rate))
            case Tone.BEEP:
                return Once(tones.beep(part.skip + part.ms, self._rate))
            case Tone.MUSIC:
                return Again(music.tune(self._rate))

    def _file(self, file: File) -> Heard:
        """Unpacked once, however often it is heard."""
        if file.key not in self._played:
            heard = [
                each.skip + each.ms
                for each in self._score.parts
                if isinstance(each.sound, File | Audio) and each.sound.key == file.key
            ]
            most = samples_in(max(heard), self._rate)
            played = Played(Path(self._sounds[file.key]), file, self._rate, most)
            self._played[file.key] = self._stack.enter_context(closing(played))
        return self._played[file.key]


def rendered(order: dict[str, Any], spokesman: Spokesman) -> dict[str, Any]:
    """What came of an order."""
    try:
        with ExitStack() as stack:
            making = Rendering(unpacked(order["score"]), order["rate"], order["sounds"], spokesman, stack)
            return {"done": making.write(order["form"], Path(order["into"]))}
    except Wrong as wrong:
        return {"wrong": str(wrong)}
    except MemoryError:
        return {"wrong": "Rendering it takes more memory than it may have."}
    except OSError as error:
        return {"wrong": f"It cannot be written down here: {error.strerror or error}."}
    except Exception:  # noqa: BLE001 - whatever it is, the server shall know
        return {"broken": traceback.format_exc()}


def _tell(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Render until nobody asks any more."""
    stay_small(_EXTRA_MEMORY)
    spokesman = Spokesman(Speech())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        _tell(rendered(json.loads(line), spokesman))
