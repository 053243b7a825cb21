"""The only module that reads sound files: a process of its own, so that a hostile file harms no server.

It is run by its path and imports nothing of the server. A line comes in for each file, a line goes out:
`{"path": ..., "type": ...}`, then `{"ms": ...}` or `{"wrong": ...}`.
"""

import json
import sys
from pathlib import Path
from typing import Final, TypeAlias

import soundfile

Answer: TypeAlias = dict[str, int | str]

LONGEST_MS: Final = 40 * 60 * 1000
# Of all that the library reads, what is played on telephones and the web; the rest is only a way in.
_READ: Final = frozenset({"AIFF", "AU", "FLAC", "MP3", "OGG", "RF64", "WAV", "WAVEX"})
# The library takes the length of most from what is there. These two it believes what they say of themselves, so
# only reading tells; so much of a second at once, as a piece that is torn off in the middle counts for nothing.
_DOUBTED: Final = {"MP3": 1, "FLAC": 20}
# Without a header of their own: how many ms so many bytes play.
_MU_LAW: Final = (1, 8)
_GSM: Final = (20, 33)
_RAW: Final = {
    **dict.fromkeys(("audio/gsm", "audio/x-gsm"), _GSM),
    **dict.fromkeys(("audio/basic", "audio/ulaw", "audio/x-ulaw", "audio/x-mulaw", "audio/pcmu"), _MU_LAW),
}
_HEADERS: Final = (b"RIFF", b"RIFX", b"RF64", b"FORM", b".snd", b"fLaC", b"OggS", b"ID3")
_GSM_MARK: Final = 0xD0  # how every frame of GSM 06.10 begins
_TEXT: Final = (b"<!doctype", b"<html", b"<?xml", b"<response")
_EXTRA_MEMORY: Final = 512 * 1024 * 1024
_MOST_VALUES: Final = 1 << 20  # samples read at once, over all channels

_NOTHING: Final = "the file holds no sound"
_TOO_LONG: Final = "it plays longer than 40 minutes"
_STRANGE: Final = "the file is no sound, or of a kind that cannot be read"


def measured(path: str, content_type: str) -> Answer:
    """How long this file plays, or what is wrong with it."""
    with Path(path).open("rb") as file:
        head = file.read(64)
        raw = None if head.startswith(_HEADERS) else _RAW.get(content_type)
        if not head:
            return {"wrong": _NOTHING}
        try:
            ms = _library_ms(path) if raw is None else _raw_ms(head, file.seek(0, 2), raw)
        except (soundfile.SoundFileError, MemoryError, ValueError, OverflowError):
            return {"wrong": _STRANGE}
    if ms > LONGEST_MS:
        return {"wrong": _TOO_LONG}
    return {"ms": ms} if ms else {"wrong": _NOTHING}


def _raw_ms(head: bytes, size: int, kind: tuple[int, int]) -> int:
    if head.lstrip().lower().startswith(_TEXT) or (kind is _GSM and head[0] & 0xF0 != _GSM_MARK):
        raise ValueError(_STRANGE)
    ms, length = kind
    return size // length * ms


def _library_ms(path: str) -> int:
    # A descriptor, since by a name the library would look at neighbouring files as well.
    with Path(path).open("rb") as file, soundfile.SoundFile(file.fileno(), closefd=False) as sound:
        if sound.format not in _READ:
            raise ValueError(_STRANGE)
        rate: int = sound.samplerate
        frames: int = sound.frames
        if sound.format in _DOUBTED:
            frames = _frames(sound, rate * LONGEST_MS // 1000, rate // _DOUBTED[sound.format])
        return frames * 1000 // rate


def _frames(sound: soundfile.SoundFile, most: int, step: int) -> int:
    """How many there really are; a little more than `most` of them stand for any number above."""
    step = max(1, min(step, _MOST_VALUES // sound.channels))
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


def _stay_small() -> None:
    """A file that asks for endless memory gets none; it would be the server's, too."""
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 - not everywhere

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + _EXTRA_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def main() -> None:
    """Answer until nobody asks any more."""
    _stay_small()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        asked = json.loads(line)
        sys.stdout.write(json.dumps(measured(asked["path"], asked["type"])) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
