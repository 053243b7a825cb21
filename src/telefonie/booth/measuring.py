"""The only module that measures sound files: a process of its own, so that a hostile file harms no server.

A line comes in for each file, a line goes out: `{"path": ..., "type": ...}`, then `{"ms": ...}` or `{"wrong": ...}`.
"""

import json
import sys
from pathlib import Path
from typing import Final, TypeAlias

import soundfile

from telefonie.booth.kinds import LONGEST_MS, MOST_VALUES, NOTHING, READ, STRANGE, raw_kind
from telefonie.booth.limits import stay_small

Answer: TypeAlias = dict[str, int | str]

# The library takes the length of most from what is there. These two it believes what they say of themselves, so
# only reading tells; so much of a second at once, as a piece that is torn off in the middle counts for nothing.
_DOUBTED: Final = {"MP3": 1, "FLAC": 20}
_EXTRA_MEMORY: Final = 512 * 1024 * 1024
_TOO_LONG: Final = "it plays longer than 40 minutes"


def measured(path: str, content_type: str) -> Answer:
    """How long this file plays, or what is wrong with it."""
    try:
        ms = _ms(path, content_type)
    except (soundfile.SoundFileError, MemoryError, OverflowError):
        return {"wrong": STRANGE}
    except ValueError as error:
        return {"wrong": NOTHING if str(error) == NOTHING else STRANGE}
    if ms > LONGEST_MS:
        return {"wrong": _TOO_LONG}
    return {"ms": ms} if ms else {"wrong": NOTHING}


def _ms(path: str, content_type: str) -> int:
    with Path(path).open("rb") as file:
        raw = raw_kind(file, content_type)
        if raw is None:
            return _library_ms(path)
        _, ms, length = raw
        return file.seek(0, 2) // length * ms


def _library_ms(path: str) -> int:
    # A descriptor, since by a name the library would look at neighbouring files as well.
    with Path(path).open("rb") as file, soundfile.SoundFile(file.fileno(), closefd=False) as sound:
        if sound.format not in READ:
            raise ValueError(STRANGE)
        rate: int = sound.samplerate
        frames: int = sound.frames
        if sound.format in _DOUBTED:
            frames = _frames(sound, rate * LONGEST_MS // 1000, rate // _DOUBTED[sound.format])
        return frames * 1000 // rate


def _frames(sound: soundfile.SoundFile, most: int, step: int) -> int:
    """How many there really are; a little more than `most` of them stand for any number above."""
    step = max(1, min(step, MOST_VALUES // sound.channels))
    place = bytearray(2 * step * sound.channels)
    found = 0
    while found <= most:
        try:
            some = sound.buffer_read_into(place, "int16")
        except soundfile.SoundFileError:
            break  # torn off here; what came before it can be played
        if not some:
            break
        found += some
    return found


def main() -> None:
    """Answer until nobody asks any more."""
    stay_small(_EXTRA_MEMORY)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        asked = json.loads(line)
        sys.stdout.write(json.dumps(measured(asked["path"], asked["type"])) + "\n")
        sys.stdout.flush()
